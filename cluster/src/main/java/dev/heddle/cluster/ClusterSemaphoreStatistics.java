package dev.heddle.cluster;

/**
 * The statistics of a semaphore of a cluster at one moment, as one node sees it.
 *
 * @param permits how many there are
 * @param held permits that this node has
 * @param waiting calls of this node that wait for one
 * @param line entries of all nodes that have one or wait for one, as this node has last heard; 0 if it has nothing to do
 *     with it now
 */
public record ClusterSemaphoreStatistics(int permits, int held, int waiting, int line) {}
