package dev.heddle.cluster;

import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.Waiter;
import dev.heddle.cluster.internal.DirectoryView;
import dev.heddle.cluster.internal.DirectoryView.Picture;
import dev.heddle.cluster.internal.Forms;
import dev.heddle.cluster.internal.Grant;
import dev.heddle.cluster.internal.Lease;
import dev.heddle.cluster.internal.Line;
import dev.heddle.cluster.internal.Names;
import dev.heddle.cluster.internal.Node;
import dev.heddle.cluster.internal.UnreadableEntryException;
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
import dev.heddle.internal.Checks;
import dev.heddle.internal.Supervised;
import dev.heddle.internal.sight.PartDetail;
import dev.heddle.internal.sight.PartKind;
import dev.heddle.internal.sight.Parts;
import dev.heddle.sync.ConcurrencyLimiter;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A limit for how often something begins, over all nodes of a cluster; other than a {@link ConcurrencyLimiter}, which
 * is for how many use something at the same time, it gives turns that are not given back.
 *
 * <pre>{@code
 * ClusterRateLimiter calls = cluster.limiter("calls", 50, 10);      // 50 a second, 10 at once
 * calls.acquire();
 * }</pre>
 *
 * <p>How it works: an entry of the store counts the turns that were made and those that are taken. One of the nodes
 * makes them, by its own clock, while somebody waits and then until the burst is full; each node takes them in batches,
 * as many as it has callers. No two clocks are compared. When the node that makes them goes, the next one begins, and
 * what would have been made meanwhile is not. A node on which nobody waits does nothing once the burst is full, and takes
 * the entry away: none says the same as a full one, so that limiters of ever new names leave nothing behind.
 *
 * <p>Where nodes say another rate and burst, as while a new version of a program is deployed, those of the node that
 * makes the turns count; a node that says others tells so once in its log.
 *
 * <p>So in each time at most the rate times that time are taken, and one burst. A turn whose answer the store brings
 * late begins late; turns that a node has taken go with it.
 *
 * <p>Threads: any task of any loop, and platform threads. To test code that uses it, run it in the simulator.
 *
 * <p>Cancellation: a cancelled call has no turn; one may be lost by that.
 */
public final class ClusterRateLimiter {

    /** How many turns a second there may be for each of the burst: they travel in batches, which the burst bounds. */
    public static final int MAX_RATE_FOR_BURST = 10;

    /** How often turns are made at most. */
    private static final Duration TICK = Duration.ofMillis(50);

    /** How often one who takes them looks whether anybody still waits. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private static final double NANOS = 1e9;

    private static final PartKind<ClusterRateLimiter> KIND = PartKind.<ClusterRateLimiter>of(
            "cluster limiter", ClusterRateLimiter::statistics)
            .titled(ClusterRateLimiter::toString)
            .detailed(limiter -> PartDetail.waiting(limiter.calls.firstWaiter()));

    private final Node node;
    private final String name;
    private final String directory;
    private final double perSecond;
    private final int burst;
    private final Line makers;
    // ---- guarded by the calls ----

    private final WaitingCalls<Call> calls = new WaitingCalls<>();
    private boolean takes;
    private boolean makes;

    /** Whether it was told that others make turns at another rate; of the node's loop. */
    private boolean told;

    ClusterRateLimiter(Node node, String name, double perSecond, int burst) {
        Checks.atLeast("burst", burst, 1);
        if (!(perSecond > 0) || perSecond > (double) burst * MAX_RATE_FOR_BURST) {
            throw new IllegalArgumentException("a rate is above 0, and at most " + MAX_RATE_FOR_BURST
                    + " times the burst of " + burst + ", not " + perSecond);
        }
        this.node = node;
        this.name = "cluster limiter " + name;
        this.directory = "limits/" + Names.encode(name);
        this.perSecond = perSecond;
        this.burst = burst;
        this.makers = new Line(this, node, this.name, "limiters/" + Names.encode(name), 1, null);
        Parts.add(KIND, this);
    }

    /** One call that waits. */
    private static final class Call extends WaitingCalls.Call<Call> {

        private Call(Object waitingFor) {
            super(waitingFor);
        }
    }

    /**
     * The turns since an entry was made. Each has another name: what was decided by one that is gone fails at the next.
     *
     * @param limit by which they were made
     * @param version of the entry
     */
    private record Turns(Key key, long made, long taken, String limit, long version) {

        private static final Pattern NAME = Pattern.compile("turns-(\\d{1,18})");

        private static Key key(String directory, long number) {
            return new Key(directory, "turns-" + number);
        }

        private static boolean are(Entry entry) {
            return NAME.matcher(entry.key().name()).matches();
        }

        /** Whoever made the last entry makes it again only where there is none, so the others are of who came too late. */
        private static Optional<Entry> last(Stream<Entry> entries) {
            return entries.filter(Turns::are).max(Comparator.comparingLong(Turns::number));
        }

        private static long number(Entry entry) {
            return Long.parseLong(entry.key().name().substring("turns-".length()));
        }

        private static Turns of(Entry entry) {
            long made = Forms.number(entry, 0);
            long taken = Forms.number(entry, 1);
            String[] parts = entry.value().utf8().split(" ", 3);
            return new Turns(entry.key(), made, taken, parts.length < 3 ? "" : parts[2], entry.version());
        }

        private long left() {
            return made - taken;
        }

        private boolean isNewerThan(Turns other) {
            return !key.equals(other.key) || version > other.version;
        }
    }

    /**
     * Waits for a turn. While the node is apart from the others it waits for that, too.
     *
     * <p>Cancellation: a cancelled call has no turn.
     *
     * @throws CancelledException if the enclosing scope is cancelled
     * @throws ClosedException if the node has left the cluster, before or while waiting
     */
    public void acquire() {
        take(null);
    }

    /**
     * Waits for a turn, but not longer than told; otherwise as {@link #acquire}. A limit below the way to the store and
     * back gives none.
     *
     * @return whether the caller has one
     */
    public boolean acquireWithin(Duration limit) {
        return take(Objects.requireNonNull(limit));
    }

    /** The numbers of the limiter, as this node knows them; does not ask the store. */
    public ClusterRateLimiterStatistics statistics() {
        return new Statistics(perSecond, burst, calls.count());
    }

    /** Whether it is for this limit. */
    boolean isOf(double otherPerSecond, int otherBurst) {
        return Double.compare(perSecond, otherPerSecond) == 0 && burst == otherBurst;
    }

    @Override
    public String toString() {
        return name;
    }

    private boolean take(@Nullable Duration limit) {
        CancelScope.throwIfCancelled();
        node.requireOpen();
        Call mine = new Call("waiting for a turn of " + name);
        synchronized (calls) {
            calls.add(mine);
            if (!takes) {
                node.serve("taking turns of " + name, this::serveTaking);
                takes = true;
            }
            if (!makes) {
                node.serve("making turns of " + name, this::serveMaking);
                makes = true;
            }
        }
        return calls.await(mine, limit);
    }

    // ---- taking turns ----

    private void serveTaking() {
        var service = node.supervised("taking turns of " + name);
        RuntimeException failure = new ClosedException("the node has left the cluster " + node.cluster());
        boolean idle = false;
        try {
            while (!idle) {
                Lease lease = node.lease();
                try (DirectoryView view = lease.openView(directory)) {
                    takeAll(lease, view);
                    idle = true;
                } catch (SessionLostException | StoreUnavailableException | OutcomeUnknownException _) {
                    Heddle.sleep(TICK); // what may have been taken is lost
                } catch (ClosedException | IllegalStateException e) {
                    throw e; // who waits is told
                } catch (RuntimeException | Error e) {
                    Heddle.sleep(service.failed(e));
                }
            }
        } catch (ClosedException | IllegalStateException e) {
            failure = e;
        } finally {
            if (!idle) {
                fail(failure);
            }
        }
    }

    /** Takes turns until nobody waits. */
    private void takeAll(Lease lease, DirectoryView view) {
        Turns used = null;
        for (int wanted = wanted(); wanted > 0; wanted = wanted()) {
            Turns before = used;
            Optional<Turns> seen = Heddle.moveOnAfter(
                    LOOK_EVERY, () -> turns(view.await(picture -> turns(picture, before).isPresent()), before))
                    .flatMap(turns -> turns);
            if (seen.isPresent()) {
                Turns turns = seen.get();
                if (before != null && turns.made > before.made) {
                    tellOfOther(turns.limit);
                }
                long taken = Math.min(wanted, turns.left());
                if (set(lease, turns, turns.made, turns.taken + taken, turns.limit)) {
                    give(taken);
                }
                used = turns;
            }
        }
    }

    /** What there is to take that is newer than what was used. */
    private static Optional<Turns> turns(Picture picture, @Nullable Turns used) {
        return Turns.last(picture.entries().values().stream())
                .map(Turns::of)
                .filter(turns -> (used == null || turns.isNewerThan(used)) && turns.left() > 0);
    }

    /** How many wait; with none nothing is taken any more. */
    private int wanted() {
        synchronized (calls) {
            takes = !calls.isEmpty();
            return calls.size();
        }
    }

    private void give(long turns) {
        synchronized (calls) {
            for (long left = turns; left > 0 && calls.wakeFirst() != null; left--) {
                // one each
            }
        }
    }

    private void fail(RuntimeException failure) {
        synchronized (calls) {
            takes = false;
            calls.failAll(failure);
        }
    }

    // ---- making turns ----

    private void serveMaking() {
        var service = node.supervised("making turns of " + name);
        boolean idle = false;
        try {
            while (!idle) {
                Grant grant = Objects.requireNonNull(makers.acquire(null));
                try {
                    idle = make(grant);
                } catch (SessionLostException | StoreUnavailableException | OutcomeUnknownException _) {
                    Heddle.sleep(TICK);
                } catch (ClosedException e) {
                    throw e;
                } catch (UnreadableEntryException _) {
                    Heddle.sleep(TICK); // those who wait are told of it by who takes turns, and go
                    idle = !isWanted();
                } catch (RuntimeException | Error e) {
                    Heddle.sleep(service.failed(e));
                } finally {
                    makers.release(grant);
                }
            }
        } catch (ClosedException _) {
            // who takes turns says so
        } finally {
            if (!idle) {
                stopMaking();
            }
        }
    }

    private void stopMaking() {
        synchronized (calls) {
            makes = false;
        }
    }

    /** Makes turns as long as it may, or until all are there and nobody waits; whether it is the latter. */
    private boolean make(Grant grant) {
        Lease lease = node.lease();
        long since = node.loop().nanoTime();
        while (grant.isHeld()) {
            List<Entry> entries = lease.store().list(directory, ReadConsistency.FRESH).join().entries();
            Optional<Turns> last = Turns.last(entries.stream()).map(Turns::of);
            long now = node.loop().nanoTime();
            if (last.isEmpty()) {
                since = now;
                create(lease, grant.token().order());
            } else {
                Turns turns = last.get();
                deleteOthers(lease, entries, turns);
                long due = (long) ((double) (now - since) * perSecond / NANOS);
                long made = Math.min(turns.made + due, turns.taken + burst);
                boolean full = made == turns.taken + burst;
                if (full && isUnused()) {
                    if (commit(lease, new Op.Delete(turns.key, turns.version)) && !isWanted()) {
                        return true;
                    }
                } else if (made <= turns.made || set(lease, turns, made, turns.taken, limit())) {
                    // What does not fit is not made later.
                    since = full ? now : since + (long) ((double) due * NANOS / perSecond);
                }
            }
            long next = since + (long) (NANOS / perSecond) - node.loop().nanoTime();
            rest(lease, Duration.ofNanos(Math.max(TICK.toNanos(), next)));
        }
        return false;
    }

    /** Waits, but not beyond the end of a lease: then there is nothing to make here, and the node may be leaving. */
    private void rest(Lease lease, Duration time) {
        Waiter over = new Waiter("making turns of " + name);
        Runnable forget = over.completeAtEndOf(lease.over());
        try {
            over.awaitWithin(time);
        } finally {
            forget.run();
        }
    }

    private boolean isUnused() {
        synchronized (calls) {
            return calls.isEmpty();
        }
    }

    /** Whether somebody waits; with nobody none are made any more. */
    private boolean isWanted() {
        synchronized (calls) {
            makes = !calls.isEmpty();
            return makes;
        }
    }

    // ---- the entry ----

    private String limit() {
        return perSecond + " " + burst;
    }

    private void tellOfOther(String limit) {
        if (!told && !limit.equals(limit())) {
            told = true;
            Supervised.tell(node.loop(), new HeddleException(name + " has another rate and burst on another node, which"
                    + " makes the turns: " + limit + ", not " + limit()));
        }
    }

    private boolean set(Lease lease, Turns turns, long made, long taken, String limit) {
        return commit(lease, new Op.Set(turns.key, Bytes.utf8(made + " " + taken + " " + limit), turns.version));
    }

    private void create(Lease lease, long number) {
        Bytes full = Bytes.utf8(burst + " 0 " + limit());
        commit(lease, new Op.Create(Turns.key(directory, number), full, Lifetime.DURABLE));
    }

    /** What was made by who came too late is nobody's. */
    private static void deleteOthers(Lease lease, List<Entry> entries, Turns last) {
        entries.stream()
                .filter(entry -> Turns.are(entry) && !entry.key().equals(last.key))
                .forEach(entry -> commit(lease, new Op.Delete(entry.key(), entry.version())));
    }

    private static boolean commit(Lease lease, Op op) {
        return lease.commits().commit(List.of(op)) instanceof CommitOutcome.Committed;
    }

    /** What the statistics are, at one moment. */
    record Statistics(double perSecond, int burst, int waiting) implements ClusterRateLimiterStatistics {}
}
