package dev.heddle.sim;

import static dev.heddle.Heddle.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.Promise;
import dev.heddle.Task;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.CommitOutcome;
import dev.heddle.cluster.store.CommitOutcome.Committed;
import dev.heddle.cluster.store.CommitOutcome.NotSent;
import dev.heddle.cluster.store.CommitOutcome.Unknown;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Lifetime;
import dev.heddle.cluster.store.Op;
import dev.heddle.cluster.store.ReadConsistency;
import dev.heddle.cluster.store.SessionLostException;
import dev.heddle.cluster.store.SessionOptions;
import dev.heddle.cluster.store.Store;
import dev.heddle.cluster.store.StoreState;
import dev.heddle.cluster.store.StoreUnavailableException;
import dev.heddle.cluster.store.WatchEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The faults of a simulated store, one by one and by hand. */
final class StoreFaultsTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(6);

    private static final Key A = new Key("things", "a");

    private static final Key B = new Key("things", "b");

    /** A test with sessions on two nodes, in some seeds. */
    private interface Body {
        void run(SimStore engine, Store one, Store other) throws Exception;
    }

    private static void withStores(Body body) {
        Sim.seeds(SimOptions.DEFAULT.withSeed(1).withMaxVirtualTime(Duration.ofHours(1)), 10, sim -> {
            SimStore engine = SimStore.create(3);
            try (Store one = open(engine, "node-1");
                    Store other = open(engine, "node-2")) {
                body.run(engine, one, other);
                sim.network().heal();
            }
        });
    }

    private static Store open(SimStore engine, String host) throws Exception {
        return node(host).run(() -> engine.open(SessionOptions.of("orders").withTimeout(TIMEOUT)));
    }

    private static SimHost node(String name) {
        return Sim.current().network().host(name);
    }

    private static Op durable(Key key) {
        return new Op.Create(key, Bytes.EMPTY, Lifetime.DURABLE);
    }

    private static Op ephemeral(Key key) {
        return new Op.Create(key, Bytes.EMPTY, Lifetime.EPHEMERAL);
    }

    private static CommitOutcome commit(Store store, Op... ops) {
        return store.commit(List.of(ops)).join();
    }

    private static boolean isThere(Store store, Key key) {
        return store.read(key, ReadConsistency.FRESH).join().isPresent();
    }

    // ---- outcomes ----

    @Test
    void commitThatIsNotSentNeverTakesPlace() {
        withStores((engine, one, other) -> {
            engine.nextCommit(one, CommitFate.NOT_SENT);
            assertInstanceOf(NotSent.class, commit(one, durable(A)));
            sleep(TIMEOUT);
            assertTrue(!isThere(other, A));
            assertInstanceOf(Committed.class, commit(one, durable(A)));
        });
    }

    @Test
    void lostCommitIsUnknownAndNeverTakesPlace() {
        withStores((engine, one, other) -> {
            engine.nextCommit(one, CommitFate.LOST);
            assertInstanceOf(Unknown.class, commit(one, durable(A)));
            sleep(TIMEOUT);
            assertTrue(!isThere(other, A));
            assertInstanceOf(StoreState.Connected.class, one.state());
        });
    }

    @Test
    void commitWhoseAnswerIsLostIsUnknownAndHasTakenPlace() {
        withStores((engine, one, other) -> {
            engine.nextCommit(one, CommitFate.ANSWER_LOST);
            assertInstanceOf(Unknown.class, commit(one, durable(A)));
            assertTrue(isThere(one, A));
        });
    }

    @Test
    void lateCommitTakesPlaceLongAfterItsAnswer() {
        withStores((engine, one, other) -> {
            engine.faults(StoreFaults.NONE.withUnknown(0, Duration.ofSeconds(5)));
            engine.nextCommit(one, CommitFate.LATE);
            assertInstanceOf(Unknown.class, commit(one, durable(A)));
            assertTrue(!isThere(other, A));
            sleep(TIMEOUT);
            assertTrue(isThere(other, A));
            assertEquals(1, engine.statistics().count(StoreEvent.LATE_COMMIT));
        });
    }

    @Test
    void freshReadSettlesALateCommitForGood() {
        withStores((engine, one, other) -> {
            engine.faults(StoreFaults.NONE.withUnknown(0, Duration.ofMinutes(1)));
            engine.nextCommit(one, CommitFate.LATE);
            assertInstanceOf(Unknown.class, commit(one, durable(A)));
            boolean there = isThere(one, A);
            sleep(Duration.ofSeconds(70));
            assertEquals(there, isThere(other, A));
        });
    }

    @Test
    void commitThatIsSentAgainTakesPlaceOnce() {
        withStores((engine, one, other) -> {
            commit(one, durable(A));
            engine.faults(StoreFaults.NONE.withResends(1));
            for (int i = 1; i <= 5; i++) {
                engine.nextCommit(one, CommitFate.ANSWER_LOST);
                assertInstanceOf(Committed.class, commit(one, new Op.Set(A, Bytes.EMPTY, Op.ANY_VERSION)));
                assertEquals(i, one.read(A, ReadConsistency.LOCAL).join().orElseThrow().version());
            }
            assertEquals(5, engine.statistics().count(StoreEvent.RESEND));
        });
    }

    // ---- servers ----

    @Test
    void leaderThatCrashesIsReplacedAndNothingAcknowledgedIsLost() {
        withStores((engine, one, other) -> {
            List<Key> acknowledged = new ArrayList<>();
            Task<Void> crash = Heddle.spawn(() -> {
                sleep(Duration.ofMillis(300));
                engine.leaderHost().orElseThrow().crash();
            });
            for (int i = 0; i < 200; i++) {
                Key key = new Key("many", "" + i);
                if (commit(i % 2 == 0 ? one : other, durable(key)) instanceof Committed) {
                    acknowledged.add(key);
                }
                sleep(Duration.ofMillis(20));
            }
            crash.join();
            assertTrue(acknowledged.size() > 50, acknowledged::toString);
            acknowledged.forEach(each -> assertTrue(isThere(one, each)));
            assertEquals(1, engine.statistics().count(StoreEvent.LEADER_CHANGE));
            assertEquals(1, engine.statistics().count(StoreEvent.CRASH));
        });
    }

    @Test
    void crashedServerComesBackWithWhatItHadAndTheRest() {
        withStores((engine, one, other) -> {
            commit(one, durable(A));
            SimHost down = engine.hosts().getLast();
            down.crash();
            sleep(TIMEOUT);
            assertInstanceOf(Committed.class, commit(one, durable(B)));
            engine.start(down);
            sleep(TIMEOUT);
            engine.servers().forEach(each -> assertEquals(2, each.tree("orders").list("things").entries().size()));
        });
    }

    @Test
    void withoutAMajorityNothingIsCommittedAndSessionsGoOnWhenItIsBack() {
        withStores((engine, one, other) -> {
            commit(one, ephemeral(A));
            engine.hosts().subList(0, 2).forEach(SimHost::crash);
            assertTrue(!(commit(one, durable(B)) instanceof Committed));
            assertThrows(StoreUnavailableException.class, () -> isThere(one, A));
            sleep(TIMEOUT.multipliedBy(3));
            assertInstanceOf(StoreState.Silent.class, one.state());
            assertEquals(Optional.empty(), engine.leaderHost());
            engine.hosts().forEach(engine::start);
            sleep(TIMEOUT.multipliedBy(2));
            assertInstanceOf(StoreState.Connected.class, one.state());
            assertTrue(isThere(other, A), "the timers of sessions began anew");
        });
    }

    @Test
    void serverInAMinorityAnswersLocalReadsForAWhileAndThenFallsSilent() {
        withStores((engine, one, other) -> {
            commit(one, durable(A));
            assertTrue(isThere(one, A));
            SimHost mine = engine.serverOf(one).orElseThrow();
            engine.hosts().stream()
                    .filter(each -> each != mine)
                    .forEach(each -> Sim.current().network().partition(each, mine));
            sleep(Duration.ofMillis(300));
            assertTrue(one.read(A, ReadConsistency.LOCAL).join().isPresent());
            assertEquals(Optional.of(mine), engine.serverOf(one));
            sleep(TIMEOUT);
            assertNotEquals(Optional.of(mine), engine.serverOf(one));
            assertTrue(isThere(one, A));
        });
    }

    @Test
    void oldLeaderThatIsPartedCommitsNothing() {
        withStores((engine, one, other) -> {
            SimHost old = engine.leaderHost().orElseThrow();
            engine.hosts().stream()
                    .filter(each -> each != old)
                    .forEach(each -> Sim.current().network().partition(each, old));
            sleep(TIMEOUT);
            assertNotEquals(Optional.of(old), engine.leaderHost());
            assertInstanceOf(Committed.class, commit(one, durable(A)));
            Sim.current().network().heal();
            sleep(TIMEOUT);
            engine.servers().forEach(each -> assertTrue(each.followsTheCurrentLeader()));
            assertTrue(isThere(other, A));
        });
    }

    @Test
    void stalledLeaderIsReplacedAndFollowsWhenItWakes() {
        withStores((engine, one, other) -> {
            SimHost old = engine.leaderHost().orElseThrow();
            old.stall(Duration.ofSeconds(20));
            sleep(TIMEOUT);
            assertNotEquals(Optional.of(old), engine.leaderHost());
            assertInstanceOf(Committed.class, commit(one, durable(A)));
            sleep(Duration.ofSeconds(20));
            engine.servers().forEach(each -> assertTrue(each.followsTheCurrentLeader()));
        });
    }

    @Test
    void laggingServerShowsOldStatesAndNoneOlderThanWasSeen() {
        withStores((engine, one, other) -> {
            commit(one, durable(A));
            assertTrue(isThere(other, A));
            engine.serverOf(other).ifPresent(each -> engine.lag(each, Duration.ofSeconds(2)));
            commit(one, durable(B));
            boolean stale = other.read(B, ReadConsistency.LOCAL).join().isEmpty();
            assertTrue(other.read(A, ReadConsistency.LOCAL).join().isPresent());
            assertTrue(isThere(other, B), "a fresh read waits");
            assertTrue(other.read(B, ReadConsistency.LOCAL).join().isPresent());
            assertEquals(stale, engine.statistics().count(StoreEvent.STALE_READ) > 0);
        });
    }

    // ---- sessions ----

    @Test
    void isolatedNodeLosesItsSessionAndLearnsItWhenItCanTalkAgain() {
        withStores((engine, one, other) -> {
            commit(one, ephemeral(A));
            node("node-1").isolate();
            sleep(TIMEOUT.dividedBy(2));
            assertTrue(isThere(other, A));
            assertInstanceOf(StoreState.Silent.class, one.state());
            sleep(TIMEOUT);
            assertTrue(!isThere(other, A));
            assertInstanceOf(StoreState.Silent.class, one.state());
            assertTrue(!(commit(one, durable(B)) instanceof Committed));
            node("node-1").rejoin();
            sleep(TIMEOUT);
            assertInstanceOf(StoreState.Lost.class, one.state());
            assertThrows(SessionLostException.class, () -> isThere(one, A));
            assertTrue(!isThere(other, B));
        });
    }

    @Test
    void stalledNodeLearnsLateThatItsSessionIsOver() {
        withStores((engine, one, other) -> {
            commit(one, ephemeral(A));
            node("node-1").stall(TIMEOUT.multipliedBy(3));
            sleep(TIMEOUT.multipliedBy(2));
            assertTrue(!isThere(other, A));
            assertInstanceOf(StoreState.Connected.class, one.state());
            sleep(TIMEOUT.multipliedBy(2));
            assertInstanceOf(StoreState.Lost.class, one.state());
        });
    }

    @Test
    void crashedNodeIsMissedAfterTheTimeoutAndNotBefore() {
        withStores((engine, one, other) -> {
            commit(one, ephemeral(A));
            node("node-1").crash();
            assertInstanceOf(StoreState.Lost.class, one.state());
            sleep(TIMEOUT.multipliedBy(2).dividedBy(3));
            assertTrue(isThere(other, A));
            sleep(TIMEOUT.dividedBy(2));
            assertTrue(!isThere(other, A));
        });
    }

    @Test
    void leaderChangeGivesADeadNodeAnotherTimeout() {
        withStores((engine, one, other) -> {
            commit(one, ephemeral(A));
            node("node-1").crash();
            sleep(TIMEOUT.multipliedBy(2).dividedBy(3));
            engine.leaderChange();
            sleep(TIMEOUT.multipliedBy(2).dividedBy(3));
            assertTrue(isThere(other, A));
            sleep(TIMEOUT.multipliedBy(2).dividedBy(3));
            assertTrue(!isThere(other, A));
        });
    }

    @Test
    void sessionMovesWhenItsConnectionIsCutAndKeepsWhatItOwns() {
        withStores((engine, one, other) -> {
            commit(one, ephemeral(A));
            for (int i = 0; i < 5; i++) {
                SimHost before = engine.serverOf(one).orElseThrow();
                assertEquals(1, Sim.current().network().cut(node("node-1"), before));
                sleep(Duration.ofSeconds(1));
                assertNotEquals(Optional.of(before), engine.serverOf(one));
            }
            assertTrue(isThere(other, A));
            assertInstanceOf(StoreState.Connected.class, one.state());
        });
    }

    @Test
    void silenceOfTwoThirdsOfTheTimeoutCostsNoSession() {
        withStores((engine, one, other) -> {
            engine.faults(StoreFaults.NONE.withExpiryTimes(StoreFaults.MAX_EARLY_EXPIRY, 0));
            engine.leaderChange();
            sleep(TIMEOUT);
            commit(one, ephemeral(A));
            engine.silence(one, TIMEOUT.multipliedBy(10));
            long believedUntil = one.heardAt() + TIMEOUT.toNanos() * 2 / 3;
            while (isThere(other, A)) {
                sleep(Duration.ofMillis(20));
            }
            assertTrue(Heddle.currentLoop().nanoTime() - believedUntil >= 0, "taken while it believed in it");
        });
    }

    @Test
    void wipedStoreEndsAllSessionsAndBeginsAnew() {
        withStores((engine, one, other) -> {
            long before = ((Committed) commit(one, durable(A), durable(B))).stamp();
            engine.wipe();
            sleep(TIMEOUT);
            assertInstanceOf(StoreState.Lost.class, one.state());
            assertInstanceOf(StoreState.Lost.class, other.state());
            try (Store next = open(engine, "node-1")) {
                assertTrue(!isThere(next, A));
                assertTrue(((Committed) commit(next, durable(A))).stamp() <= before, "stamps begin anew");
            }
        });
    }

    // ---- watches ----

    @Test
    void watchOfASessionThatMovesIsToldOfAGap() {
        withStores((engine, one, other) -> {
            List<WatchEvent> signals = new ArrayList<>();
            one.watch("things", signals::add).join();
            engine.silence(one, Duration.ofSeconds(1));
            commit(other, durable(A));
            sleep(TIMEOUT);
            assertTrue(signals.contains(new WatchEvent.Gap()), signals::toString);
            signals.clear();
            commit(other, durable(B));
            sleep(TIMEOUT);
            assertInstanceOf(WatchEvent.Changed.class, signals.getFirst());
        });
    }

    @Test
    void watchOfASessionThatMovesMayBeToldWhatItMissedInstead() {
        withStores((engine, one, other) -> {
            engine.faults(StoreFaults.NONE.withReplays(1));
            List<WatchEvent> signals = new ArrayList<>();
            one.watch("things", signals::add).join();
            engine.silence(one, Duration.ofSeconds(1));
            long first = ((Committed) commit(other, durable(A))).stamp();
            commit(other, new Op.Set(A, Bytes.EMPTY, 0));
            long last = ((Committed) commit(other, durable(B))).stamp();
            sleep(TIMEOUT);
            assertEquals(List.of(new WatchEvent.Changed(A, first), new WatchEvent.Changed(B, last)), signals);
        });
    }

    @Test
    void signalsComeLateMergedOrAsGapsByHandAndByChance() {
        withStores((engine, one, other) -> {
            List<WatchEvent> signals = new ArrayList<>();
            one.watch("things", signals::add).join();
            engine.gap(one);
            sleep(Duration.ofSeconds(1));
            assertEquals(List.of(new WatchEvent.Gap()), signals);
            signals.clear();
            engine.faults(StoreFaults.NONE.withLateSignals(1, Duration.ofSeconds(3)).withMerges(1));
            long first = ((Committed) commit(other, durable(A))).stamp();
            commit(other, new Op.Set(A, Bytes.utf8("last"), 0));
            sleep(Duration.ofSeconds(4));
            assertEquals(new WatchEvent.Changed(A, first), signals.getFirst());
            Entry entry = one.read(A, ReadConsistency.LOCAL).join().orElseThrow();
            assertEquals("last", entry.value().utf8());
        });
    }

    @Test
    void signalOfADeletionSaysSoUnlessAnotherWasMergedIntoIt() {
        withStores((engine, one, other) -> {
            List<WatchEvent> signals = new ArrayList<>();
            commit(other, durable(A), durable(B));
            one.watch("things", signals::add).join();
            engine.faults(StoreFaults.NONE.withLateSignals(1, Duration.ofSeconds(3)).withMerges(1));
            assertEquals(deleteAndCreateAnew(other), told(signals));
            engine.faults(StoreFaults.NONE.withReplays(1));
            engine.silence(one, Duration.ofSeconds(1));
            assertEquals(deleteAndCreateAnew(other), told(signals));
        });
    }

    /** Deletes two entries and creates them anew; says what there is to be told if all of one entry is merged. */
    private static List<WatchEvent> deleteAndCreateAnew(Store store) {
        long stamp = ((Committed) commit(store, new Op.Delete(A, 0), new Op.Delete(B, 0))).stamp();
        commit(store, durable(B));
        sleep(TIMEOUT);
        long created = ((Committed) commit(store, durable(A))).stamp();
        return List.of(
                new WatchEvent.Changed(A, stamp, true), new WatchEvent.Changed(B, stamp),
                new WatchEvent.Changed(A, created));
    }

    private static List<WatchEvent> told(List<WatchEvent> signals) {
        sleep(TIMEOUT);
        List<WatchEvent> told = List.copyOf(signals);
        signals.clear();
        return told;
    }

    @Test
    void signalsOfOneCommitComeApartAndAllBeforeTheAnswerToAReadThatIsAskedForBetween() {
        withStores((engine, one, other) -> {
            engine.faults(StoreFaults.NONE.withSplits(1, Duration.ofSeconds(2)));
            List<WatchEvent> signals = new ArrayList<>();
            Promise<WatchEvent> first = new Promise<>();
            one.watch("things", signal -> {
                signals.add(signal);
                first.tryComplete(signal);
            }).join();
            long stamp = ((Committed) commit(other, durable(A), durable(B))).stamp();
            first.join();
            assertEquals(1, signals.size(), "nothing else comes in this moment");
            assertTrue(one.read(A, ReadConsistency.LOCAL).join().isPresent());
            assertEquals(List.of(new WatchEvent.Changed(A, stamp), new WatchEvent.Changed(B, stamp)), signals);
            assertEquals(1, engine.statistics().count(StoreEvent.SPLIT));
        });
    }

    @Test
    void sessionThatMovesBetweenTheSignalsOfOneCommitHearsTheRestBeforeAnyAnswer() {
        assertRestIsHeardFirst(StoreFaults.NONE);
        assertRestIsHeardFirst(StoreFaults.NONE.withReplays(1));
    }

    private static void assertRestIsHeardFirst(StoreFaults faults) {
        withStores((engine, one, other) -> {
            engine.faults(faults
                    .withSplits(1, Duration.ofSeconds(2))
                    .withLateSignals(0.5, Duration.ofSeconds(5)));
            List<WatchEvent> signals = new ArrayList<>();
            Promise<WatchEvent> first = new Promise<>();
            for (String directory : List.of("things", "others")) {
                one.watch(directory, signal -> {
                    signals.add(signal);
                    first.tryComplete(signal);
                }).join();
            }
            Key elsewhere = new Key("others", "c");
            long stamp = ((Committed) commit(other, durable(A), durable(B), durable(elsewhere))).stamp();
            first.join();
            engine.cut(one);
            assertTrue(one.read(B, ReadConsistency.LOCAL).join().isPresent());
            for (Key each : List.of(A, B, elsewhere)) {
                assertTrue(
                        signals.contains(new WatchEvent.Changed(each, stamp)) || signals.contains(new WatchEvent.Gap()),
                        () -> each + " is not among " + signals);
            }
        });
    }

    // ---- the same again ----

    @Test
    void sameSeedGivesTheSameRun() {
        SimOptions options = SimOptions.DEFAULT.withSeed(7).withMaxVirtualTime(Duration.ofHours(1));
        List<Object> runs = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            runs.add(Sim.run(options, sim -> {
                SimStore engine = SimStore.create(3, StoreFaults.ROUGH);
                for (int node = 1; node <= 3; node++) {
                    node("node-" + node).spawn(() -> {
                        try (Store store = engine.open(SessionOptions.of("orders"))) {
                            for (int j = 0; j < 100; j++) {
                                commit(store, durable(new Key("things", "" + j)));
                                sleep(sim.random().upTo(Duration.ofSeconds(1)));
                            }
                        }
                    });
                }
                sleep(Duration.ofMinutes(5));
                runs.add(engine.statistics());
            }));
        }
        assertEquals(runs.subList(0, 2), runs.subList(2, 4));
    }
}
