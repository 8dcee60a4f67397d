package dev.heddle.cluster;

/**
 * The numbers of a map, as one node knows them.
 *
 * @param capacity how many keys it may have
 * @param size how many keys it had when this node last changed something; 0 before that
 * @param changing calls of this node that change something and have no answer yet
 */
public record ClusterMapStatistics(int capacity, int size, int changing) {}
