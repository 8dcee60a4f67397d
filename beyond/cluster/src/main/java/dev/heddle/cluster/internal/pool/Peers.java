package dev.heddle.cluster.internal.pool;

import java.util.List;
import java.util.function.IntSupplier;

/** The nodes that do bodies, as one of them knows the others, and its own right to be one. On the loop of the node. */
public interface Peers {

    /** The nodes of now, this one among them. */
    List<Peer> now();

    /** Whether this node may do bodies: it belongs to the cluster by its own clock. */
    boolean believes();

    /**
     * Runs until it is cancelled, and tells of changes.
     *
     * @param changed some node has come or gone: {@link #now} has changed
     * @param fenced this node may not go on with the bodies that it does
     */
    void follow(Runnable changed, Runnable fenced);

    /**
     * Runs until it is cancelled, and tells people who look into the cluster what this node has to do.
     *
     * @param bodies those that it has
     * @param workers how many of them it does at a time
     */
    default void tellLoad(IntSupplier bodies, int workers) {}
}
