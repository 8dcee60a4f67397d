package dev.heddle.cluster;

/** The numbers of a node of a cluster. */
public sealed interface ClusterStatistics permits Cluster.Statistics {

    /** How many nodes there are, as this one has last heard. */
    int members();

    /** Whether this node is one of them, and may believe in what it owns. */
    boolean isJoined();
}
