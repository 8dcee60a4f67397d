package dev.heddle.cluster.internal.pool;

/**
 * The bodies that one node has of this one.
 *
 * <p>Confined to the loop of this node.
 */
interface NodeSession {

    /** The name of the node. */
    String node();

    /** What the load of a node is that gets no more. */
    double NO_ROOM = Double.POSITIVE_INFINITY;

    /** How many bodies it has for each worker, as far as is known here; {@link #NO_ROOM} if it gets no more now. */
    double load();

    /** Has it do a body. */
    void give(ClusterJob<?> job);

    /** Nobody wants a body any more that it has; as {@link ClusterJob#unwanted}. */
    void unwanted(ClusterJob<?> job, boolean hurry);

    /** Has all bodies end soon. */
    void hurry();
}
