package dev.heddle.cluster;

/** The statistics of a leadership at one moment, as one node sees it. */
public sealed interface ClusterLeaderStatistics permits ClusterLeader.Statistics {

    /** Whether a task or thread of this node leads. */
    boolean leads();

    /** Calls of this node that wait to. */
    int campaigning();

    /**
     * Entries of all nodes that lead or campaign, as this node has last heard; 0 if it has done neither for five
     * seconds.
     */
    int line();
}
