package dev.heddle.cluster;

/** The statistics of a mutex of a cluster at one moment, as one node sees it. */
public sealed interface ClusterMutexStatistics permits ClusterMutex.Statistics {

    /** Whether a task or thread of this node holds it. */
    boolean held();

    /** Calls of this node that wait for it. */
    int waiting();

    /**
     * Entries of all nodes that hold it or wait for it, as this node has last heard; 0 if it has had nothing to do with
     * it for five seconds.
     */
    int line();
}
