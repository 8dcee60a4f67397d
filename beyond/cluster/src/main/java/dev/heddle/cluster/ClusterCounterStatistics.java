package dev.heddle.cluster;

/** The statistics of a counter of a cluster at one moment, as one node sees it. */
public sealed interface ClusterCounterStatistics permits ClusterCounter.Statistics {

    /** Changes of this node that wait to be sent. */
    int waiting();
}
