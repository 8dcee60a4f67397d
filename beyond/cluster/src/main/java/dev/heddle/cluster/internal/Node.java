package dev.heddle.cluster.internal;

import dev.heddle.Action;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.cluster.OutcomeUnknownException;
import dev.heddle.cluster.store.SessionLostException;
import dev.heddle.cluster.store.StoreUnavailableException;
import dev.heddle.internal.Supervised;
import dev.heddle.internal.Throwables;
import java.util.Optional;
import java.util.concurrent.Callable;

/** The node as what is shared through it sees it: what the pieces of a cluster are made with. */
public interface Node {

    /** The name of the cluster. */
    String cluster();

    /** The name of this node. */
    String name();

    /** The loop whose tasks do what the node does by itself. */
    Loop loop();

    /**
     * The lease of now; waits for the next one while the node is apart.
     *
     * @throws ClosedException if the node has left
     */
    Lease lease();

    /**
     * The lease of now, or the last one if the node is apart; does not wait.
     *
     * @throws ClosedException if the node has left
     */
    Lease lastLease();

    /** What the store is, for people. */
    String engine();

    /** A service of the node. */
    Supervised supervised(String what);

    /** Whether the node is joined, and may believe in what it owns. */
    boolean isJoined();

    /**
     * Fails if the node has left.
     *
     * @throws ClosedException if it has
     */
    void requireOpen();

    /**
     * Runs a body that waits for the store as a task: the calling one, or, for a thread that is none, one of the node's loop.
     */
    default <T> T call(Callable<? extends T> body) {
        if (Task.ofThread(Thread.currentThread()).isEmpty()) {
            Task<T> task = loop().spawn((Callable<T>) body::call);
            try {
                return task.join();
            } catch (CancelledException e) {
                task.cancel("the thread that waits was interrupted");
                throw e;
            }
        }
        try {
            return body.call();
        } catch (Exception e) {
            throw Throwables.unchecked(e);
        }
    }

    /** Something that is tried under a lease. */
    @FunctionalInterface
    interface Attempt<T> {

        /** The result; empty if it is to be tried again. */
        Optional<T> under(Lease lease);
    }

    /**
     * Tries to change something, under one lease after another, until there is a result: while the store is silent, or
     * the node apart, this waits. What may have taken place is not tried again.
     *
     * @throws OutcomeUnknownException if a lease ended before it was known whether it has taken place
     * @throws ClosedException if the node has left
     */
    default <T> T change(Attempt<T> attempt) {
        return call(() -> {
            for (int tries = 1;; tries++) {
                Lease lease = lease();
                try {
                    Optional<T> result = attempt.under(lease);
                    if (result.isPresent()) {
                        return result.get();
                    }
                } catch (SessionLostException | StoreUnavailableException _) {
                    Heddle.sleep(lease.backoff().delay(tries)); // nothing was changed
                }
            }
        });
    }

    /**
     * Runs a body on the node's loop, of whose end {@code Cluster.close} waits. It ends by itself when the node leaves; a
     * failure before is told, and the body begins anew.
     */
    void serve(String name, Action body);

    /** Tells the others that this node uses something. Does not wait. */
    void uses(Piece piece);
}
