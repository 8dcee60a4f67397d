package dev.heddle.conformance;

import static dev.heddle.conformance.StoreFixture.delete;
import static dev.heddle.conformance.StoreFixture.durable;
import static dev.heddle.conformance.StoreFixture.ephemeral;
import static dev.heddle.conformance.StoreFixture.key;
import static dev.heddle.conformance.StoreFixture.set;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.Promise;
import dev.heddle.cluster.store.CommitOutcome;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.ReadConsistency;
import dev.heddle.cluster.store.SessionLostException;
import dev.heddle.cluster.store.Store;
import dev.heddle.cluster.store.StoreState;
import dev.heddle.cluster.store.WatchEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The contract of sessions: what they own, how they live and how they end in order. */
interface StoreSessionContract extends StoreFixture {

    @Test
    default void sessionsHaveIdsOfTheirOwn() {
        withStores((one, other) -> {
            assertNotEquals(Entry.NO_OWNER, one.session().id());
            assertNotEquals(Entry.NO_OWNER, other.session().id());
            assertNotEquals(one.session().id(), other.session().id());
            assertTrue(one.session().timeout().isPositive());
            assertEquals(one.session(), one.session());
        });
    }

    @Test
    default void ephemeralEntryNamesItsOwner() {
        withStores((one, other) -> {
            commit(one, ephemeral(key("a")), durable(key("b"), ""));
            assertEquals(one.session().id(), fresh(other, key("a")).orElseThrow().owner());
            assertEquals(Entry.NO_OWNER, fresh(other, key("b")).orElseThrow().owner());
            commit(other, set(key("a"), "set by another"), set(key("b"), "set by another"));
            assertEquals(one.session().id(), fresh(other, key("a")).orElseThrow().owner());
            assertEquals(Entry.NO_OWNER, fresh(one, key("b")).orElseThrow().owner());
            assertEquals(
                    List.of(one.session().id(), Entry.NO_OWNER),
                    list(other, DIR, ReadConsistency.FRESH).entries().stream().map(Entry::owner).toList());
        });
    }

    @Test
    default void closeTakesTheEphemeralEntriesBeforeItReturns() {
        withStores((one, other) -> {
            commit(one, ephemeral(key("a")), ephemeral(key("b")), durable(key("stays"), ""));
            commit(other, ephemeral(key("others")));
            one.close();
            assertEquals(List.of("others", "stays"), names(other, DIR));
            assertEquals(Optional.empty(), fresh(other, key("a")));
            commit(other, durable(key("a"), "free again"));
        });
    }

    @Test
    default void closeTakesNothingThatIsNoLongerItsOwn() {
        withStores((one, other) -> {
            commit(one, ephemeral(key("durable")), ephemeral(key("others")));
            commit(other, delete(key("durable")), delete(key("others")));
            commit(other, durable(key("durable"), ""), ephemeral(key("others")));
            one.close();
            assertEquals(List.of("durable", "others"), names(other, DIR));
        });
    }

    @Test
    default void closedSessionIsLostAndSaysSoOnceAndLast() {
        withStore(store -> {
            Queue<StoreState> told = new ConcurrentLinkedQueue<>();
            store.onState(told::add);
            assertInstanceOf(StoreState.Connected.class, store.state());
            store.close();
            assertInstanceOf(StoreState.Lost.class, store.state());
            await(() -> told.stream().anyMatch(StoreState.Lost.class::isInstance));
            store.close();
            assertInstanceOf(StoreState.Lost.class, List.copyOf(told).getLast());
            assertEquals(1, told.stream().filter(StoreState.Lost.class::isInstance).count());
        });
    }

    @Test
    default void callsAfterTheCloseSayThatTheSessionIsLost() {
        withStores((one, other) -> {
            one.close();
            one.close();
            assertEquals(new CommitOutcome.SessionLost(), join(one.commit(List.of(durable(key("a"), "")))));
            assertThrows(SessionLostException.class, () -> read(one, key("a"), ReadConsistency.LOCAL));
            assertThrows(SessionLostException.class, () -> fresh(one, key("a")));
            assertThrows(SessionLostException.class, () -> list(one, DIR, ReadConsistency.LOCAL));
            assertThrows(SessionLostException.class, () -> join(one.watch(DIR, _ -> {})));
            one.onState(_ -> {});
            assertEquals(Optional.empty(), fresh(other, key("a")));
        });
    }

    @Test
    default void closeEndsTheCallsUnderWayWithTheTruth() {
        withStores((one, other) -> {
            List<Promise<CommitOutcome>> commits = new ArrayList<>();
            List<Promise<Optional<Entry>>> reads = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                commits.add(one.commit(List.of(durable(key("" + i), ""))));
                reads.add(one.read(key("" + i), i % 2 == 0 ? ReadConsistency.LOCAL : ReadConsistency.FRESH));
            }
            Promise<?> watch = one.watch(DIR, _ -> {});
            one.close();
            for (int i = 0; i < commits.size(); i++) {
                boolean there = fresh(other, key("" + i)).isPresent();
                switch (join(commits.get(i))) {
                    case CommitOutcome.Committed _ -> assertTrue(there, "committed and not there");
                    case CommitOutcome.Unknown _ -> {
                        // Either.
                    }
                    case CommitOutcome.NotSent _,CommitOutcome.SessionLost _ -> assertTrue(!there, "and is there");
                    case CommitOutcome.Refused refused -> throw new AssertionError(refused);
                }
            }
            reads.forEach(each -> await(each::isDone));
            await(watch::isDone);
        });
    }

    @Test
    default void heardAtRisesWhileTheSessionIsIdle() {
        withStore(store -> {
            Duration timeout = store.session().timeout();
            long last = store.heardAt();
            for (int i = 0; i < 10; i++) {
                Heddle.sleep(timeout.dividedBy(10));
                long heard = store.heardAt();
                assertTrue(heard - last >= 0, "the time went back");
                long silentNanos = Heddle.currentLoop().nanoTime() - heard;
                assertTrue(silentNanos >= 0, "heard of what was not sent yet");
                assertTrue(silentNanos <= timeout.toNanos() / 3, () -> silentNanos + " ns without a word");
                last = heard;
            }
        });
    }

    @Test
    default void idleSessionLivesOnAndKeepsWhatItOwns() {
        withStores((one, other) -> {
            commit(one, ephemeral(key("a")));
            WatchSignals signals = watched(one, DIR);
            Heddle.sleep(one.session().timeout().multipliedBy(3).dividedBy(2));
            assertInstanceOf(StoreState.Connected.class, one.state());
            assertEquals(List.of("a"), names(other, DIR));
            signals.await(key("b"), commit(other, durable(key("b"), "")).stamp());
            commit(one, set(key("a"), "still mine"));
        });
    }

    @Test
    default void sessionOutlivesTheTaskThatHasOpenedIt() {
        run(() -> {
            Store store = Heddle.spawn(() -> {
                Store opened = open(StoreFixture.newCluster());
                commit(opened, ephemeral(key("a")));
                return opened;
            })
                    .join();
            try (store) {
                Heddle.sleep(store.session().timeout().multipliedBy(3).dividedBy(2));
                assertEquals(List.of("a"), names(store, DIR));
            }
        });
    }

    @Test
    default void manySessionsOpenAndCloseAtOnce() {
        run(() -> {
            String cluster = StoreFixture.newCluster();
            List<Integer> numbers = IntStream.range(0, 20).boxed().toList();
            try (Store watching = open(cluster)) {
                WatchSignals signals = watched(watching, DIR);
                List<Store> all = Heddle.map(numbers, 20, each -> {
                    Store store = open(cluster);
                    commit(store, ephemeral(key("" + each)));
                    return store;
                });
                assertEquals(20, names(watching, DIR).size());
                Set<Long> ids = new HashSet<>();
                all.forEach(each -> ids.add(each.session().id()));
                assertEquals(20, ids.size());
                Heddle.map(all.subList(0, 10), 20, each -> {
                    each.close();
                    return each;
                });
                assertEquals(numbers.subList(10, 20).stream().map(each -> "" + each).sorted().toList(),
                        names(watching, DIR));
                Heddle.map(all.subList(10, 20), 20, each -> {
                    each.close();
                    return each;
                });
                assertEquals(List.of(), names(watching, DIR));
                for (int gone = 0; gone < 20;) {
                    gone = signals.next() instanceof WatchEvent.Gap || names(watching, DIR).isEmpty() ? 20 : gone + 1;
                }
            }
        });
    }

    // ---- clusters ----

    @Test
    @SuppressWarnings("try") // closed in the middle
    default void clustersOfDifferentNamesShareNothing() {
        run(() -> {
            String name = StoreFixture.newCluster();
            try (Store one = open(name);
                    Store longer = open(name + "-2");
                    Store dotted = open(name + ".2")) {
                WatchSignals signals = watched(one, DIR);
                commit(longer, durable(key("a"), "longer"));
                commit(dotted, durable(key("a"), "dotted"), ephemeral(key("b")));
                assertEquals(List.of(), names(one, DIR));
                long stamp = commit(one, durable(key("a"), "one")).stamp();
                assertEquals("longer", text(longer, key("a"), ReadConsistency.FRESH));
                assertEquals("dotted", text(dotted, key("a"), ReadConsistency.FRESH));
                assertEquals("one", text(one, key("a"), ReadConsistency.FRESH));
                signals.await(key("a"), stamp);
                signals.assertNone();
                dotted.close();
                assertEquals(List.of("a"), names(one, DIR));
            }
        });
    }

    @Test
    default void whatIsDurableOutlivesAllSessions() {
        run(() -> {
            String cluster = StoreFixture.newCluster();
            long stamp;
            try (Store store = open(cluster)) {
                stamp = commit(store, durable(key("a"), "stays")).stamp();
            }
            try (Store store = open(cluster)) {
                assertEquals("stays", text(store, key("a"), ReadConsistency.FRESH));
                assertTrue(commit(store, set(key("a"), "more")).stamp() > stamp);
            }
        });
    }
}
