package dev.heddle.cluster;

import dev.heddle.BrokenException;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.cluster.internal.DirectoryView;
import dev.heddle.cluster.internal.DirectoryView.Picture;
import dev.heddle.cluster.internal.Forms;
import dev.heddle.cluster.internal.Lease;
import dev.heddle.cluster.internal.Names;
import dev.heddle.cluster.internal.Node;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.CommitOutcome;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Lifetime;
import dev.heddle.cluster.store.Listing;
import dev.heddle.cluster.store.Op;
import dev.heddle.cluster.store.ReadConsistency;
import dev.heddle.cluster.store.SessionLostException;
import dev.heddle.cluster.store.StoreUnavailableException;
import dev.heddle.internal.Checks;
import dev.heddle.internal.sight.PartKind;
import dev.heddle.internal.sight.Parts;
import dev.heddle.sync.Barrier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Barrier} over all nodes of a cluster, without an action, which is also broken by a node that leaves or dies
 * while one of its tasks waits at it, and which stays when all have left.
 *
 * <pre>{@code
 * ClusterBarrier ready = cluster.barrier("ready", 3);
 * ready.await();
 * }</pre>
 *
 * <p>How it works: one entry tells the round and how many have arrived; each arrival changes it. Who waits has an entry
 * as well, which goes with its session. Where fewer are left than have arrived, one has died, and whoever sees it
 * breaks the barrier. The last one begins the next round; who then still has its entry has passed, and who has not was
 * reset. A round is of as many parties as the first to arrive has said, so another number counts from the next round on.
 *
 * <p>Threads: any task of any loop, and platform threads. To test code that uses it, run it in the simulator.
 *
 * <p>Cancellation: a cancelled wait breaks the barrier, in the background.
 */
public final class ClusterBarrier {

    /** The most parties that one can have: as many as a commit can take away. */
    public static final int MAX_PARTIES = 60;

    private static final String STATE = "state";

    private static final PartKind<ClusterBarrier> KIND = PartKind.<ClusterBarrier>of(
            "cluster barrier", ClusterBarrier::statistics)
            .named(barrier -> barrier.title);

    private final Node node;
    private final String title;
    private final String name;
    private final String directory;
    private final Key stateKey;
    private final int parties;
    private final AtomicInteger waiting = new AtomicInteger();

    ClusterBarrier(Node node, String name, int parties) {
        Checks.inRange("parties", parties, 1, MAX_PARTIES);
        this.node = node;
        this.title = name;
        this.name = "cluster barrier " + name;
        this.directory = "barriers/" + Names.encode(name);
        this.stateKey = new Key(directory, STATE);
        this.parties = parties;
        Parts.add(KIND, this);
    }

    /**
     * What all agree on.
     *
     * @param broken why it is broken; empty if it is not
     * @param entry of the store; null before the first arrival
     */
    private record State(long round, int arrived, int parties, String broken, @Nullable Entry entry) {

        private static State of(Entry entry) {
            long round = Forms.number(entry, 0);
            int arrived = Math.toIntExact(Forms.number(entry, 1));
            int parties = Math.toIntExact(Forms.number(entry, 2));
            String[] parts = entry.value().utf8().split(" ", 4);
            return new State(round, arrived, parties, parts.length < 4 ? "" : parts[3], entry);
        }

        private State of(int otherParties) {
            return new State(round, arrived, otherParties, broken, entry);
        }

        private Op change(Key key, long round, int arrived, String broken) {
            Bytes value = Bytes.utf8(round + " " + arrived + " " + parties + " " + broken);
            return entry == null
                    ? new Op.Create(key, value, Lifetime.DURABLE)
                    : new Op.Set(key, value, entry.version());
        }
    }

    /** One that has arrived. */
    private record Arrival(Lease lease, Key key, long round, int index) {}

    /**
     * Arrives, and waits until all have. While the store is silent, or the node apart from the others, this waits for
     * that, too.
     *
     * <p>Cancellation: a call that is cancelled after it has arrived breaks the barrier.
     *
     * @return how many had arrived in this round before, from 0
     * @throws BrokenException if the barrier is or becomes broken, or is reset while waiting
     * @throws LockLostException if this node's lease is over while it waits, which breaks the barrier
     * @throws CancelledException if the enclosing scope is cancelled
     * @throws IllegalStateException if others wait that have named another number of parties
     * @throws OutcomeUnknownException if this node's lease ended before it was known whether the caller has arrived
     * @throws ClosedException if the node has left the cluster
     */
    public int await() {
        node.requireOpen();
        return node.call(() -> {
            Arrival mine = node.change(this::arrive);
            if (mine.index < parties - 1) {
                boolean passed = false;
                waiting.incrementAndGet();
                try {
                    awaitOthers(mine);
                    passed = true;
                } finally {
                    waiting.decrementAndGet();
                    boolean broke = !passed;
                    node.serve("leaving " + name, () -> leave(mine, broke));
                }
            }
            return mine.index;
        });
    }

    /**
     * Breaks it: waiting calls and later ones get a BrokenException, until {@link #reset}. Waits for the store.
     *
     * <p>Cancellation: a cancelled call may have broken it.
     */
    public void abort() {
        node.change(lease -> {
            breakNow(lease, -1, "it was aborted by node " + node.name());
            return Optional.of(true);
        });
    }

    /**
     * Makes it empty and whole again; calls that wait get a BrokenException. Waits for the store.
     *
     * <p>Cancellation: a cancelled call may have done it.
     */
    public void reset() {
        node.change(lease -> {
            Listing listing = list(lease);
            State state = state(listing.entries());
            List<Op> ops = new ArrayList<>();
            ops.add(state.of(parties).change(stateKey, state.round + 1, 0, ""));
            listing.entries().stream().filter(entry -> isOf(entry, state.round))
                    .forEach(entry -> ops.add(new Op.Delete(entry.key(), Op.ANY_VERSION)));
            return Optional.of(true).filter(_ -> lease.commits().commit(ops) instanceof CommitOutcome.Committed);
        });
    }

    /**
     * Whether it was aborted, or a wait was cancelled or its node died, and it was not reset since. Asks the store.
     *
     * <p>Cancellation: a cancelled call leaves nothing behind.
     *
     * @throws StoreUnavailableException if the store does not answer
     * @throws SessionLostException if this node's lease ends meanwhile
     * @throws ClosedException if the node has left the cluster
     */
    public boolean isBroken() {
        return !state(list(node.lease()).entries()).broken.isEmpty();
    }

    /** The numbers of the barrier, as this node knows them; does not ask the store. */
    public ClusterBarrierStatistics statistics() {
        return new Statistics(parties, waiting.get());
    }

    @Override
    public String toString() {
        return name + " of " + parties;
    }

    private Listing list(Lease lease) {
        return lease.store().list(directory, ReadConsistency.FRESH).join();
    }

    private State state(Collection<Entry> entries) {
        Optional<Entry> entry = entries.stream().filter(each -> each.key().name().equals(STATE)).findFirst();
        return entry.map(State::of).orElse(new State(1, 0, parties, "", null));
    }

    private static boolean isOf(Entry entry, long round) {
        return !entry.key().name().equals(STATE) && entry.value().utf8().equals(Long.toString(round));
    }

    /** Whether one that has arrived is there no more; only where nothing up to the last arrival can be missing. */
    private static boolean hasLost(State state, Collection<Entry> entries, long stamp) {
        return state.entry != null && state.entry.changed() <= stamp
                && entries.stream().filter(entry -> isOf(entry, state.round)).count() < state.arrived;
    }

    private BrokenException broken(String why) {
        return new BrokenException(name + " is broken: " + why);
    }

    /** Empty if another change came first. */
    private Optional<Arrival> arrive(Lease lease) {
        Listing listing = list(lease);
        State state = state(listing.entries());
        if (!state.broken.isEmpty()) {
            throw broken(state.broken);
        }
        if (hasLost(state, listing.entries(), listing.stamp())) {
            breakNow(lease, state.round, "a node left or died while it waited");
            return Optional.empty();
        }
        if (state.arrived > 0 && state.parties != parties) {
            throw new IllegalStateException(
                    name + ": " + state.arrived + " of " + state.parties + " parties wait there, not of " + parties);
        }
        state = state.of(parties);
        Arrival mine = new Arrival(lease, new Key(directory, lease.uniqueName()), state.round, state.arrived);
        boolean last = mine.index == parties - 1;
        List<Op> ops = new ArrayList<>();
        ops.add(last
                ? state.change(stateKey, state.round + 1, 0, "")
                : state.change(stateKey, state.round, state.arrived + 1, ""));
        if (!last) {
            ops.add(new Op.Create(mine.key, Bytes.utf8(Long.toString(state.round)), Lifetime.EPHEMERAL));
        }
        boolean known = false;
        try {
            CommitOutcome outcome = lease.commits().commit(ops);
            known = true;
            return Optional.of(mine).filter(_ -> outcome instanceof CommitOutcome.Committed);
        } finally {
            if (!known && !last) {
                node.serve("leaving " + name, () -> leave(mine, true)); // it may have arrived
            }
        }
    }

    private void awaitOthers(Arrival mine) {
        try (DirectoryView view = mine.lease.openView(directory)) {
            Picture seen = view.await(picture -> isOver(mine, picture));
            State state = state(seen.entries().values());
            if (!state.broken.isEmpty() && state.round == mine.round) {
                throw broken(state.broken);
            }
            if (!seen.entries().containsKey(mine.key.name())) {
                throw new BrokenException(name + " was reset");
            }
            if (state.round == mine.round) {
                throw broken("a node left or died while it waited");
            }
        } catch (SessionLostException e) {
            throw new LockLostException("the place at " + name + " was lost: " + e.detail());
        }
    }

    private boolean isOver(Arrival mine, Picture picture) {
        Entry entry = picture.entries().get(STATE);
        if (entry == null || entry.changed() > picture.stamp()) {
            return false; // something may be missing that was committed with it
        }
        State state = State.of(entry);
        boolean isMine = state.round == mine.round;
        boolean counted = state.arrived > mine.index;
        return state.round > mine.round
                || (isMine && !state.broken.isEmpty())
                || (isMine && counted && hasLost(state, picture.entries().values(), picture.stamp()));
    }

    /** Takes an arrival back, whether it has passed or not; in the background, until the lease is over. */
    private void leave(Arrival mine, boolean breaks) {
        try {
            if (breaks) {
                tryToBreak(mine);
            }
            mine.lease.commits().commit(List.of(new Op.Delete(mine.key, Op.ANY_VERSION)));
        } catch (SessionLostException | OutcomeUnknownException | StoreUnavailableException _) {
            // its entry has gone with the session
        }
    }

    /** Where the state cannot be read nobody passes, and who asks is told. */
    private void tryToBreak(Arrival mine) {
        try {
            breakNow(mine.lease, mine.round, "a task of node " + node.name() + " was cancelled while it waited");
        } catch (IllegalStateException | ArithmeticException _) {
            // See above.
        }
    }

    /** Breaks a round, unless it is over or broken; the one of now if it is negative. */
    private void breakNow(Lease lease, long round, String why) {
        while (true) {
            Listing listing = list(lease);
            State state = state(listing.entries());
            boolean isIt = round < 0 || state.round == round;
            if (!isIt || !state.broken.isEmpty() || lease.commits().commit(List.of(
                    state.change(stateKey, state.round, state.arrived, why))) instanceof CommitOutcome.Committed) {
                return;
            }
        }
    }

    /** What the statistics are, at one moment. */
    record Statistics(int parties, int waiting) implements ClusterBarrierStatistics {}
}
