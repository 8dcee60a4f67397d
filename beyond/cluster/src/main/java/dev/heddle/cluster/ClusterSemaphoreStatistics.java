package dev.heddle.cluster;

/** The statistics of a semaphore of a cluster at one moment, as one node sees it. */
public sealed interface ClusterSemaphoreStatistics permits ClusterSemaphore.Statistics {

    /** How many there are. */
    int permits();

    /** Permits that this node has. */
    int held();

    /** Calls of this node that wait for one. */
    int waiting();

    /**
     * Entries of all nodes that have one or wait for one, as this node has last heard; 0 if it has had nothing to do
     * with it for five seconds.
     */
    int line();
}
