package dev.heddle.cluster;

/**
 * The numbers of a node of a cluster.
 *
 * @param members how many nodes there are, as this one has last heard
 * @param isJoined whether this node is one of them, and may believe in what it owns
 */
public record ClusterStatistics(int members, boolean isJoined) {}
