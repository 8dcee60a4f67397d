package dev.heddle.cluster;

/**
 * The statistics of a counter of a cluster at one moment, as one node sees it.
 *
 * @param waiting changes of this node that wait to be sent
 */
public record ClusterCounterStatistics(int waiting) {}
