package dev.heddle.cluster;

/**
 * The numbers of a topic, as one node knows them.
 *
 * @param capacity how many messages it keeps
 * @param published the number of the last message when this node last published one; 0 before that
 * @param waiting calls of this node that wait for their turn to publish
 */
public record ClusterTopicStatistics(int capacity, long published, int waiting) {}
