package dev.heddle.cluster;

/**
 * The statistics of a mutex of a cluster at one moment, as one node sees it.
 *
 * @param held whether a task or thread of this node holds it
 * @param waiting calls of this node that wait for it
 * @param line entries of all nodes that hold it or wait for it, as this node has last heard; 0 if it has nothing to do
 *     with it now
 */
public record ClusterMutexStatistics(boolean held, int waiting, int line) {}
