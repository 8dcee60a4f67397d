package dev.heddle.cluster;

/** The numbers of a topic, as one node knows them. */
public sealed interface ClusterTopicStatistics permits ClusterTopic.Statistics {

    /** How many messages it keeps. */
    int capacity();

    /** The number of the last message when this node last published one; 0 before that. */
    long published();

    /** Calls of this node that wait for their turn to publish. */
    int waiting();
}
