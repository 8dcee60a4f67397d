package dev.heddle.cluster;

/**
 * The numbers of a pool, as one node knows them.
 *
 * @param nodes how many nodes do bodies
 * @param workers how many bodies they may do at a time, if all are as this one
 * @param waiting bodies of this node that no node has been given yet
 * @param underWay bodies of this node that have not ended
 */
public record ClusterPoolStatistics(int nodes, int workers, int waiting, int underWay) {}
