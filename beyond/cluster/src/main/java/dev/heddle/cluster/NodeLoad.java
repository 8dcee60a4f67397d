package dev.heddle.cluster;

/**
 * The load of a node's pool a few seconds before somebody looked.
 *
 * @param node the name of the node
 * @param bodies those that it does or has in its queue, its own and those of others
 * @param workers how many of them it does at a time
 */
public record NodeLoad(String node, int bodies, int workers) {}
