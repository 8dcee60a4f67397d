package dev.heddle.cluster.internal.pool;

import java.util.List;

/** The nodes that do bodies, as one of them knows the others, and its own right to be one. On the loop of the node. */
public interface Peers {

    /** The nodes of now, this one among them. */
    List<Peer> now();

    /** Whether this node may do bodies for others: it belongs to the cluster by its own clock. */
    boolean believes();

    /**
     * Runs until it is cancelled, and tells of changes.
     *
     * @param changed some node has come or gone: {@link #now} has changed
     * @param fenced this node may not go on with what it does for others
     */
    void follow(Runnable changed, Runnable fenced);
}
