package dev.heddle.cluster;

/** The numbers of a pool, as one node knows them. */
public sealed interface ClusterPoolStatistics permits ClusterPool.Statistics {

    /** How many nodes do bodies. */
    int nodes();

    /** How many bodies they may do at a time, if all are as this one. */
    int workers();

    /** Bodies of this node that no node has been given yet. */
    int waiting();

    /** Bodies of this node that have not ended. */
    int underWay();
}
