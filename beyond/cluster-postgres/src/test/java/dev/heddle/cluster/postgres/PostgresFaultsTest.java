package dev.heddle.cluster.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.cluster.sql.SqlDialect;
import dev.heddle.cluster.sql.SqlFaultsContract;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.CommitOutcome;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Lifetime;
import dev.heddle.cluster.store.Op;
import dev.heddle.cluster.store.ReadConsistency;
import dev.heddle.cluster.store.SessionOptions;
import dev.heddle.cluster.store.Store;
import dev.heddle.cluster.store.StoreState;
import dev.heddle.cluster.store.StoreUnavailableException;
import dev.heddle.cluster.store.WatchEvent;
import dev.heddle.conformance.FaultProxy;
import dev.heddle.conformance.Faults;
import dev.heddle.net.Listener;
import dev.heddle.net.Tcp;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real PostgreSQL in trouble. */
@Tag("full")
final class PostgresFaultsTest implements SqlFaultsContract {

    private static final Key COUNTER = new Key("things", "counter");

    private static RealPostgres server;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        server = new RealPostgres(folder);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void forget() {
        server.asOperator("shop", "drop schema if exists heddle cascade");
    }

    @Override
    public SqlDialect dialect() {
        return server.dialect();
    }

    private static SessionOptions shop(Duration timeout) {
        return SessionOptions.of("shop").withTimeout(timeout);
    }

    /**
     * Raises a counter in two sessions while something happens, and checks that each outcome has told the truth.
     *
     * @return how many raises were committed
     */
    private static int raiseDuring(Store one, Store other, Action trouble) {
        int[] committed = {0};
        int[] unknown = {0};
        assertInstanceOf(CommitOutcome.Committed.class, one.commit(
                List.of(new Op.Create(COUNTER, Bytes.utf8("0"), Lifetime.DURABLE))).join());
        Task<Void> troubled = Heddle.spawn(trouble);
        Heddle.group(group -> {
            for (Store store : List.of(one, other, one, other)) {
                group.spawn(() -> {
                    while (!troubled.isDone()) {
                        Entry entry = store.read(COUNTER, ReadConsistency.LOCAL).join().orElseThrow();
                        int next = Integer.parseInt(entry.value().utf8()) + 1;
                        switch (store.commit(List.of(new Op.Set(COUNTER, Bytes.utf8("" + next), entry.version())))
                                .join()) {
                            case CommitOutcome.Committed _ -> committed[0]++;
                            case CommitOutcome.Unknown _ -> unknown[0]++;
                            case CommitOutcome.Refused _,CommitOutcome.NotSent _ -> {
                                // Not raised.
                            }
                            case CommitOutcome.SessionLost lost -> throw new AssertionError(lost);
                        }
                    }
                });
            }
        });
        troubled.join();
        int counted = Integer.parseInt(
                one.read(COUNTER, ReadConsistency.FRESH).join().orElseThrow().value().utf8());
        assertTrue(committed[0] <= counted && counted <= committed[0] + unknown[0],
                committed[0] + " committed, " + unknown[0] + " unknown, " + counted + " counted");
        return committed[0];
    }

    @Test
    void commitsTellTheTruthWhereTheServerIsRestarted() {
        Heddle.run(() -> {
            try (Store one = server.store().open(shop(Duration.ofSeconds(30)));
                    Store other = server.store().open(shop(Duration.ofSeconds(30)))) {
                int raised = raiseDuring(one, other, () -> Heddle.offload(() -> {
                    for (int i = 0; i < 2; i++) {
                        Thread.sleep(500);
                        server.stop("fast");
                        server.start();
                    }
                    Thread.sleep(500);
                }));
                assertTrue(raised > 0, "" + raised);
                assertInstanceOf(StoreState.Connected.class, one.state());
            }
        });
    }

    @Test
    @Tag("night")
    void commitsTellTheTruthWhereTheServerIsKilled() {
        Heddle.run(() -> {
            try (Store one = server.store().open(shop(Duration.ofSeconds(30)));
                    Store other = server.store().open(shop(Duration.ofSeconds(30)))) {
                int raised = raiseDuring(one, other, () -> Heddle.offload(() -> {
                    for (int i = 0; i < 3; i++) {
                        Thread.sleep(300);
                        server.kill();
                        server.start();
                    }
                    Thread.sleep(500);
                }));
                assertTrue(raised > 0, "" + raised);
            }
        });
    }

    @Test
    @Tag("night")
    void sessionsGoOnAndLoseNothingWhereAStandbyIsPromoted(@TempDir Path one, @TempDir Path two) throws IOException {
        try (var primary = new RealPostgres(one); RealPostgres standby = primary.standby(two)) {
            PostgresStore store = PostgresStore.at("jdbc:postgresql://127.0.0.1:" + primary.port() + ",127.0.0.1:"
                    + standby.port() + "/shop?targetServerType=primary").withUser("heddle", "sesame");
            Heddle.run(() -> {
                try (Store first = store.open(shop(Duration.ofSeconds(40)));
                        Store second = store.open(shop(Duration.ofSeconds(40)))) {
                    int raised = raiseDuring(first, second, () -> Heddle.offload(() -> {
                        Thread.sleep(1000);
                        primary.kill();
                        standby.promote();
                        standby.waitForNoStandby();
                        Thread.sleep(4000);
                    }));
                    assertTrue(raised > 0, "" + raised);
                    assertInstanceOf(StoreState.Connected.class, first.state());
                }
            });
        }
    }

    @Test
    @Tag("night")
    void sessionEndsThatHasSeenWhatAPromotedStandbyLacksHoweverMuchOthersHaveCommittedSince(@TempDir Path one,
            @TempDir Path two) throws IOException {
        try (var primary = new RealPostgres(one); RealPostgres standby = primary.standby(two)) {
            primary.waitForNoStandby();
            Heddle.run(() -> {
                int[] port = {primary.port()};
                Listener front = Tcp.listen("127.0.0.1", 0);
                var proxy = new FaultProxy(7, (_, _) -> Faults.NONE);
                Task<Void> relay = Heddle.spawn(() -> proxy.serve(front, () -> Tcp.connect("127.0.0.1", port[0])));
                try (Store seen = primary.storeAt(front.port()).open(shop(Duration.ofSeconds(40)))) {
                    createAll(seen, "before", 3);
                    Heddle.sleep(Duration.ofSeconds(1));
                    Heddle.offload(() -> standby.stop("fast"));
                    createAll(seen, "lost", 3);
                    Heddle.offload(() -> {
                        primary.kill();
                        standby.start();
                        standby.promote();
                    });
                    try (Store other = standby.store().open(shop(Duration.ofSeconds(40)))) {
                        createAll(other, "after", 10);
                        port[0] = standby.port();
                        Heddle.timeout(Duration.ofSeconds(30), () -> {
                            while (!(seen.state() instanceof StoreState.Lost)) {
                                Heddle.sleep(Duration.ofMillis(20));
                            }
                        });
                        assertTrue(seen.state().toString().contains("the database has gone back"), "" + seen.state());
                        assertEquals(13, other.list("things", ReadConsistency.FRESH).join().entries().size());
                    }
                }
                front.close();
                relay.cancel();
            });
        }
    }

    private static void createAll(Store store, String name, int count) {
        for (int i = 0; i < count; i++) {
            assertInstanceOf(CommitOutcome.Committed.class, store.commit(List.of(new Op.Create(
                    new Key("things", name + i), Bytes.EMPTY, Lifetime.DURABLE))).join());
        }
    }

    @Test
    @Tag("night")
    void standbyIsNotReadFromWhereTheUrlAllowsAnyServer(@TempDir Path one, @TempDir Path two) throws IOException {
        try (var primary = new RealPostgres(one); RealPostgres standby = primary.standby(two)) {
            PostgresStore any = PostgresStore.at("jdbc:postgresql://127.0.0.1:" + standby.port() + ",127.0.0.1:"
                    + primary.port() + "/shop?loadBalanceHosts=true").withUser("heddle", "sesame");
            Heddle.run(() -> {
                try (Store store = any.open(shop(Duration.ofSeconds(20)))) {
                    for (int i = 0; i < 20; i++) {
                        createAll(store, "" + i, 1);
                        assertTrue(store.read(new Key("things", i + "0"), ReadConsistency.FRESH).join().isPresent());
                    }
                }
            });
            assertRefused(PostgresStore.at("jdbc:postgresql://127.0.0.1:" + standby.port() + "/shop")
                    .withUser("heddle", "sesame"), "the server is a standby or takes no changes");
        }
    }

    @Test
    @Tag("night")
    void commitsTellTheTruthAndWatchesMissNothingWhereConnectionsAreCut() {
        Heddle.run(() -> {
            Listener front = Tcp.listen("127.0.0.1", 0);
            var random = new Random(7);
            var proxy = new FaultProxy(7,
                    (_, _) -> Faults.NONE.withResetAfterBytes(random.nextInt(5_000, 60_000)));
            Task<Void> relay = Heddle.spawn(() -> proxy.serve(front, () -> Tcp.connect("127.0.0.1", server.port())));
            PostgresStore cut = server.storeAt(front.port());
            try (Store one = cut.open(shop(Duration.ofSeconds(30)));
                    Store other = cut.open(shop(Duration.ofSeconds(30)))) {
                List<WatchEvent> told = new ArrayList<>();
                one.watch("things", told::add).join();
                int raised = raiseDuring(one, other, () -> Heddle.sleep(Duration.ofSeconds(4)));
                assertTrue(raised > 0, "" + raised);
                assertTrue(proxy.statistics().resets() > 0, proxy::toString);
                Entry last = one.read(COUNTER, ReadConsistency.FRESH).join().orElseThrow();
                Heddle.timeout(Duration.ofSeconds(20), () -> {
                    while (!told.contains(new WatchEvent.Changed(COUNTER, last.changed(), false))) {
                        Heddle.sleep(Duration.ofMillis(10));
                    }
                });
                assertEquals(last.version() + 1, told.stream().distinct().count());
            }
            front.close();
            relay.cancel();
        });
    }

    @Test
    @Tag("night")
    void connectionsThatFallSilentAreGivenUpWithinTheTimeout() {
        Heddle.run(() -> {
            Listener front = Tcp.listen("127.0.0.1", 0);
            var proxy = new FaultProxy(7,
                    (number, _) -> number < 6 ? Faults.NONE.withStallAfterBytes(15_000) : Faults.NONE);
            Task<Void> relay = Heddle.spawn(() -> proxy.serve(front, () -> Tcp.connect("127.0.0.1", server.port())));
            PostgresStore silent = server.storeAt(front.port());
            try (Store one = silent.open(shop(Duration.ofSeconds(12)));
                    Store other = silent.open(shop(Duration.ofSeconds(12)))) {
                raiseDuring(one, other, () -> Heddle.sleep(Duration.ofSeconds(15)));
                assertInstanceOf(StoreState.Connected.class, one.state());
                assertTrue(proxy.statistics().connections() > 6, proxy::toString);
            }
            front.close();
            relay.cancel();
        });
    }

    // ---- named errors ----

    private static void assertRefused(PostgresStore store, String why) {
        Heddle.run(() -> {
            var failure = assertThrows(StoreUnavailableException.class,
                    () -> store.open(shop(Duration.ofSeconds(1))));
            assertTrue(failure.getMessage().contains(why), failure::toString);
            assertFalse(failure.getMessage().contains("sesame"), failure::toString);
        });
    }

    @Test
    void wrongPasswordIsNamed() {
        assertRefused(PostgresStore.at(server.url()).withUser("heddle", "sesame2"),
                "the server does not let this user in");
    }

    @Test
    void databaseThatIsNotThereIsNamed() {
        assertRefused(PostgresStore.at(server.url() + "2").withUser("heddle", "sesame"), "there is no such database");
    }

    @Test
    void serverThatTakesNoChangesIsNamed() {
        server.asOperator("postgres", "alter database shop set default_transaction_read_only = on");
        try {
            assertRefused(server.store(), "the server is a standby or takes no changes");
        } finally {
            server.asOperator("postgres", "alter database shop reset default_transaction_read_only");
        }
    }

    @Test
    void userWithoutTheRightToMakeASchemaNeedsWhatSomebodyElseHasMade() {
        server.asOperator("postgres", "drop role if exists guest", "create role guest login password 'sesame'");
        PostgresStore store = PostgresStore.at(server.url()).withUser("guest", "sesame");
        assertRefused(store, "this user lacks a right");
        server.asOperator("shop", store.sql(), "grant usage on schema heddle to guest",
                "grant select, insert, update, delete on all tables in schema heddle to guest");
        Heddle.run(() -> store.open(shop(Duration.ofSeconds(10))).close());
        server.asOperator("shop", "drop owned by guest");
    }

    @Test
    void schemaMayHaveAnotherNameAndShareNothing() {
        server.asOperator("shop", "drop schema if exists other cascade");
        Heddle.run(() -> {
            try (Store one = server.store().open(shop(Duration.ofSeconds(10)));
                    Store other = server.store().withSchema("other").open(shop(Duration.ofSeconds(10)))) {
                one.commit(List.of(new Op.Create(COUNTER, Bytes.EMPTY, Lifetime.DURABLE))).join();
                assertTrue(other.read(COUNTER, ReadConsistency.FRESH).join().isEmpty());
            }
        });
        assertThrows(IllegalArgumentException.class, () -> server.store().withSchema("x; drop"));
    }

    @Test
    void passwordIsNotTold() {
        assertEquals("PostgreSQL at //db/shop as heddle",
                PostgresStore.at("jdbc:postgresql://db/shop?password=sesame").withUser("heddle", "sesame").toString());
    }
}
