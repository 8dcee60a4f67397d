package dev.heddle.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.cluster.store.CommitOutcome;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Listing;
import dev.heddle.cluster.store.Op;
import dev.heddle.cluster.store.WatchEvent;
import dev.heddle.cluster.store.internal.StoreTree;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What the sessions of a simulated store have asked and were told, held against the log: what has truly taken place, in
 * this order. A place in the log is the count of commands before it.
 */
final class StoreHistory {

    private final SimStore store;
    private final List<Attempt> attempts = new ArrayList<>();

    /** What is to be checked, in the order in which it was told. */
    private final List<Consumer<Truth>> told = new ArrayList<>();

    StoreHistory(SimStore store) {
        this.store = store;
    }

    /** The order of what one session sees: at least so much of the log. */
    static final class View {
        private final long session;
        private long atLeast;

        View(long session) {
            this.session = session;
        }
    }

    /** A commit. */
    static final class Attempt {
        private final View view;
        private final List<Op> ops;
        private final long from;
        private CommitOutcome outcome;
        private long until = Long.MAX_VALUE;

        /** From here on it must not take place any more. */
        private long settled = Long.MAX_VALUE;

        private Attempt(View view, List<Op> ops, long from) {
            this.view = view;
            this.ops = ops;
            this.from = from;
        }
    }

    /** What was so: the states of each key by the place from which on it had them, and where commits took place. */
    private record Truth(Map<Key, TreeMap<Long, Optional<Entry>>> states, Map<List<Op>, Long> places) {}

    /** What a read has shown of a key. */
    private record Seen(View view, Key key, Optional<Entry> entry, boolean fresh, long from, long until) {}

    Attempt attempt(View view, List<Op> ops) {
        var attempt = new Attempt(view, ops, store.logSize());
        attempts.add(attempt);
        return attempt;
    }

    void told(Attempt attempt, CommitOutcome outcome) {
        attempt.outcome = outcome;
        attempt.until = store.logSize();
        told.add(truth -> {
            if (outcome instanceof CommitOutcome.Committed) {
                attempt.view.atLeast = Math.max(attempt.view.atLeast, truth.places.get(attempt.ops));
            }
        });
    }

    long now() {
        return store.logSize();
    }

    /** A read was answered. */
    void read(View view, Key key, Optional<Entry> entry, boolean fresh, long from) {
        saw(new Seen(view, key, entry, fresh, from, now()));
        if (fresh) {
            settle(view);
        }
    }

    /** A listing was answered: each of some keys is there, or is not. */
    void listed(View view, List<Key> keys, Listing listing, boolean fresh, long from) {
        for (Key key : keys) {
            Optional<Entry> entry = listing.entries().stream()
                    .filter(each -> each.key().equals(key))
                    .findFirst();
            saw(new Seen(view, key, entry, fresh, from, now()));
        }
        if (fresh) {
            settle(view);
        }
    }

    private void saw(Seen seen) {
        told.add(truth -> checkRead(seen, truth.states.getOrDefault(seen.key, new TreeMap<>())));
    }

    /** A fresh answer settles what its session was told to be unknown before it. */
    private void settle(View view) {
        for (Attempt each : attempts) {
            if (each.view == view && each.outcome instanceof CommitOutcome.Unknown) {
                each.settled = Math.min(each.settled, now());
            }
        }
    }

    /** Fails if anything was told that is not so. */
    void check() {
        var truth = new Truth(new TreeMap<>(), new IdentityHashMap<>());
        replay(truth.states, truth.places);
        attempts.forEach(each -> checkAttempt(each, truth.places.get(each.ops)));
        told.forEach(each -> each.accept(truth));
    }

    private void replay(Map<Key, TreeMap<Long, Optional<Entry>>> states, Map<List<Op>, Long> places) {
        var tree = new StoreTree();
        for (long place = 0; place < store.logSize(); place++) {
            StoreCommand command = store.command(place);
            long after = place + 1;
            switch (command.kind) {
                case COMMIT -> {
                    assertEquals(command.outcome, tree.commit(command.session, command.ops));
                    if (command.outcome instanceof CommitOutcome.Committed(long stamp)) {
                        assertNull(places.put(command.ops, after), "a commit has taken place twice");
                        note(states, StoreTree.changes(command.ops, stamp), tree, after);
                    }
                }
                case END -> note(states, tree.end(command.session), tree, after);
                case OPEN, WIPE -> {
                    // Changes no entry here.
                }
            }
        }
    }

    private static void note(
            Map<Key, TreeMap<Long, Optional<Entry>>> states, List<WatchEvent.Changed> changes, StoreTree tree,
            long after) {
        for (WatchEvent.Changed change : changes) {
            states.computeIfAbsent(change.key(), _ -> new TreeMap<>()).put(after, tree.read(change.key()));
        }
    }

    private void checkAttempt(Attempt attempt, Long place) {
        switch (attempt.outcome) {
            case CommitOutcome.Committed _ -> {
                assertTrue(place != null && place > attempt.from && place <= attempt.until,
                        () -> "committed, and took place at " + place + " of " + attempt.from + ".." + attempt.until);
                assertEquals(attempt.outcome, store.command(place - 1).outcome);
            }
            case CommitOutcome.Unknown _ -> assertTrue(place == null || place <= attempt.settled,
                    () -> "took place at " + place + " though settled at " + attempt.settled);
            case CommitOutcome.Refused _,CommitOutcome.NotSent _,CommitOutcome.SessionLost _ ->
                assertNull(place, () -> attempt.outcome + " took place");
        }
    }

    /** A read shows the state at some place of its time, and none before what its session has seen. */
    private void checkRead(Seen seen, TreeMap<Long, Optional<Entry>> states) {
        long first = seen.fresh ? Math.max(seen.from, seen.view.atLeast) : seen.view.atLeast;
        Map.Entry<Long, Optional<Entry>> at = states.floorEntry(first);
        long place = first;
        while (!seen.entry.equals(at == null ? Optional.empty() : at.getValue())) {
            at = states.higherEntry(at == null ? 0L : at.getKey());
            Map.Entry<Long, Optional<Entry>> next = at;
            assertTrue(next != null && next.getKey() <= seen.until,
                    () -> "session " + seen.view.session + " saw " + seen + ", which was so at no place from " + first
                            + " on: " + states);
            place = next.getKey();
        }
        seen.view.atLeast = Math.max(seen.view.atLeast, place);
    }
}
