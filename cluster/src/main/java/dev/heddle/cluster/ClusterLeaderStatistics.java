package dev.heddle.cluster;

/**
 * The statistics of a leadership at one moment, as one node sees it.
 *
 * @param leads whether a task or thread of this node leads
 * @param campaigning calls of this node that wait to
 * @param line nodes that lead or campaign, as this node has last heard; 0 if it does neither
 */
public record ClusterLeaderStatistics(boolean leads, int campaigning, int line) {}
