package dev.heddle.cluster;

/**
 * The numbers of a limiter, as one node knows them.
 *
 * @param perSecond how many turns there are in a second, over all nodes
 * @param burst how many may be taken at once
 * @param waiting calls of this node that wait for a turn
 */
public record ClusterLimiterStatistics(double perSecond, int burst, int waiting) {}
