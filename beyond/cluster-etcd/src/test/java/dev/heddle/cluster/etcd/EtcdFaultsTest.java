package dev.heddle.cluster.etcd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Promise;
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
import dev.heddle.cluster.store.StoreEngine;
import dev.heddle.cluster.store.StoreState;
import dev.heddle.cluster.store.StoreUnavailableException;
import dev.heddle.cluster.store.WatchEvent;
import dev.heddle.http.server.Response;
import dev.heddle.sim.SimTest;
import dev.heddle.tls.ClientTls;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.TlsIdentity;
import dev.heddle.tls.TlsTrust;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Servers that die, hang, lag and talk rubbish: what a session makes of it. */
@Tag("full")
final class EtcdFaultsTest {

    private static final String TXN = "/v3/kv/txn";
    private static final String RANGE = "/v3/kv/range";
    private static final String RENEW = "/v3/lease/keepalive";
    private static final Key A = new Key("things", "a");
    private static final Key B = new Key("things", "b");

    private static final SessionOptions SIX_SECONDS = SessionOptions.of("faults").withTimeout(Duration.ofSeconds(6));

    private interface Body {
        void run(FakeEtcd etcd, Store store) throws Exception;
    }

    private static void with(int servers, Body body) {
        try (var etcd = new FakeEtcd(servers)) {
            try (Store store = etcd.store().open(SIX_SECONDS)) {
                body.run(etcd, store);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }

    private static Op create(Key key, String value) {
        return new Op.Create(key, Bytes.utf8(value), Lifetime.DURABLE);
    }

    private static Op ephemeral(Key key) {
        return new Op.Create(key, Bytes.EMPTY, Lifetime.EPHEMERAL);
    }

    private static Op set(Key key, String value) {
        return new Op.Set(key, Bytes.utf8(value), Op.ANY_VERSION);
    }

    private static CommitOutcome commit(Store store, Op... ops) {
        return Heddle.timeout(Duration.ofMinutes(1), () -> store.commit(List.of(ops)).join());
    }

    private static Optional<String> read(Store store, Key key, ReadConsistency freshness) {
        return Heddle.timeout(Duration.ofMinutes(1), () -> store.read(key, freshness).join())
                .map(entry -> entry.value().utf8());
    }

    private static List<WatchEvent> watched(Store store) {
        List<WatchEvent> told = new ArrayList<>();
        Heddle.timeout(Duration.ofMinutes(1), () -> store.watch("things", told::add).join());
        return told;
    }

    private static void seconds(long count) {
        Heddle.sleep(Duration.ofSeconds(count));
    }

    // ---- commits without an answer ----

    @SimTest(seeds = 10)
    void commitThatIsDoneWithoutAnAnswerIsUnknownAndSeenAfterwards() {
        with(1, (etcd, store) -> {
            etcd.faults(TXN, FakeEtcd.losesTheAnswer());
            assertInstanceOf(Unknown.class, commit(store, create(A, "1")));
            assertEquals(Optional.of("1"), read(store, A, ReadConsistency.FRESH));
        });
    }

    @SimTest(seeds = 1)
    void commitWhoseConnectionIsCutIsUnknown() {
        with(1, (etcd, store) -> {
            etcd.faults(TXN, FakeEtcd.breaksTheConnection());
            assertInstanceOf(Unknown.class, commit(store, create(A, "1")));
            assertEquals(Optional.of("1"), read(store, A, ReadConsistency.FRESH));
        });
    }

    @SimTest(seeds = 10)
    void lateCommitIsRefusedOnceAFreshReadHasSettledIt() {
        with(3, (etcd, store) -> {
            etcd.faults(TXN, FakeEtcd.doesItLater(Duration.ofSeconds(3)));
            assertInstanceOf(Unknown.class, commit(store, create(A, "late")));
            assertEquals(Optional.empty(), read(store, A, ReadConsistency.FRESH));
            seconds(5);
            assertEquals(Optional.empty(), read(store, A, ReadConsistency.FRESH));
            assertInstanceOf(Committed.class, commit(store, create(A, "new")));
        });
    }

    @SimTest(seeds = 10)
    void lateCommitIsDoneWhereNothingHasSettledIt() {
        with(3, (etcd, store) -> {
            etcd.faults(TXN, FakeEtcd.doesItLater(Duration.ofSeconds(3)));
            assertInstanceOf(Unknown.class, commit(store, create(A, "late")));
            assertEquals(Optional.empty(), read(store, A, ReadConsistency.LOCAL));
            seconds(5);
            assertEquals(Optional.of("late"), read(store, A, ReadConsistency.LOCAL));
        });
    }

    @SimTest(seeds = 10)
    void freshListingSettlesToo() {
        with(1, (etcd, store) -> {
            etcd.faults(TXN, FakeEtcd.doesItLater(Duration.ofSeconds(3)));
            assertInstanceOf(Unknown.class, commit(store, create(A, "late")));
            assertEquals(List.of(), store.list("things", ReadConsistency.FRESH).join().entries());
            seconds(5);
            assertEquals(List.of(), store.list("things", ReadConsistency.FRESH).join().entries());
        });
    }

    @SimTest(seeds = 10)
    void commitUnderWayInAnEpochThatIsOverIsSentAgain() {
        with(1, (etcd, store) -> {
            etcd.faults(TXN, FakeEtcd.doesItLater(Duration.ofSeconds(20)), FakeEtcd.slow(Duration.ofSeconds(1)));
            assertInstanceOf(Unknown.class, commit(store, create(A, "late")));
            Promise<CommitOutcome> slow = store.commit(List.of(create(B, "slow")));
            Heddle.sleep(Duration.ofMillis(500));
            assertEquals(Optional.empty(), read(store, A, ReadConsistency.FRESH));
            assertFalse(slow.isDone());
            assertInstanceOf(Committed.class, slow.join());
            assertEquals(Optional.of("slow"), read(store, B, ReadConsistency.FRESH));
        });
    }

    @SimTest(seeds = 10)
    void epochThatBeginsLateByItselfRefusesNobodyForGood() {
        with(1, (etcd, store) -> {
            etcd.faults(TXN, FakeEtcd.losesTheAnswer(), FakeEtcd.doesItLater(Duration.ofSeconds(2)));
            assertInstanceOf(Unknown.class, commit(store, create(A, "1")));
            assertEquals(Optional.of("1"), read(store, A, ReadConsistency.FRESH));
            seconds(3);
            assertInstanceOf(Committed.class, commit(store, set(A, "2")));
        });
    }

    @SimTest(seeds = 5)
    void commitToAServerThatHangsIsUnknownInHalfTheTimeout() {
        with(1, (etcd, store) -> {
            etcd.faults(TXN, FakeEtcd.hangs());
            Duration time = Heddle.measureTime(
                    () -> assertInstanceOf(Unknown.class, commit(store, create(A, "1"))));
            assertEquals(3, time.toSeconds());
            assertInstanceOf(StoreState.Connected.class, store.state());
        });
    }

    // ---- what etcd's words mean ----

    @SimTest(seeds = 1)
    void errorsOfEtcdSayWhetherACommitMayHaveTakenPlace() {
        with(1, (etcd, store) -> {
            String[] unknown = {
                    "etcdserver: request timed out",
                    "etcdserver: request timed out, possibly due to previous leader failure",
                    "etcdserver: request timed out, possibly due to connection lost", "etcdserver: server stopped",
                    "etcdserver: leader changed", "transport is closing"
            };
            for (String message : unknown) {
                etcd.faults(TXN, FakeEtcd.fails(503, 14, message));
                assertEquals(message, assertInstanceOf(Unknown.class, commit(store, create(A, ""))).cause());
            }
            etcd.faults(TXN, FakeEtcd.fails(500, 2, "context deadline exceeded"));
            assertInstanceOf(Unknown.class, commit(store, create(A, "")));
            assertNotSent(etcd, store, 403, 7, "etcdserver: permission denied");
            assertNotSent(etcd, store, 429, 8, "etcdserver: mvcc: database space exceeded");
            assertNotSent(etcd, store, 400, 3, "etcdserver: request is too large");
            assertNotSent(etcd, store, 400, 3, "etcdserver: user name is empty");
            assertEquals(1, etcd.applied);
        });
    }

    private static void assertNotSent(FakeEtcd etcd, Store store, int status, int code, String message) {
        etcd.faults(TXN, FakeEtcd.fails(status, code, message));
        assertEquals(new NotSent(message), commit(store, create(A, "")));
    }

    @SimTest(seeds = 5)
    void whatSurelyHadNoEffectIsSentAgain() {
        with(1, (etcd, store) -> {
            etcd.faults(TXN, FakeEtcd.fails(503, 14, "etcdserver: no leader"),
                    FakeEtcd.fails(429, 8, "etcdserver: too many requests"),
                    FakeEtcd.fails(500, 2, "raft proposal dropped"));
            assertInstanceOf(Committed.class, commit(store, create(A, "1")));
        });
    }

    @SimTest(seeds = 5)
    void refusedReadSaysWhy() {
        with(1, (etcd, store) -> {
            etcd.faults(RANGE, FakeEtcd.fails(403, 7, "etcdserver: permission denied"));
            var refused = assertThrows(StoreUnavailableException.class, () -> read(store, A, ReadConsistency.FRESH));
            assertTrue(refused.getMessage().contains("permission denied"), refused.getMessage());
        });
    }

    // ---- bad answers ----

    @SimTest(seeds = 1)
    void badAnswerIsUnknownForACommitAndTriedAgainForARead() {
        String header = "\"header\":{\"cluster_id\":\"17\",\"revision\":\"2\"}";
        String[] answers = {
                "", "rubbish", "[]", "null", "\"text\"", "{", "{\"header\":7}", "{}", "{" + header + "} more",
                "{\"header\":{\"cluster_id\":\"17\"}}", "{\"header\":{\"cluster_id\":\"17\",\"revision\":\"x\"}}",
                "{\"header\":{\"cluster_id\":\"17\",\"revision\":\"99999999999999999999\"}}",
                "{\"header\":{\"cluster_id\":\"18\",\"revision\":\"9\"},\"succeeded\":true}",
                "{" + header + ",\"succeeded\":\"yes\"}", "{" + header + "}", "{" + header + ",\"responses\":{}}",
                "{" + header + ",\"responses\":[1,2]}", "{" + header + ",\"responses\":[{},{}],\"kvs\":[7]}",
                "{" + header + ",\"kvs\":[{\"key\":\"!\"}],\"responses\":[null,null]}"
        };
        with(1, (etcd, store) -> {
            for (String answer : answers) {
                etcd.faults(TXN, FakeEtcd.says(200, answer));
                CommitOutcome outcome = commit(store, create(A, ""));
                // A session's key that is said to be gone ends the session; nothing else does.
                assertInstanceOf(Unknown.class, outcome, answer);
                assertTrue(((Unknown) outcome).cause().contains("bad answer"), answer);
            }
            assertEquals(Optional.empty(), read(store, A, ReadConsistency.FRESH));
            for (String answer : List.of("rubbish", "[]", "{\"header\":7}", "{\"header\":{\"cluster_id\":\"18\"}}")) {
                etcd.faults(RANGE, FakeEtcd.says(200, answer));
                assertEquals(Optional.empty(), read(store, A, ReadConsistency.LOCAL));
                etcd.faults(RENEW, FakeEtcd.says(200, answer));
                seconds(1);
            }
            assertInstanceOf(StoreState.Connected.class, store.state());
            etcd.faults(TXN, FakeEtcd.says(502, "<html>"));
            assertEquals("status 502", assertInstanceOf(Unknown.class, commit(store, create(A, ""))).cause());
            etcd.faults(TXN, FakeEtcd.says(404, "Not Found"));
            assertEquals(new NotSent("the server has no gateway of version 3"), commit(store, create(A, "")));
        });
    }

    @SimTest(seeds = 1)
    void answerWithoutAnEndIsCutAtItsLimit() {
        with(1, (etcd, store) -> {
            FakeEtcd.Fault endless = _ -> Response.stream("application/json", out -> {
                for (;;) {
                    out.write(new byte[1024 * 1024]);
                }
            });
            etcd.faults(TXN, endless);
            var outcome = assertInstanceOf(Unknown.class, commit(store, create(A, "")));
            assertTrue(outcome.cause().contains("" + Gateway.MAX_ANSWER), outcome.cause());
            etcd.faults("/v3/watch", endless);
            List<WatchEvent> told = watched(store);
            commit(store, create(B, ""));
            seconds(1);
            assertEquals(1, told.size());
        });
    }

    @SimTest(seeds = 1)
    void keysOfSomebodyElseInADirectoryAreNamed() {
        with(1, (etcd, store) -> {
            etcd.put("heddle/faults/e/things//not a name");
            var bad = assertThrows(StoreUnavailableException.class,
                    () -> store.list("things", ReadConsistency.LOCAL).join());
            assertTrue(bad.getMessage().contains("a key that is no name"), bad.getMessage());
        });
    }

    // ---- servers that come and go ----

    @SimTest(seeds = 10)
    void nextServerIsAskedWhenOneIsGone() {
        with(3, (etcd, store) -> {
            List<StoreState> states = new ArrayList<>();
            store.onState(states::add);
            etcd.kill(0);
            assertEquals(Optional.empty(), read(store, A, ReadConsistency.FRESH));
            assertInstanceOf(Committed.class, commit(store, ephemeral(A)));
            etcd.kill(1);
            seconds(20);
            assertEquals(Optional.of(""), read(store, A, ReadConsistency.LOCAL));
            assertEquals(List.of(), states);
        });
    }

    @SimTest(seeds = 10)
    void sessionIsOpenedAtWhoeverAnswers() {
        try (var etcd = new FakeEtcd(3)) {
            etcd.kill(0);
            etcd.leaderless(1, true);
            try (Store store = etcd.store().open(SIX_SECONDS)) {
                assertInstanceOf(Committed.class, commit(store, create(A, "")));
            }
        }
    }

    @SimTest(seeds = 5)
    void storeThatNobodyAnswersForIsUnavailableInTheTimeout() {
        StoreEngine engine;
        try (var etcd = new FakeEtcd(2)) {
            engine = etcd.store();
            etcd.faults("/v3/lease/grant", FakeEtcd.hangs(), FakeEtcd.hangs(), FakeEtcd.hangs());
            Duration time = Heddle.measureTime(
                    () -> assertThrows(StoreUnavailableException.class, () -> engine.open(SIX_SECONDS)));
            assertTrue(time.toSeconds() < 8, time::toString);
        }
        Duration time = Heddle.measureTime(
                () -> assertThrows(StoreUnavailableException.class, () -> engine.open(SIX_SECONDS)));
        assertEquals(6, time.toSeconds());
    }

    @SimTest(seeds = 10)
    void cancelledOpenLeavesNoLease() {
        try (var etcd = new FakeEtcd(1)) {
            etcd.faults(TXN, FakeEtcd.hangs());
            assertEquals(Optional.empty(),
                    Heddle.moveOnAfter(Duration.ofMillis(300), () -> etcd.store().open(SIX_SECONDS)));
            assertEquals(List.of("0/v3/lease/grant", "0/v3/kv/txn", "0/v3/lease/revoke"), etcd.asked());
            assertEquals(0, etcd.leases());
        }
    }

    @SimTest(seeds = 10)
    void minorityAnswersLocalReadsOnlyAndFallsSilent() {
        with(1, (etcd, store) -> {
            commit(store, create(A, "old"));
            etcd.leaderless(0, true);
            assertEquals(Optional.of("old"), read(store, A, ReadConsistency.LOCAL));
            assertThrows(StoreUnavailableException.class, () -> read(store, A, ReadConsistency.FRESH));
            assertEquals(new NotSent("etcdserver: no leader"), commit(store, set(A, "new")));
            var silent = assertInstanceOf(StoreState.Silent.class, store.state());
            assertEquals(store.heardAt(), silent.since());
            etcd.leaderless(0, false);
            seconds(1);
            assertInstanceOf(StoreState.Connected.class, store.state());
        });
    }

    @SimTest(seeds = 10)
    void localReadOfAServerThatLagsIsAskedThroughTheLeader() {
        with(2, (etcd, store) -> {
            etcd.lag(1);
            commit(store, create(A, "new"));
            etcd.kill(0);
            assertEquals(Optional.of("new"), read(store, A, ReadConsistency.LOCAL));
            assertEquals(1, store.list("things", ReadConsistency.LOCAL).join().entries().size());
        });
    }

    @SimTest(seeds = 10)
    void listingOfManyPagesIsOfOneMoment() {
        with(1, (etcd, store) -> {
            for (int i = 0; i < 300; i += 50) {
                List<Op> ops = new ArrayList<>();
                for (int j = i; j < i + 50; j++) {
                    ops.add(create(new Key("things", "" + (1000 + j)), ""));
                }
                assertInstanceOf(Committed.class, store.commit(ops).join());
            }
            etcd.faults(RANGE, real -> real.call(), FakeEtcd.slow(Duration.ofMillis(500)));
            var listing = store.list("things", ReadConsistency.FRESH);
            Heddle.sleep(Duration.ofMillis(300));
            Key last = new Key("things", "1299");
            assertInstanceOf(Committed.class, commit(store, new Op.Delete(last, 0), create(A, "")));
            List<Entry> entries = listing.join().entries();
            assertEquals(300, entries.size());
            assertEquals(last, entries.getLast().key());
            assertEquals(etcd.revision() - 1, listing.join().stamp());
        });
    }

    @SimTest(seeds = 5)
    void twoEtcdsAreNotTakenForOne() {
        try (var one = new FakeEtcd(1); var other = new FakeEtcd(1)) {
            other.clusterId = "18";
            StoreEngine mixed = EtcdStore.at(one.endpoints()[0], other.endpoints()[0]);
            try (Store store = mixed.open(SIX_SECONDS)) {
                commit(store, create(A, ""));
                one.kill(0);
                var mix = assertThrows(StoreUnavailableException.class, () -> read(store, A, ReadConsistency.LOCAL));
                assertTrue(mix.getMessage().contains("another etcd: 18, not 17")
                        || mix.getMessage().contains("refused"), mix.getMessage());
                assertInstanceOf(StoreState.Silent.class, store.state());
            }
        }
    }

    @SimTest(seeds = 5)
    void restoredEtcdEndsTheSession() {
        with(1, (etcd, store) -> {
            long before = etcd.revision();
            commit(store, create(A, "1"));
            commit(store, set(A, "2"));
            etcd.restore(before);
            assertThrows(SessionLostException.class, () -> read(store, A, ReadConsistency.FRESH));
            var lost = assertInstanceOf(StoreState.Lost.class, store.state());
            assertTrue(lost.cause().contains("wiped or restored"), lost.cause());
        });
    }

    // ---- the session ----

    @SimTest(seeds = 10)
    void commitOfASessionThatEtcdHasTakenHasNotTakenPlace() {
        with(1, (etcd, store) -> {
            etcd.revoke(store.session().id());
            assertEquals(new CommitOutcome.SessionLost(), commit(store, create(A, "")));
            assertInstanceOf(StoreState.Lost.class, store.state());
            assertThrows(SessionLostException.class, () -> read(store, A, ReadConsistency.LOCAL));
        });
    }

    @SimTest(seeds = 10)
    void leaseThatALeaderDoesNotKnowYetIsNotLost() {
        with(1, (etcd, store) -> {
            FakeEtcd.Fault unknown = FakeEtcd.says(200,
                    "{\"result\":{\"header\":{\"cluster_id\":\"17\",\"revision\":\"2\"},\"ID\":\"5\"}}");
            etcd.faults(RENEW, unknown, unknown);
            seconds(5);
            assertInstanceOf(StoreState.Connected.class, store.state());
            assertTrue(etcd.hasLease(store.session().id()));
        });
    }

    @SimTest(seeds = 10)
    void renewalByALeaderThatIsNoneAnyMoreIsNotBelievedAfterASilence() {
        with(1, (etcd, store) -> {
            FakeEtcd.Fault past = FakeEtcd.says(200, "{\"result\":{\"header\":{\"cluster_id\":\"17\","
                    + "\"revision\":\"2\"},\"ID\":\"5\",\"TTL\":\"6\"}}");
            etcd.faults(RENEW, FakeEtcd.hangs(), FakeEtcd.hangs(), FakeEtcd.hangs(), past, past, past, past);
            long heard = store.heardAt();
            seconds(2);
            etcd.revoke(store.session().id());
            seconds(3);
            assertInstanceOf(StoreState.Lost.class, store.state());
            assertTrue(store.heardAt() - heard < Duration.ofSeconds(2).toNanos());
        });
    }

    @SimTest(seeds = 10)
    void heardAtIsWhenTheRenewalWasSent() {
        with(1, (etcd, store) -> {
            etcd.faults(RENEW, FakeEtcd.slow(Duration.ofMillis(900)));
            seconds(2);
            var answered = new ArrayList<Long>();
            for (int i = 0; i < 200; i++) {
                Heddle.sleep(Duration.ofMillis(10));
                answered.add(Heddle.currentLoop().nanoTime() - store.heardAt());
            }
            assertTrue(answered.stream().allMatch(age -> age >= 0 && age < Duration.ofSeconds(2).toNanos()),
                    answered::toString);
            etcd.faults(RENEW, FakeEtcd.slow(Duration.ofMillis(900)), FakeEtcd.hangs());
            long begin = Heddle.currentLoop().nanoTime();
            while (store.heardAt() - begin < 0) {
                Heddle.sleep(Duration.ofMillis(1));
            }
            long age = Heddle.currentLoop().nanoTime() - store.heardAt();
            assertTrue(age >= Duration.ofMillis(900).toNanos(), () -> "heard " + age + " ns ago");
        });
    }

    @SimTest(seeds = 10)
    void otherAnswersDoNotStandForARenewal() {
        with(1, (etcd, store) -> {
            for (int i = 0; i < 100; i++) {
                etcd.faults(RENEW, FakeEtcd.fails(503, 14, "etcdserver: request timed out"));
            }
            long heard = store.heardAt();
            for (int i = 0; i < 3; i++) {
                seconds(1);
                read(store, A, ReadConsistency.FRESH);
            }
            assertEquals(heard, store.heardAt());
            assertEquals(new StoreState.Silent(heard), store.state());
        });
    }

    @SimTest(seeds = 10)
    void closeWaitsNoLongerThanTheTimeoutForAStoreThatHangs() {
        try (var etcd = new FakeEtcd(1)) {
            Store store = etcd.store().open(SIX_SECONDS);
            for (int i = 0; i < 20; i++) {
                etcd.faults("/v3/lease/revoke", FakeEtcd.hangs());
            }
            Duration time = Heddle.measureTime(store::close);
            assertTrue(time.toSeconds() >= 6 && time.toSeconds() < 8, time::toString);
        }
    }

    @SimTest(seeds = 10)
    void closeWithACommitUnderWayTellsWhatBecameOfIt() {
        try (var etcd = new FakeEtcd(1)) {
            Store store = etcd.store().open(SIX_SECONDS);
            etcd.faults(TXN, FakeEtcd.slow(Duration.ofSeconds(1)));
            Promise<CommitOutcome> slow = store.commit(List.of(create(A, "")));
            Promise<CommitOutcome> queued = store.commit(List.of(create(B, "")));
            Promise<Optional<Entry>> hanging = store.read(A, ReadConsistency.FRESH);
            Heddle.sleep(Duration.ofMillis(300));
            etcd.faults(RANGE, FakeEtcd.hangs());
            Promise<Optional<Entry>> hangs = store.read(A, ReadConsistency.FRESH);
            Heddle.sleep(Duration.ofMillis(300));
            store.close();
            assertEquals(new CommitOutcome.SessionLost(), slow.join());
            assertEquals(new CommitOutcome.SessionLost(), queued.join());
            assertEquals(Optional.empty(), hanging.join());
            assertThrows(SessionLostException.class, hangs::join);
        }
    }

    @Test
    void loopThatEndsGivesUpTheSessionAndDecidesAllCalls() {
        Heddle.run(() -> {
            try (var etcd = new FakeEtcd(1); Loop loop = Loop.start(Config.DEFAULT.withName("short"))) {
                Store store = loop.spawn(() -> etcd.store().open(SIX_SECONDS)).join();
                List<WatchEvent> told = new CopyOnWriteArrayList<>();
                store.watch("things", told::add).join();
                etcd.faults(TXN, FakeEtcd.hangs());
                Promise<CommitOutcome> sent = store.commit(List.of(create(A, "")));
                Promise<CommitOutcome> queued = store.commit(List.of(create(B, "")));
                while (etcd.asked().stream().filter("0/v3/kv/txn"::equals).count() < 2) {
                    Heddle.sleep(Duration.ofMillis(1));
                }
                Heddle.offload(loop::close);
                assertEquals(0, etcd.leases());
                assertEquals(new Unknown("the loop has ended"), sent.join());
                assertEquals(new CommitOutcome.SessionLost(), queued.join());
                assertEquals(List.of(new WatchEvent.Closed()), told);
                assertInstanceOf(StoreState.Lost.class, store.state());
                assertEquals(new CommitOutcome.SessionLost(), commit(store, create(B, "")));
                assertThrows(SessionLostException.class, () -> read(store, A, ReadConsistency.LOCAL));
                assertThrows(SessionLostException.class, () -> store.watch("things", _ -> {}).join());
                store.close();
            }
        });
    }

    // ---- watches ----

    @SimTest(seeds = 10)
    void watchGoesOnWithoutAGapWhereItsServerIsGone() {
        with(3, (etcd, store) -> {
            List<WatchEvent> told = watched(store);
            long first = ((Committed) commit(store, create(A, "1"))).stamp();
            seconds(1);
            etcd.kill(0);
            assertEquals(Optional.of("1"), read(store, A, ReadConsistency.FRESH));
            long second = ((Committed) commit(store, set(A, "2"))).stamp();
            long third = ((Committed) commit(store, new Op.Delete(A, 1))).stamp();
            seconds(10);
            assertEquals(
                    List.of(
                            new WatchEvent.Changed(A, first),
                            new WatchEvent.Changed(A, second),
                            new WatchEvent.Changed(A, third, true)),
                    told);
        });
    }

    @SimTest(seeds = 10)
    void watchLeavesAServerThatHasLostTheLeader() {
        with(2, (etcd, store) -> {
            List<WatchEvent> told = watched(store);
            etcd.leaderless(0, true);
            seconds(2);
            commit(store, create(A, "1"));
            seconds(1);
            assertEquals(1, told.size());
        });
    }

    @SimTest(seeds = 10)
    void watchThatIsCutWithinACommitTellsTheRest() {
        with(1, (etcd, store) -> {
            List<WatchEvent> told = watched(store);
            etcd.fragment = 2;
            etcd.messagesLeft = 2;
            List<Op> ops = new ArrayList<>();
            for (int i = 0; i < 7; i++) {
                ops.add(create(new Key("things", "" + i), ""));
            }
            long stamp = ((Committed) store.commit(ops).join()).stamp();
            seconds(5);
            for (Op op : ops) {
                assertTrue(told.contains(new WatchEvent.Changed(op.key(), stamp)), told::toString);
            }
        });
    }

    @SimTest(seeds = 10)
    void commitThatComesInFragmentsIsToldOfInWholeSinceReadsGoAnotherWay() {
        with(1, (etcd, store) -> {
            List<WatchEvent> told = watched(store);
            etcd.fragment = 2;
            etcd.fragmentPause = Duration.ofSeconds(2);
            List<Op> ops = new ArrayList<>();
            List<WatchEvent> all = new ArrayList<>();
            for (int i = 0; i < 7; i++) {
                ops.add(create(new Key("things", "" + i), ""));
            }
            long stamp = ((Committed) store.commit(ops).join()).stamp();
            ops.forEach(op -> all.add(new WatchEvent.Changed(op.key(), stamp)));
            Heddle.timeout(Duration.ofMinutes(1), () -> {
                while (told.isEmpty()) {
                    Heddle.sleep(Duration.ofMillis(1));
                }
            });
            store.read(A, ReadConsistency.LOCAL).join();
            assertEquals(all, told);
            long next = ((Committed) commit(store, create(A, ""))).stamp();
            seconds(5);
            assertEquals(new WatchEvent.Changed(A, next), told.getLast());
        });
    }

    @SimTest(seeds = 10)
    void watchOfAHistoryThatIsCompactedHasAGap() {
        with(2, (etcd, store) -> {
            List<WatchEvent> told = watched(store);
            etcd.kill(0);
            assertEquals(Optional.empty(), read(store, A, ReadConsistency.FRESH));
            commit(store, create(A, "1"));
            commit(store, create(B, "1"));
            etcd.compact();
            seconds(10);
            assertEquals(List.of(new WatchEvent.Gap()), told);
            long stamp = ((Committed) commit(store, set(A, "2"))).stamp();
            seconds(1);
            assertEquals(List.of(new WatchEvent.Gap(), new WatchEvent.Changed(A, stamp)), told);
        });
    }

    @SimTest(seeds = 5)
    void watchThatIsRefusedFails() {
        with(1, (etcd, store) -> {
            etcd.faults("/v3/watch",
                    FakeEtcd.says(200, "{\"result\":{\"header\":{\"cluster_id\":\"17\",\"revision\":\"2\"},"
                            + "\"watch_id\":\"-1\",\"created\":true,\"canceled\":true,\"cancel_reason\":\"rpc error: code = "
                            + "PermissionDenied desc = etcdserver: permission denied\"}}\n"));
            var refused = assertThrows(StoreUnavailableException.class,
                    () -> store.watch("things", _ -> {}).join());
            assertTrue(refused.getMessage().endsWith("etcdserver: permission denied"), refused.getMessage());
        });
    }

    @SimTest(seeds = 5)
    void quietWatchIsBegunAnewNowAndThenAndTellsNothingOfIt() {
        with(1, (etcd, store) -> {
            List<WatchEvent> told = watched(store);
            seconds(60);
            assertEquals(List.of(), told);
            long begun = etcd.asked().stream().filter("0/v3/watch"::equals).count();
            assertTrue(begun >= 9 && begun <= 11, () -> begun + " times");
            commit(store, create(A, ""));
            seconds(1);
            assertEquals(1, told.size());
        });
    }

    // ---- who is there ----

    @SimTest(seeds = 5)
    void userLogsInOnceAndAgainWhenTheTokenIsOver() {
        try (var etcd = new FakeEtcd(2)) {
            etcd.password = "secret";
            try (Store store = etcd.store().withUser("joe", "secret").open(SIX_SECONDS)) {
                assertInstanceOf(Committed.class, commit(store, create(A, "1")));
                assertEquals(1, etcd.logins);
                etcd.refuseTokens();
                assertInstanceOf(Committed.class, commit(store, set(A, "2")));
                etcd.refuseTokens();
                assertEquals(Optional.of("2"), read(store, A, ReadConsistency.FRESH));
                assertEquals(3, etcd.logins);
            }
        }
    }

    @SimTest(seeds = 5)
    void wrongPasswordAndNoUserAreNamed() {
        try (var etcd = new FakeEtcd(1)) {
            etcd.password = "secret";
            var wrong = assertThrows(StoreUnavailableException.class,
                    () -> etcd.store().withUser("joe", "guess").open(SIX_SECONDS));
            assertTrue(wrong.getMessage().contains("invalid user ID or password"), wrong.getMessage());
            assertFalse(wrong.getMessage().contains("guess"), wrong.getMessage());
            var none = assertThrows(StoreUnavailableException.class, () -> etcd.store().open(SIX_SECONDS));
            assertTrue(none.getMessage().contains("user name is empty"), none.getMessage());
            assertFalse(etcd.store().withUser("joe", "guess").toString().contains("guess"));
        }
    }

    @SimTest(seeds = 5)
    void userIsNoHindranceWhereEverybodyMayAsk() {
        try (var etcd = new FakeEtcd(1);
                Store store = etcd.store().withUser("joe", "secret").open(SIX_SECONDS)) {
            assertInstanceOf(Committed.class, commit(store, create(A, "1")));
        }
    }

    @SimTest(seeds = 1)
    void endpointsWithTlsAreTrustedByTheirAuthorityOnly() {
        var identity = TlsIdentity.selfSigned("127.0.0.1");
        try (var etcd = new FakeEtcd(2, ServerTls.of(identity))) {
            var untrusted = assertThrows(StoreUnavailableException.class, () -> etcd.store().open(SIX_SECONDS));
            assertTrue(untrusted.getMessage().contains("TLS"), untrusted.getMessage());
            EtcdStore trusting = etcd.store().withTls(ClientTls.DEFAULT.withTrust(TlsTrust.of(identity.certificate())));
            try (Store store = trusting.open(SIX_SECONDS)) {
                List<WatchEvent> told = watched(store);
                assertInstanceOf(Committed.class, commit(store, create(A, "1")));
                etcd.kill(0);
                assertEquals(Optional.of("1"), read(store, A, ReadConsistency.LOCAL));
                commit(store, set(A, "2"));
                seconds(10);
                assertEquals(2, told.size());
            }
        }
    }

    @SimTest(seeds = 1)
    void endpointsAreUrlsWithoutAPath() {
        for (String wrong : List.of("", "127.0.0.1:2379", "http://", "http://h:1/", "http://u:p@h", "ftp://h")) {
            assertThrows(IllegalArgumentException.class, () -> EtcdStore.at(wrong), wrong);
        }
        assertThrows(IllegalArgumentException.class, EtcdStore::at);
        assertEquals("etcd at http://h:1, https://[::1]:2 as joe",
                EtcdStore.at("http://h:1", "https://[::1]:2").withUser("joe", "secret").toString());
    }
}
