package dev.heddle.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.Promise;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.CommitOutcome;
import dev.heddle.cluster.store.InMemoryStore;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Lifetime;
import dev.heddle.cluster.store.Op;
import dev.heddle.cluster.store.ReadConsistency;
import dev.heddle.cluster.store.SessionOptions;
import dev.heddle.cluster.store.Store;
import dev.heddle.cluster.store.StoreEngine;
import dev.heddle.cluster.store.StoreLimits;
import dev.heddle.cluster.store.StoreUnavailableException;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimStore;
import dev.heddle.sim.StoreFaults;
import dev.heddle.sync.Subscription;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

final class ClusterTest {

    private final InMemoryStore store = InMemoryStore.create();

    @Test
    void localClusterHasItselfAsItsMember() {
        Sim.run(() -> {
            try (Cluster cluster = Cluster.local()) {
                assertTrue(cluster.isJoined());
                assertEquals(List.of(cluster.self()), cluster.members());
            }
        });
    }

    @Test
    void membersSeeEachOtherComeAndGoWithTheirLabels() {
        Sim.run(() -> {
            try (Cluster a = Cluster.join(options("a"));
                    Subscription<MemberEvent> events = a.memberEvents(8)) {
                assertEquals(List.of(a.self()), a.members());
                Cluster b = Cluster.join(options("b").withLabels(Map.of("gpu", "yes")));
                Member itself = b.self();
                assertEquals(new MemberEvent.Up(itself), events.receive());
                assertEquals(Map.of("gpu", "yes"), itself.labels());
                assertTrue(itself.token().compareTo(a.self().token()) > 0);
                assertEquals(List.of(a.self(), itself), a.members());
                assertEquals(List.of(a.self(), itself), b.members());
                b.close();
                assertEquals(new MemberEvent.Gone(itself), events.receive());
                assertEquals(List.of(a.self()), a.members());
            }
        });
    }

    @Test
    void nameOfAMemberThatIsAliveIsTaken() {
        Sim.run(() -> {
            try (Cluster _ = Cluster.join(options("a"))) {
                assertThrows(NodeNameTakenException.class, () -> Cluster.join(options("a")));
            }
        });
    }

    @Test
    void nameOfAMemberThatLeavesIsWaitedFor() {
        Sim.run(() -> {
            Cluster first = Cluster.join(options("a"));
            Heddle.spawn(() -> {
                Heddle.sleep(Duration.ofSeconds(3));
                first.close();
            });
            try (Cluster second = Cluster.join(options("a"))) {
                assertTrue(second.self().token().compareTo(first.self().token()) > 0);
            }
        });
    }

    /** Sessions of which the first ones end as soon as they have made an entry. */
    private static final class ShortSessions implements StoreEngine {
        private final InMemoryStore store = InMemoryStore.create();
        private int left;

        ShortSessions(int left) {
            this.left = left;
        }

        @Override
        public Store open(SessionOptions options) {
            Store session = store.open(options);
            return left-- <= 0 ? session : new ForwardingStore(session) {
                @Override
                public Promise<CommitOutcome> commit(List<Op> ops) {
                    Promise<CommitOutcome> committed = super.commit(ops);
                    if (ops.getFirst().key().directory().equals(Cluster.MEMBERS)) {
                        store.close();
                    }
                    return committed;
                }
            };
        }
    }

    @Test
    void sessionsThatEndWhileANodeJoinsAreReplaced() {
        Sim.run(() -> {
            ClusterOptions options = ClusterOptions.of("shop", new ShortSessions(4)).withNode("a");
            try (Cluster node = Cluster.join(options)) {
                assertTrue(node.isJoined());
                assertEquals(List.of(node.self()), node.members());
            }
        });
    }

    @Test
    void joiningEndsWhereSessionsDoNotLast() {
        Sim.run(() -> {
            ClusterOptions options = ClusterOptions.of("shop", new ShortSessions(Integer.MAX_VALUE)).withNode("a");
            var failure = assertThrows(StoreUnavailableException.class, () -> Cluster.join(options));
            assertTrue(failure.detail().startsWith("the session with the store has ended 5 times before the node had"
                    + " joined, the last time: "), failure.detail());
            assertFalse(failure.detail().contains("the node has left the cluster"), failure.detail());
        });
    }

    // ---- stores that are not what they were ----

    /** A store at a place where another may be put. */
    private static final class Place implements StoreEngine {
        private InMemoryStore store;
        private Store session;

        Place(InMemoryStore store) {
            this.store = store;
        }

        @Override
        public Store open(SessionOptions options) {
            session = store.open(options);
            return session;
        }

        /** Puts another there, and ends the session with the one before. */
        void put(InMemoryStore other) {
            store = other;
            session.close();
        }
    }

    /** A store that a cluster has used since a time, by the clock of its first node. */
    private static InMemoryStore usedSince(Instant begin) {
        InMemoryStore store = InMemoryStore.create();
        begin(store, begin);
        return store;
    }

    private static void begin(StoreEngine store, Instant begin) {
        try (Store session = store.open(SessionOptions.of("shop"))) {
            session.commit(List.of(new Op.Create(
                    new Key("cluster", "incarnation"), Bytes.utf8("" + begin.toEpochMilli()), Lifetime.DURABLE)))
                    .join();
        }
    }

    private static Instant now() {
        return Heddle.currentLoop().engine().now();
    }

    @Test
    void tokensRiseOverAStoreThatWasWipedThoughTheClockThatBeginsItIsAYearBehind() {
        Sim.run(() -> {
            var place = new Place(usedSince(now().plus(Duration.ofDays(365))));
            try (Cluster cluster = Cluster.join(ClusterOptions.of("shop", place).withNode("a"))) {
                Token before = cluster.self().token();
                place.put(InMemoryStore.create());
                Heddle.sleep(Duration.ofSeconds(10));
                assertTrue(cluster.isJoined());
                assertTrue(cluster.self().token().compareTo(before) > 0, before + " and " + cluster.self());
            }
        });
    }

    @Test
    void nodeThatFindsTheStoreOfAnotherClusterStaysApartAndLeavesNothingThere() {
        Sim.run(() -> {
            InMemoryStore own = InMemoryStore.create();
            InMemoryStore others = usedSince(now().minus(Duration.ofDays(365)));
            var place = new Place(own);
            try (Cluster cluster = Cluster.join(ClusterOptions.of("shop", place).withNode("a"))) {
                Token before = cluster.self().token();
                place.put(others);
                Heddle.sleep(Duration.ofMinutes(1));
                assertFalse(cluster.isJoined());
                try (Store session = others.open(SessionOptions.of("shop"))) {
                    assertEquals(List.of(), session.list("members", ReadConsistency.FRESH).join().entries());
                }
                place.put(own);
                Heddle.sleep(Duration.ofSeconds(10));
                assertTrue(cluster.isJoined());
                assertTrue(cluster.self().token().compareTo(before) > 0);
            }
        });
    }

    /** Puts a store there as it was when its cluster began, and ends the session with the one of now. */
    private static void restore(Place place, Cluster cluster) {
        place.put(usedSince(Instant.ofEpochMilli(cluster.self().token().incarnation())));
    }

    @Test
    void nodeStaysApartFromAStoreThatWasRestoredAlsoWhenItHasCaughtUp() {
        Sim.run(() -> {
            var place = new Place(InMemoryStore.create());
            try (Cluster cluster = Cluster.join(ClusterOptions.of("shop", place).withNode("a"))) {
                Token before = cluster.self().token();
                for (int i = 0; i < 10; i++) {
                    cluster.counter("c").add(1);
                }
                restore(place, cluster);
                Heddle.sleep(Duration.ofMinutes(1));
                assertFalse(cluster.isJoined());
                Key key = new Key("values", "a");
                try (Store session = place.store.open(SessionOptions.of("shop"))) {
                    assertEquals(List.of(), session.list("members", ReadConsistency.FRESH).join().entries());
                    session.commit(List.of(new Op.Create(key, Bytes.EMPTY, Lifetime.DURABLE))).join();
                    for (int i = 0; i < 100; i++) {
                        session.commit(List.of(new Op.Set(key, Bytes.EMPTY, Op.ANY_VERSION))).join();
                    }
                    Heddle.sleep(Duration.ofMinutes(1));
                    assertFalse(cluster.isJoined());
                    // as the error says
                    Key incarnation = new Key("cluster", "incarnation");
                    session.commit(List.of(new Op.Delete(incarnation, Op.ANY_VERSION))).join();
                }
                Heddle.sleep(Duration.ofMinutes(1));
                assertTrue(cluster.isJoined());
                assertTrue(cluster.self().token().incarnation() > before.incarnation());
            }
        });
    }

    @Test
    void storeThatHasNotGoneBackIsJoinedAgainHoweverOften() {
        Sim.run(() -> {
            InMemoryStore same = InMemoryStore.create();
            var place = new Place(same);
            try (Cluster cluster = Cluster.join(ClusterOptions.of("shop", place).withNode("a"))) {
                for (int i = 0; i < 20; i++) {
                    Token before = cluster.self().token();
                    place.put(same);
                    Heddle.sleep(Duration.ofSeconds(10));
                    assertTrue(cluster.isJoined());
                    assertTrue(cluster.self().token().compareTo(before) > 0);
                }
            }
        });
    }

    @Test
    @Tag("full")
    void nodesStayApartFromASimulatedStoreThatWasRestored() {
        Sim.seeds(1, 20, () -> {
            SimStore store = SimStore.create(3, StoreFaults.NONE);
            boolean[] down = {false};
            StoreEngine engine = session -> {
                if (down[0]) {
                    throw new StoreUnavailableException("a backup is being restored");
                }
                return store.open(session);
            };
            ClusterOptions options = ClusterOptions.of("shop", engine).withTimeout(Duration.ofSeconds(4));
            try (Cluster a = Cluster.join(options.withNode("a")); Cluster b = Cluster.join(options.withNode("b"))) {
                for (int i = 0; i < 10; i++) {
                    a.counter("c").add(1);
                }
                Heddle.sleep(Duration.ofSeconds(1));
                down[0] = true;
                store.wipe();
                Heddle.sleep(Duration.ofSeconds(30));
                begin(store, Instant.ofEpochMilli(a.self().token().incarnation()));
                down[0] = false;
                Heddle.sleep(Duration.ofMinutes(10));
                assertFalse(a.isJoined());
                assertFalse(b.isJoined());
                try (Store session = store.open(SessionOptions.of("shop"))) {
                    assertEquals(List.of(), session.list("members", ReadConsistency.FRESH).join().entries());
                }
            }
        });
    }

    // ---- values that do not fit ----

    @Test
    void valuesThatAreTooLargeAreRefusedByNameAndChangeNothing() {
        Sim.run(() -> {
            try (Cluster cluster = Cluster.join(options("a"))) {
                Bytes large = Bytes.of(new byte[StoreLimits.MAX_VALUE + 1]);
                ClusterMap map = cluster.map("m", 10);
                assertTooLarge(() -> map.put("key", large));
                assertEquals(Optional.empty(), map.get("key"));
                assertTooLarge(() -> cluster.topic("t", 10).publish(large));
                assertTooLarge(() -> JobSpec.of("work", large));
                assertTooLarge(() -> cluster.mutex("x".repeat(StoreLimits.MAX_NAME + 1)));
                assertTooLarge(() -> options("a").withLabels(Map.of("label", "x".repeat(ClusterOptions.MAX_LABEL))));
                assertTrue(cluster.isJoined());
            }
        });
    }

    private static void assertTooLarge(Executable body) {
        String why = assertThrows(IllegalArgumentException.class, body).getMessage();
        assertTrue(why.matches(".*(at most|characters|bytes).*"), why);
    }

    private ClusterOptions options(String node) {
        return ClusterOptions.of("shop", store).withNode(node);
    }
}
