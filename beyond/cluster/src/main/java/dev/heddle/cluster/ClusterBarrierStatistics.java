package dev.heddle.cluster;

/** The numbers of a barrier, as one node knows them. */
public sealed interface ClusterBarrierStatistics permits ClusterBarrier.Statistics {

    /** How many wait for each other, over all nodes. */
    int parties();

    /** Calls of this node that have arrived and wait for the others. */
    int waiting();
}
