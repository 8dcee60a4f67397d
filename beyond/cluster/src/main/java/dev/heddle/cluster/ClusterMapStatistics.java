package dev.heddle.cluster;

/** The numbers of a map, as one node knows them. */
public sealed interface ClusterMapStatistics permits ClusterMap.Statistics {

    /** How many keys it may have. */
    int capacity();

    /** How many keys it had when this node last changed something; 0 before that. */
    int size();

    /** Calls of this node that change something and have no answer yet. */
    int changing();
}
