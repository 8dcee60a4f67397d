package dev.heddle.cluster;

/**
 * The numbers of a barrier, as one node knows them.
 *
 * @param parties how many wait for each other, over all nodes
 * @param waiting calls of this node that have arrived and wait for the others
 */
public record ClusterBarrierStatistics(int parties, int waiting) {}
