package dev.heddle.cluster;

import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.cluster.internal.Grant;
import dev.heddle.cluster.internal.Line;
import dev.heddle.cluster.internal.Names;
import dev.heddle.cluster.internal.Node;
import dev.heddle.cluster.store.SessionLostException;
import dev.heddle.cluster.store.StoreUnavailableException;
import dev.heddle.internal.Holders;
import dev.heddle.internal.Holds;
import dev.heddle.internal.sight.PartKind;
import dev.heddle.internal.sight.Parts;
import dev.heddle.sync.Mutex;
import dev.heddle.sync.Permits;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Mutex} over all nodes of a cluster, which can be lost while it is held: then the resource that it guards
 * must refuse the holder's {@link #token}.
 *
 * <pre>{@code
 * ClusterMutex orders = cluster.mutex("orders");
 * orders.run(() -> ledger.write(entry, orders.token()));
 * }</pre>
 *
 * <p>A node has it under its lease. When the lease is over, since the store does not answer or the process was paused,
 * the holder has lost it: the body of {@link #run} is cancelled, {@link #isHeld} is false, {@link #release} says so.
 * That is before another node gets it, if clocks run and the holder stops in time; only the token makes it certain.
 * Each grant has a higher token than all before, on whatever node.
 *
 * <pre>
 *           acquire                 release, with nobody waiting
 *   FREE ───────────▶ HELD ───────────────────────────────────────▶ FREE
 *                     │  ├─ release, with others waiting ──▶ HELD by the next
 *                     │  └─ the holder's task ends ──▶ as if it had released; reported as a failure
 *                     └─ the node's lease is over ──▶ LOST for this holder; HELD by the next, FREE
 * </pre>
 *
 * <p>A holder that ends without releasing does not break it, other than with a {@link Mutex}: a node that dies cannot
 * say what it has left half done either, and nobody would be there to repair it. It is not re-entrant.
 *
 * <p>Nodes get it in the order in which they have begun to wait; on each, its tasks do. A node that has been served and
 * has more waiting tasks waits again behind the others. There is one object of a name on each node.
 *
 * <p>Threads: any task of any loop, and platform threads; who acquired it must release it. For a thread that is no task
 * the cancel is an interrupt. To test code that uses it, run it in the simulator.
 *
 * <p>Cancellation: a cancelled call does not hold it, and the next in line is served as if it had not asked; its place
 * in the store is taken back in the background.
 */
public final class ClusterMutex implements Permits {

    private static final PartKind<ClusterMutex> KIND = PartKind.<ClusterMutex, ClusterMutexStatistics>of(
            "cluster mutex", ClusterMutex::statistics, (part, figures) -> figures.line() > 0 ? 1 : 0)
            .titled(ClusterMutex::toString)
            .detailed(mutex -> mutex.line.detail());

    private final String name;
    private final Line line;
    private final Holds.Held held = this::holderEnded;

    ClusterMutex(Node node, String name) {
        this.name = "cluster mutex " + name;
        this.line = new Line(this, node, this.name, "mutexes/" + Names.encode(name), 1, this::ended);
        Parts.add(KIND, this);
    }

    /**
     * Waits until the calling task or thread holds it, which then must {@link #release} it. {@link #run} does both, and
     * stops the body when it is lost. While the node is apart from the others it waits for both.
     *
     * <p>Cancellation: a cancelled call does not hold it.
     *
     * @throws CancelledException if the enclosing scope is cancelled
     * @throws ClosedException if the node has left the cluster, before or while waiting
     * @throws IllegalStateException if the caller holds it already
     */
    @Override
    public void acquire() {
        take(null);
    }

    /**
     * Waits until the caller holds it, but not longer than told.
     *
     * <p>Cancellation: a cancelled call does not hold it.
     *
     * @param limit zero or less only tries, as {@link #tryAcquire} does
     * @return whether the caller holds it now
     * @throws CancelledException if the enclosing scope is cancelled
     * @throws ClosedException if the node has left the cluster, before or while waiting
     * @throws IllegalStateException if the caller holds it already
     */
    @Override
    public boolean acquireWithin(Duration limit) {
        return take(Objects.requireNonNull(limit)) != null;
    }

    /**
     * Holds it if nobody else does or waits for it. Other than elsewhere this waits, for two answers of the store, but
     * for no holder; false at once while the node is apart.
     *
     * <p>Cancellation: a cancelled call does not hold it.
     *
     * @return whether the caller holds it now
     * @throws CancelledException if the enclosing scope is cancelled
     * @throws ClosedException if the node has left the cluster
     * @throws IllegalStateException if the caller holds it already
     */
    @Override
    public boolean tryAcquire() {
        return take(Duration.ZERO) != null;
    }

    /**
     * Gives it up. A waiting task of this node may have it at once; other nodes hear of it from the store, for which
     * this does not wait.
     *
     * @throws LockLostException if the caller has lost it meanwhile: somebody else may have had it while the caller
     *     went on
     * @throws IllegalStateException if the caller does not hold it
     */
    @Override
    public void release() {
        Grant grant = callers("release it");
        give(grant);
        grant.requireHeld();
    }

    /**
     * Runs a body that holds it, and gives the body's result. The body is cancelled when it is lost.
     *
     * <p>Cancellation: as {@link #acquire} until it is held, then as the body; it is released in any case.
     *
     * @return the result; a failure of the body is thrown, a checked one as the cause of a {@link
     *     dev.heddle.TaskFailedException}
     * @throws LockLostException if it was lost before the body had ended, also if the body has not noticed
     */
    @Override
    public <T> T run(Callable<? extends T> body) {
        Objects.requireNonNull(body);
        Grant grant = Objects.requireNonNull(take(null));
        try {
            return grant.call(body);
        } finally {
            give(grant);
        }
    }

    /**
     * The token of the caller's hold, for the resource to check: higher than that of each who held it before.
     *
     * @throws LockLostException if the caller has lost it
     * @throws IllegalStateException if the caller does not hold it
     */
    public Token token() {
        Grant grant = callers("ask for its token");
        grant.requireHeld();
        return grant.token();
    }

    /** Whether a task or thread of this node holds it, and its lease is not over. */
    public boolean isHeld() {
        return line.grants().stream().anyMatch(Grant::isHeld);
    }

    /**
     * The name of the node that holds it now; empty if none does. Other than elsewhere this asks the store, and waits
     * for its answer.
     *
     * @throws StoreUnavailableException if the store does not answer
     * @throws SessionLostException if this node's lease ends meanwhile
     * @throws ClosedException if the node has left the cluster
     */
    public Optional<String> holder() {
        return line.askHolders().stream().findFirst();
    }

    public ClusterMutexStatistics statistics() {
        return new Statistics(isHeld(), line.waiting(), line.lengthSeen());
    }

    @Override
    public String toString() {
        return name;
    }

    private @Nullable Grant take(@Nullable Duration limit) {
        Thread caller = Thread.currentThread();
        Grant before = line.grantOf(caller).orElse(null);
        if (before != null && before.isHeld()) {
            throw new IllegalStateException(name + " is held by its caller, " + Holders.name(caller)
                    + ", already: it is not re-entrant, so the wait would never end");
        }
        if (before != null) {
            give(before);
        }
        Grant grant = line.acquire(limit);
        if (grant != null) {
            Holds.add(held);
        }
        return grant;
    }

    private void give(Grant grant) {
        line.release(grant);
        Holds.remove(held);
    }

    private Grant callers(String what) {
        Thread caller = Thread.currentThread();
        return line.grantOf(caller).orElseThrow(() -> new IllegalStateException("only its holder may " + what + ": "
                + name + " is not held by " + Holders.name(caller)));
    }

    private void holderEnded(Thread thread, boolean goesOn) {
        line.grantOf(thread).ifPresent(grant -> ended(grant, goesOn));
    }

    private void ended(Grant grant) {
        ended(grant, false);
    }

    private void ended(Grant grant, boolean goesOn) {
        boolean had = grant.isHeld();
        if (line.release(grant) && had) {
            Holders.report(grant.holder(), Holders.ended(grant.holder(), goesOn) + " ended without releasing " + name
                    + "; it was released for it", name + " has lost a holder");
        }
    }

    /** What the statistics are, at one moment. */
    record Statistics(boolean held, int waiting, int line) implements ClusterMutexStatistics {}
}
