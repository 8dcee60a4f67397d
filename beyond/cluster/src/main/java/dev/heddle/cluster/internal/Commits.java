package dev.heddle.cluster.internal;

import dev.heddle.Backoff;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Promise;
import dev.heddle.cluster.OutcomeUnknownException;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.CommitOutcome;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Lifetime;
import dev.heddle.cluster.store.Op;
import dev.heddle.cluster.store.ReadConsistency;
import dev.heddle.cluster.store.SessionLostException;
import dev.heddle.cluster.store.Store;
import dev.heddle.cluster.store.StoreLimits;
import dev.heddle.internal.Checks;
import dev.heddle.internal.Supervised;
import dev.heddle.internal.Throwables;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Commits whose outcome is known in the end, though the store may lose an answer: each writes, with whatever it does,
 * its number into a witness, an entry of this session that no other commit under way writes to. When the answer is
 * missing, a fresh read of the witness says whether the commit took place.
 *
 * <pre>
 *   sent ── Committed, Refused, NotSent, SessionLost ──────────────────────────▶ known
 *     └── Unknown ──▶ witness read ── its number is there ──▶ Committed ───────▶ known
 *                         │  └── another ──▶ NotSent ─────────────────────────▶ known
 *                         └── the session is over ──▶ Unknown, for good
 * </pre>
 *
 * <p>Threads: any. Questions after an unknown outcome are asked by a task of the node's loop.
 */
public final class Commits {

    /** How many operations a commit may have here: one is the witness. */
    public static final int MAX_OPS = StoreLimits.MAX_OPS - 1;

    private static final String DIRECTORY = "witnesses";

    private final Store store;
    private final Loop loop;
    private final Backoff backoff;
    private final Queue<Witness> free = new ConcurrentLinkedQueue<>();
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicLong witnesses = new AtomicLong();
    private final AtomicLong newest = new AtomicLong();

    Commits(Store store, Loop loop, Backoff backoff) {
        this.store = store;
        this.loop = loop;
        this.backoff = backoff;
    }

    /** An entry of this session that one commit at a time writes to. */
    private static final class Witness {

        private final Key key;

        /** Whether the entry is there; known by whoever has the witness. */
        private boolean exists;

        /** Which operation of the commit under way it is. */
        private int index;

        private Witness(Key key) {
            this.key = key;
        }
    }

    /**
     * Commits, and waits until the outcome is known. If no server can be reached, it tries again until one can.
     *
     * <p>Cancellation: a cancelled call may have changed everything or nothing; whoever must know uses {@link #start}.
     *
     * @return {@code Committed} or {@code Refused}
     * @throws SessionLostException if the session is over; nothing was changed
     * @throws OutcomeUnknownException if the session ended before the outcome was known
     */
    public CommitOutcome commit(List<Op> ops) {
        for (int tries = 1;; tries++) {
            CommitOutcome outcome = start(ops).join();
            if (!(outcome instanceof CommitOutcome.NotSent)) {
                return known(outcome);
            }
            Heddle.sleep(backoff.delay(tries));
        }
    }

    /** An outcome that is one; else it is thrown. */
    static CommitOutcome known(CommitOutcome outcome) {
        return switch (outcome) {
            case CommitOutcome.Committed _,CommitOutcome.Refused _ -> outcome;
            case CommitOutcome.NotSent _,CommitOutcome.SessionLost _ ->
                throw new SessionLostException("the session with the store is over; nothing was changed");
            case CommitOutcome.Unknown(String cause) ->
                throw new OutcomeUnknownException(
                        "the session with the store ended before it was known whether a change took place: " + cause);
        };
    }

    /**
     * Commits, and tells when the outcome is known.
     *
     * @return never fails; {@code Unknown} only if the session is over; {@code NotSent} is not tried again
     */
    public Promise<CommitOutcome> start(List<Op> ops) {
        Checks.inRange("operations", ops.size(), 1, MAX_OPS);
        Witness witness = free.poll();
        if (witness == null) {
            witness = new Witness(new Key(
                    DIRECTORY, Long.toHexString(store.session().id()) + '-' + witnesses.incrementAndGet()));
        }
        witness.index = ops.size();
        Bytes number = Bytes.utf8(Long.toString(numbers.incrementAndGet()));
        List<Op> all = new ArrayList<>(ops);
        all.add(witness.exists
                ? new Op.Set(witness.key, number, Op.ANY_VERSION)
                : new Op.Create(witness.key, number, Lifetime.EPHEMERAL));
        Promise<CommitOutcome> known = new Promise<>();
        Witness mine = witness;
        var _ = send(all, mine).toCompletableFuture().whenComplete((outcome, failure) -> answered(
                mine, number,
                failure == null ? outcome : new CommitOutcome.Unknown(Throwables.text(failure)), known));
        return known;
    }

    private Promise<CommitOutcome> send(List<Op> ops, Witness witness) {
        try {
            return store.commit(ops);
        } catch (IllegalArgumentException e) {
            free.add(witness); // nothing was sent
            throw e;
        }
    }

    /** The highest stamp of a commit that is known to have taken place; 0 if there is none. */
    long newest() {
        return newest.get();
    }

    private void saw(CommitOutcome outcome) {
        if (outcome instanceof CommitOutcome.Committed(long stamp) && stamp > newest.get()) {
            newest.accumulateAndGet(stamp, Math::max);
        }
    }

    private void answered(Witness witness, Bytes number, CommitOutcome outcome, Promise<CommitOutcome> known) {
        if (outcome instanceof CommitOutcome.Unknown(String cause) && !loop.isClosed()) {
            try {
                var _ = loop.spawn("a commit's outcome", () -> settle(witness, number, cause, known))
                        .toCompletableFuture()
                        .whenComplete((_, _) -> known.tryComplete(outcome)); // the loop may have ended before it began
                return;
            } catch (IllegalStateException _) {
                // the loop has ended, and so does the session: it stays unknown
            }
        }
        finish(witness, outcome, known);
    }

    private void settle(Witness witness, Bytes number, String cause, Promise<CommitOutcome> known) {
        CommitOutcome outcome = new CommitOutcome.Unknown(cause);
        try {
            Optional<Entry> seen = readFresh(witness.key);
            witness.exists = seen.isPresent();
            outcome = seen.filter(entry -> entry.value().equals(number))
                    .<CommitOutcome>map(entry -> new CommitOutcome.Committed(entry.changed()))
                    .orElseGet(() -> new CommitOutcome.NotSent(cause));
        } catch (SessionLostException _) {
            // stays unknown
        } finally {
            saw(outcome);
            known.complete(outcome);
            free.add(witness);
        }
    }

    private Optional<Entry> readFresh(Key key) {
        Supervised reading = new Supervised("reading what has become of a commit", backoff, Lease::isOfStore);
        while (true) {
            try {
                return store.read(key, ReadConsistency.FRESH).join();
            } catch (SessionLostException e) {
                throw e;
            } catch (RuntimeException | Error e) {
                Heddle.sleep(reading.failed(e));
            }
        }
    }

    private void finish(Witness witness, CommitOutcome outcome, Promise<CommitOutcome> known) {
        witness.exists |= outcome instanceof CommitOutcome.Committed;
        // One that somebody has made or taken away would have all that come after refused, too.
        if (!(outcome instanceof CommitOutcome.Refused(int index, _) && index == witness.index)) {
            free.add(witness);
        }
        saw(outcome);
        known.complete(outcome);
    }
}
