package dev.heddle.cluster;

/** The numbers of a limiter, as one node knows them. */
public sealed interface ClusterRateLimiterStatistics permits ClusterRateLimiter.Statistics {

    /** How many turns there are in a second, over all nodes. */
    double perSecond();

    /** How many may be taken at once. */
    int burst();

    /** Calls of this node that wait for a turn. */
    int waiting();
}
