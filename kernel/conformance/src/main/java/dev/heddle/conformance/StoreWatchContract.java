package dev.heddle.conformance;

import static dev.heddle.conformance.StoreFixture.delete;
import static dev.heddle.conformance.StoreFixture.durable;
import static dev.heddle.conformance.StoreFixture.ephemeral;
import static dev.heddle.conformance.StoreFixture.key;
import static dev.heddle.conformance.StoreFixture.set;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.Promise;
import dev.heddle.Task;
import dev.heddle.cluster.store.CommitOutcome;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Op;
import dev.heddle.cluster.store.ReadConsistency;
import dev.heddle.cluster.store.Store;
import dev.heddle.cluster.store.Watch;
import dev.heddle.cluster.store.WatchEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The contract of watches: nothing is missed, in order, until the end. */
interface StoreWatchContract extends StoreFixture {

    @Test
    default void watchTellsOfWhatOthersCreateSetAndDelete() {
        withStores((one, other) -> {
            WatchSignals signals = watched(one, DIR);
            signals.await(key("a"), commit(other, durable(key("a"), "1")).stamp());
            signals.await(key("a"), commit(other, set(key("a"), "2")).stamp());
            signals.await(key("a"), commit(other, delete(key("a"))).stamp());
            signals.await(key("a"), commit(other, durable(key("a"), "3")).stamp());
        });
    }

    @Test
    default void watchTellsOfWhatItsOwnSessionDoes() {
        withStore(store -> {
            WatchSignals signals = watched(store, DIR);
            signals.await(key("a"), commit(store, durable(key("a"), "1")).stamp());
            signals.await(key("a"), commit(store, set(key("a"), "2")).stamp());
            signals.await(key("a"), commit(store, delete(key("a"))).stamp());
        });
    }

    @Test
    default void signalOfADeletionSaysSoAndNoOtherDoes() {
        withStores((one, other) -> {
            WatchSignals signals = watched(one, DIR);
            for (int round = 0; round < 3; round++) {
                assertDeleted(false, signals, commit(other, durable(key("a"), "1")).stamp());
                assertDeleted(false, signals, commit(one, set(key("a"), "2")).stamp());
                assertDeleted(true, signals, commit(other, delete(key("a"))).stamp());
            }
            Set<Key> missing = new HashSet<>(Set.of(key("a"), key("b")));
            signals.await(missing, commit(other, durable(key("a"), "1"), durable(key("b"), "1")).stamp());
            commit(other, delete(key("a")), set(key("b"), "2"));
            while (!missing.isEmpty()) {
                if (signals.next() instanceof WatchEvent.Changed(Key key, long _, boolean deleted)) {
                    assertEquals(key.equals(key("a")), deleted, key::toString);
                    missing.remove(key);
                } else {
                    missing.clear();
                }
            }
        });
    }

    /** Of what is committed alone, and waited for, the signal is its own. */
    private static void assertDeleted(boolean deleted, WatchSignals signals, long stamp) {
        WatchEvent next = signals.next();
        while (next instanceof WatchEvent.Changed changed && changed.stamp() < stamp) {
            next = signals.next();
        }
        if (next instanceof WatchEvent.Changed changed) {
            assertEquals(deleted, changed.deleted(), changed::toString);
        }
    }

    @Test
    default void signalOfAnEphemeralEntryThatGoesWithItsSessionSaysSo() {
        run(() -> {
            String cluster = StoreFixture.newCluster();
            try (Store store = open(cluster)) {
                WatchSignals signals = watched(store, DIR);
                Store leaving = open(cluster);
                long stamp = commit(leaving, ephemeral(key("a"))).stamp();
                assertDeleted(false, signals, stamp);
                leaving.close();
                assertDeleted(true, signals, stamp + 1);
            }
        });
    }

    @Test
    default void watchTellsOfEveryEntryOfACommit() {
        withStores((one, other) -> {
            WatchSignals here = watched(one, DIR);
            WatchSignals there = watched(one, "there");
            List<Op> ops = new ArrayList<>();
            Set<Key> keys = new HashSet<>();
            for (int i = 0; i < 30; i++) {
                keys.add(key("" + i));
                ops.add(durable(key("" + i), ""));
            }
            ops.add(durable(new Key("there", "x"), ""));
            long stamp = commit(other, ops.toArray(Op[]::new)).stamp();
            here.await(keys, stamp);
            there.await(new Key("there", "x"), stamp);
        });
    }

    @Test
    default void signalsOfACommitComeBeforeTheAnswerToAReadThatIsAskedForAfterTheFirst() {
        withStores((one, other) -> {
            for (int round = 0; round < 10; round++) {
                String directory = DIR + "/round-" + round;
                WatchSignals signals = watched(one, directory);
                List<Op> ops = new ArrayList<>();
                Set<Key> keys = new HashSet<>();
                for (int i = 0; i < 30; i++) {
                    Key key = new Key(directory, "" + i);
                    keys.add(key);
                    ops.add(durable(key, ""));
                }
                Promise<CommitOutcome> commit = other.commit(ops);
                if (signals.next() instanceof WatchEvent.Changed(Key first, long _, boolean _)) {
                    read(one, first, ReadConsistency.LOCAL);
                    keys.remove(first);
                    signals.assertCame(keys);
                }
                join(commit);
            }
        });
    }

    @Test
    default void watchTellsOfEphemeralEntriesThatGoWithTheirSession() {
        run(() -> {
            String cluster = StoreFixture.newCluster();
            try (Store store = open(cluster)) {
                WatchSignals signals = watched(store, DIR);
                Store leaving = open(cluster);
                long stamp = commit(leaving, ephemeral(key("a"))).stamp();
                signals.await(key("a"), stamp);
                leaving.close();
                signals.await(key("a"), stamp + 1);
                assertEquals(Optional.empty(), read(store, key("a"), ReadConsistency.LOCAL));
            }
        });
    }

    @Test
    default void refusedCommitAndChecksAreNoReasonForALateSignal() {
        withStores((one, other) -> {
            commit(other, durable(key("a"), "1"));
            WatchSignals signals = watched(one, DIR);
            join(other.commit(List.of(durable(key("b"), ""), durable(key("a"), ""))));
            commit(other, new Op.Check(key("a"), Op.ANY_VERSION));
            signals.await(key("a"), commit(other, set(key("a"), "2")).stamp());
        });
    }

    @Test
    default void localReadAfterASignalShowsWhatItTold() {
        withStores((one, other) -> {
            commit(other, durable(key("a"), "start"));
            WatchSignals signals = watched(one, DIR);
            for (int i = 0; i < 30; i++) {
                long stamp = commit(other, set(key("a"), "" + i)).stamp();
                signals.await(key("a"), stamp);
                Entry entry = read(one, key("a"), ReadConsistency.LOCAL).orElseThrow();
                assertTrue(entry.changed() >= stamp, () -> entry + " is older than " + stamp);
                assertEquals(List.of(entry), list(one, DIR, ReadConsistency.LOCAL).entries());
            }
        });
    }

    @Test
    default void nothingIsMissedBetweenTheWatchAndTheListing() {
        withStores((one, other) -> {
            for (int round = 0; round < 5; round++) {
                String directory = DIR + '/' + round;
                Task<Long> writer = Heddle.spawn(() -> writeMuch(other, directory));
                WatchSignals signals = watched(one, directory);
                Map<Key, Entry> mirror = listed(one, directory);
                // The writer can be ready before the watch is set: then the listing has it all, and no signal comes.
                while (!mirror.containsKey(new Key(directory, "last"))) {
                    switch (signals.next()) {
                        case WatchEvent.Changed(Key key, long _, boolean _) -> read(one, key, ReadConsistency.LOCAL)
                                .ifPresentOrElse(entry -> mirror.put(key, entry), () -> mirror.remove(key));
                        case WatchEvent.Gap _ -> {
                            mirror.clear();
                            mirror.putAll(listed(one, directory));
                        }
                        case WatchEvent.Closed closed -> throw new AssertionError(closed);
                    }
                }
                writer.join();
                List<Entry> truth = list(other, directory, ReadConsistency.FRESH).entries();
                assertEquals(new HashSet<>(truth), new HashSet<>(mirror.values()));
            }
        });
    }

    /** Many small changes, without waiting; the last is that of an entry called last. */
    private long writeMuch(Store store, String directory) {
        List<Promise<CommitOutcome>> commits = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            Key key = new Key(directory, "" + i);
            commits.add(store.commit(List.of(durable(key, "1"))));
            if (i % 3 == 1) {
                commits.add(store.commit(List.of(set(key, "2"))));
            } else if (i % 3 == 2) {
                commits.add(store.commit(List.of(delete(key))));
            }
            if (i % 10 == 0) {
                committed(commits.getLast());
            }
        }
        commits.add(store.commit(List.of(durable(new Key(directory, "last"), ""))));
        commits.forEach(this::committed);
        return committed(commits.getLast()).stamp();
    }

    private Map<Key, Entry> listed(Store store, String directory) {
        Map<Key, Entry> entries = new HashMap<>();
        list(store, directory, ReadConsistency.LOCAL).entries().forEach(each -> entries.put(each.key(), each));
        return entries;
    }

    @Test
    default void watchTellsOfItsDirectoryOnly() {
        withStores((one, other) -> {
            WatchSignals signals = watched(one, DIR);
            commit(other, durable(new Key(DIR + "/below", "a"), ""), durable(new Key(DIR + '-', "a"), ""));
            commit(other, durable(new Key("else", DIR), ""));
            long stamp = commit(other, durable(key("last"), "")).stamp();
            for (boolean last = false; !last;) {
                if (signals.next() instanceof WatchEvent.Changed(Key key, long changed, boolean _)) {
                    assertEquals(DIR, key.directory());
                    last = changed == stamp;
                } else {
                    last = true;
                }
            }
        });
    }

    @Test
    default void watchesOfManyDirectoriesTellEachOfItsOwn() {
        withStores((one, other) -> {
            List<WatchSignals> all = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                all.add(watched(one, "dir-" + i));
            }
            for (int i = 0; i < 20; i++) {
                Key key = new Key("dir-" + i, "a");
                all.get(i).await(key, commit(other, durable(key, "")).stamp());
            }
        });
    }

    @Test
    default void watchesOfOneDirectoryAllTell() {
        withStores((one, other) -> {
            List<WatchSignals> all = List.of(watched(one, DIR), watched(other, DIR), watched(one, DIR));
            long stamp = commit(other, durable(key("a"), "")).stamp();
            all.forEach(each -> each.await(key("a"), stamp));
        });
    }

    @Test
    default void watchOfADirectoryThatIsEmptiedTellsOfItsNextEntry() {
        withStores((one, other) -> {
            WatchSignals signals = watched(one, "never/used");
            Key key = new Key("never/used", "a");
            for (int i = 0; i < 3; i++) {
                signals.await(key, commit(other, durable(key, "")).stamp());
                signals.await(key, commit(other, delete(key)).stamp());
            }
        });
    }

    @Test
    default void closedWatchSaysSoLastAndTellsNothingMore() {
        withStores((one, other) -> {
            var signals = new WatchSignals(patience());
            Watch watch = watch(one, DIR, signals);
            WatchSignals others = watched(one, DIR);
            commit(other, durable(key("a"), "1"));
            watch.close();
            watch.close();
            signals.awaitClosed();
            others.await(key("a"), commit(other, set(key("a"), "2")).stamp());
            signals.assertNone();
        });
    }

    @Test
    default void watchIsClosedWithItsSession() {
        withStores((one, other) -> {
            WatchSignals first = watched(one, DIR);
            WatchSignals second = watched(one, "else");
            WatchSignals of = watched(other, DIR);
            one.close();
            first.awaitClosed();
            second.awaitClosed();
            of.await(key("a"), commit(other, durable(key("a"), "1")).stamp());
            first.assertNone();
        });
    }

    @Test
    default void listenerMayCallTheStore() {
        withStores((one, other) -> {
            var answered = new AtomicReference<Promise<CommitOutcome>>();
            Watch watch = join(one.watch(DIR, signal -> {
                if (signal instanceof WatchEvent.Changed && answered.get() == null) {
                    answered.set(one.commit(List.of(durable(new Key("answers", "a"), ""))));
                }
            }));
            commit(other, durable(key("a"), "1"));
            await(() -> answered.get() != null);
            committed(answered.get());
            watch.close();
        });
    }

    @Test
    default void listenerThatThrowsKeepsNobodyFromHearing() {
        withStores((one, other) -> {
            join(one.watch(DIR, _ -> {
                throw new IllegalStateException("a listener failed; this line in the log is meant");
            }));
            WatchSignals signals = watched(one, DIR);
            for (int i = 0; i < 3; i++) {
                signals.await(key("" + i), commit(other, durable(key("" + i), "")).stamp());
                signals.await(key("own" + i), commit(one, durable(key("own" + i), "")).stamp());
            }
        });
    }

    @Test
    default void watchesThatComeAndGoLeaveTheOthersAlone() {
        withStores((one, other) -> {
            WatchSignals stays = watched(one, DIR);
            for (int i = 0; i < 20; i++) {
                var signals = new WatchSignals(patience());
                try (Watch _ = watch(one, DIR, signals)) {
                    long stamp = commit(other, durable(key("" + i), "")).stamp();
                    signals.await(key("" + i), stamp);
                    stays.await(key("" + i), stamp);
                }
                signals.awaitClosed();
            }
        });
    }
}
