package dev.heddle.cluster;

import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.cluster.internal.Forms;
import dev.heddle.cluster.internal.Lease;
import dev.heddle.cluster.internal.Names;
import dev.heddle.cluster.internal.Node;
import dev.heddle.cluster.internal.WaitingCalls;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.CommitOutcome;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Lifetime;
import dev.heddle.cluster.store.Op;
import dev.heddle.cluster.store.ReadConsistency;
import dev.heddle.cluster.store.SessionLostException;
import dev.heddle.cluster.store.StoreUnavailableException;
import dev.heddle.internal.sight.PartDetail;
import dev.heddle.internal.sight.PartKind;
import dev.heddle.internal.sight.Parts;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * An {@link AtomicLong} over all nodes of a cluster, which begins with 0, whose every call waits for the store, and
 * which stays when all nodes have left.
 *
 * <pre>{@code
 * long number = cluster.counter("invoices").add(1);
 * }</pre>
 *
 * <p>Changes take place one after the other, over all nodes. Those that come on a node while one of its commits is
 * under way travel together in the next, each with a result of its own; so a node makes about a thousand times as many
 * changes as it makes commits, if it has that many callers.
 *
 * <p>Threads: any task of any loop, and platform threads. To test code that uses it, run it in the simulator.
 *
 * <p>Cancellation: a cancelled change may have taken place, if it was under way.
 */
public final class ClusterCounter {

    /** Changes of a commit: what a slow store lets gather is not computed in one piece. */
    private static final int MAX_BATCH = 4096;

    private static final PartKind<ClusterCounter> KIND = PartKind.<ClusterCounter>of(
            "cluster counter", ClusterCounter::statistics)
            .titled(counter -> counter.name)
            .detailed(counter -> PartDetail.waiting(counter.changes.firstWaiter()));

    private final Node node;
    private final String name;
    private final Key key;

    /** Changes that no commit has taken up yet; guarded by their monitor. */
    private final WaitingCalls<Change> changes = new WaitingCalls<>();

    /** Whether a task commits; guarded by {@link #changes}. */
    private boolean served;

    ClusterCounter(Node node, String name) {
        this.node = node;
        this.name = "cluster counter " + name;
        this.key = new Key("counters", Names.encode(name));
        Parts.add(KIND, this);
    }

    /** One call that waits. */
    private static final class Change extends WaitingCalls.Call<Change> {

        private final LongUnaryOperator change;

        /** The value before and after it; written before it is woken. */
        private long before;
        private long after;

        private Change(Object waitingFor, LongUnaryOperator change) {
            super(waitingFor);
            this.change = change;
        }
    }

    /** The counter as it was last known. */
    private record Known(long value, long version) {

        private static final long ABSENT = -1;

        private static Known of(Optional<Entry> entry) {
            return entry.map(found -> new Known(Forms.number(found), found.version()))
                    .orElse(new Known(0, ABSENT));
        }
    }

    /**
     * The value now.
     *
     * <p>Cancellation: a cancelled call leaves nothing behind.
     *
     * @throws StoreUnavailableException if the store does not answer
     * @throws SessionLostException if this node's lease ends meanwhile
     * @throws ClosedException if the node has left the cluster
     */
    public long get() {
        return Known.of(node.lease().store().read(key, ReadConsistency.FRESH).join()).value;
    }

    /**
     * Adds to it. While the node is apart from the others this waits.
     *
     * <p>Cancellation: a cancelled call may have added.
     *
     * @param delta may be negative
     * @return the value with it
     * @throws ArithmeticException if the value has no room for it; nothing was added
     * @throws OutcomeUnknownException if this node's lease ended before it was known whether it has taken place
     * @throws CancelledException if the enclosing scope is cancelled
     * @throws ClosedException if the node has left the cluster; nothing was added
     */
    public long add(long delta) {
        return change(value -> Math.addExact(value, delta)).after;
    }

    /**
     * Gives it another value if it has a certain one; otherwise as {@link #add}.
     *
     * <p>Cancellation: a cancelled call may have changed it.
     *
     * @return whether it had
     */
    public boolean compareAndSet(long expected, long value) {
        return change(now -> now == expected ? value : now).before == expected;
    }

    /**
     * Gives it another value; otherwise as {@link #add}.
     *
     * <p>Cancellation: a cancelled call may have changed it.
     *
     * @return the value before
     */
    public long getAndSet(long value) {
        return change(_ -> value).before;
    }

    public ClusterCounterStatistics statistics() {
        return new Statistics(changes.count());
    }

    @Override
    public String toString() {
        return name;
    }

    private Change change(LongUnaryOperator how) {
        CancelScope.throwIfCancelled();
        node.requireOpen();
        Change mine = new Change("changing " + name, how);
        synchronized (changes) {
            changes.add(mine);
            if (!served) {
                node.serve("the changes of " + name, this::serve);
                served = true;
            }
        }
        changes.await(mine, null);
        return mine;
    }

    // ---- the task that commits ----

    private void serve() {
        List<Change> batch = List.of();
        RuntimeException unknown = new OutcomeUnknownException("the node has left while " + name + " was changed");
        RuntimeException failure = new ClosedException("the node has left the cluster " + node.cluster());
        boolean idle = false;
        try {
            Lease lease = node.lease();
            Known known = null;
            for (batch = next(); !batch.isEmpty(); batch = next()) {
                while (!batch.isEmpty()) {
                    try {
                        known = commit(lease, known == null ? Known.of(read(lease)) : known, batch);
                        batch = known == null ? batch : List.of();
                    } catch (SessionLostException _) {
                        lease = node.lease(); // nothing was changed
                        known = null;
                    } catch (OutcomeUnknownException e) {
                        fail(batch, e);
                        batch = List.of();
                        known = null;
                    } catch (ClosedException | CancelledException e) {
                        throw e;
                    } catch (RuntimeException | Error e) {
                        fail(batch,
                                e instanceof RuntimeException it ? it : new IllegalStateException(name + " failed", e));
                        batch = List.of();
                        known = null;
                    }
                }
            }
            idle = true;
        } catch (ClosedException e) {
            fail(batch, e); // nothing was changed
            batch = List.of();
        } finally {
            if (!idle) { // also if the loop has ended, on which those who wait need not be
                fail(batch, unknown);
                failAll(failure);
            }
        }
    }

    private List<Change> next() {
        synchronized (changes) {
            List<Change> batch = new ArrayList<>();
            while (!changes.isEmpty() && batch.size() < MAX_BATCH) {
                batch.add(Objects.requireNonNull(changes.poll()));
            }
            served = !batch.isEmpty();
            return batch;
        }
    }

    /** Makes the changes of those who still wait; null if somebody else has changed it meanwhile. */
    private @Nullable Known commit(Lease lease, Known known, List<Change> batch) {
        long value = known.value;
        for (Change change : batch) {
            if (!change.waiter.isOpen()) {
                continue;
            }
            change.before = value;
            try {
                value = change.change.applyAsLong(value);
                change.failure = null;
            } catch (ArithmeticException e) {
                change.failure = e;
            }
            change.after = value;
        }
        Bytes bytes = Bytes.utf8(Long.toString(value));
        Op op = known.version == Known.ABSENT
                ? new Op.Create(key, bytes, Lifetime.DURABLE)
                : new Op.Set(key, bytes, known.version);
        if (lease.commits().commit(List.of(op)) instanceof CommitOutcome.Refused) {
            return null;
        }
        batch.forEach(change -> change.waiter.complete());
        return new Known(value, known.version + 1);
    }

    private Optional<Entry> read(Lease lease) {
        for (int tries = 1;; tries++) {
            try {
                return lease.store().read(key, ReadConsistency.FRESH).join();
            } catch (StoreUnavailableException e) {
                if (lease.over().isDone()) {
                    throw new SessionLostException(e.detail());
                }
                Heddle.sleep(lease.backoff().delay(tries));
            }
        }
    }

    private static void fail(List<Change> batch, RuntimeException failure) {
        batch.forEach(change -> change.fail(failure));
    }

    private void failAll(RuntimeException failure) {
        for (List<Change> batch = next(); !batch.isEmpty(); batch = next()) {
            fail(batch, failure);
        }
    }

    /** What the statistics are, at one moment. */
    record Statistics(int waiting) implements ClusterCounterStatistics {}
}
