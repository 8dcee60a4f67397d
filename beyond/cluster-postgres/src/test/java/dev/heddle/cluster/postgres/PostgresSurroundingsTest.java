package dev.heddle.cluster.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.Heddle;
import dev.heddle.Task;
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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators do to a PostgreSQL, and what stands in front of it: each is lived with or named, and nothing lies. */
@Tag("night")
final class PostgresSurroundingsTest {

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

    private static SessionOptions shop(int seconds) {
        return SessionOptions.of("shop").withTimeout(Duration.ofSeconds(seconds));
    }

    private static CommitOutcome create(Store store, String name, Bytes value) {
        return store.commit(List.of(new Op.Create(new Key("things", name), value, Lifetime.DURABLE))).join();
    }

    private static void await(BooleanSupplier condition) {
        Heddle.timeout(Duration.ofSeconds(60), () -> {
            while (!condition.getAsBoolean()) {
                Heddle.sleep(Duration.ofMillis(10));
            }
        });
    }

    /** Raises a counter some times, each time until that is committed: at the end it must be so high. */
    private static void raise(Store store, int times) {
        create(store, "counter", Bytes.utf8("0"));
        int committed = 0;
        while (committed < times) {
            Entry entry = store.read(COUNTER, ReadConsistency.FRESH).join().orElseThrow();
            int next = Integer.parseInt(entry.value().utf8()) + 1;
            CommitOutcome outcome = store.commit(
                    List.of(new Op.Set(COUNTER, Bytes.utf8("" + next), entry.version()))).join();
            committed += outcome instanceof CommitOutcome.Committed ? 1 : 0;
            assertTrue(outcome instanceof CommitOutcome.Committed || outcome instanceof CommitOutcome.NotSent,
                    outcome::toString);
        }
        assertEquals("" + times,
                store.read(COUNTER, ReadConsistency.FRESH).join().orElseThrow().value().utf8());
    }

    // ---- what stands in front ----

    @Test
    void poolThatLendsConnectionsForSessionsServes(@TempDir Path folder) throws IOException {
        try (var pool = new PgBouncer(folder, server, "session")) {
            Heddle.run(() -> {
                try (Store one = server.storeAt(pool.port()).open(shop(20));
                        Store other = server.storeAt(pool.port()).open(shop(20))) {
                    List<WatchEvent> told = new ArrayList<>();
                    other.watch("things", told::add).join();
                    raise(one, 20);
                    await(() -> told.size() >= 21);
                }
            });
        }
    }

    @Test
    void poolThatLendsConnectionsForTransactionsIsNamed(@TempDir Path folder) throws IOException {
        try (var pool = new PgBouncer(folder, server, "transaction")) {
            Heddle.run(() -> {
                var failure = assertThrows(StoreUnavailableException.class,
                        () -> server.storeAt(pool.port()).open(shop(30)));
                assertTrue(failure.getMessage().contains("a pool that lends connections for transactions"),
                        failure::toString);
            });
        }
    }

    // ---- what the server is set to ----

    @Test
    void defaultsOfTheDatabaseAreNotThoseOfItsSessions() {
        server.asOperator("postgres", "alter database shop set default_transaction_isolation = serializable",
                "alter database shop set synchronous_commit = off", "alter database shop set lock_timeout = 1",
                "alter database shop set statement_timeout = 1",
                "alter database shop set idle_in_transaction_session_timeout = 1");
        try {
            Heddle.run(() -> {
                try (Store store = server.store().open(shop(10))) {
                    raise(store, 20);
                    assertInstanceOf(StoreState.Connected.class, store.state());
                }
            });
        } finally {
            server.asOperator("postgres", "alter database shop reset all");
        }
    }

    @Test
    void userWithTooFewConnectionsIsNamed() {
        server.asOperator("postgres", "drop role if exists narrow",
                "create role narrow login password 'sesame' connection limit 0",
                "grant create on database shop to narrow");
        Heddle.run(() -> {
            var failure = assertThrows(StoreUnavailableException.class,
                    () -> PostgresStore.at(server.url()).withUser("narrow", "sesame").open(shop(2)));
            assertTrue(failure.getMessage().contains("no connection left; a session needs three"), failure::toString);
        });
        server.asOperator("shop", "revoke create on database shop from narrow", "drop role narrow");
    }

    @Test
    void userThatIsNotThereIsNamed() {
        Heddle.run(() -> {
            var failure = assertThrows(StoreUnavailableException.class,
                    () -> PostgresStore.at(server.url()).withUser("nobody", "sesame").open(shop(2)));
            assertTrue(failure.getMessage().contains("the server does not let this user in"), failure::toString);
        });
    }

    // ---- what an operator does meanwhile ----

    /** Does something to all backends of the store, again and again while a counter rises. */
    private static void raiseWhile(String sql) {
        Heddle.run(() -> {
            try (Store store = server.store().open(shop(30))) {
                boolean[] done = {false};
                Task<Void> operator = Heddle.spawn(() -> {
                    while (!done[0]) {
                        Heddle.offload(() -> server.asOperator("shop", sql));
                        Heddle.sleep(Duration.ofMillis(50));
                    }
                });
                raise(store, 40);
                done[0] = true;
                operator.join();
                await(() -> store.state() instanceof StoreState.Connected);
            }
        });
    }

    @Test
    void statementsThatAnOperatorCancelsAreTriedAgain() {
        raiseWhile("select pg_cancel_backend(pid) from pg_stat_activity where application_name = 'Heddle'");
    }

    @Test
    void connectionsThatAnOperatorEndsAreMadeAgain() {
        raiseWhile("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'Heddle'");
    }

    @Test
    void transactionsThatAreInEachOthersWayAreTriedAgain() {
        Heddle.run(() -> {
            try (Store store = server.store().open(shop(30))) {
                create(store, "first", Bytes.EMPTY);
                for (String state : List.of("40001", "40P01", "57014", "55P03")) {
                    Heddle.offload(() -> server.asOperator("shop",
                            "create or replace function heddle.refuse() returns trigger language plpgsql as $$ begin"
                                    + " if random() < 0.3 then raise exception 'no' using errcode = '" + state
                                    + "'; end if; return new; end $$",
                            "create or replace trigger refuse before insert or update on heddle.entries"
                                    + " for each row execute function heddle.refuse()"));
                    store.commit(List.of(new Op.Delete(COUNTER, Op.ANY_VERSION))).join();
                    raise(store, 10);
                }
            }
        });
    }

    /** The statement that writes commits as well, and its failure is known all the same. */
    @Test
    void changeThatTheDatabaseRefusesWasNotMade() {
        Heddle.run(() -> {
            try (Store store = server.store().open(shop(30))) {
                Heddle.offload(() -> server.asOperator("shop",
                        "alter table heddle.entries add constraint tidy check (name <> 'untidy')"));
                var outcome = assertInstanceOf(CommitOutcome.NotSent.class, create(store, "untidy", Bytes.EMPTY));
                assertTrue(outcome.cause().contains("tidy"), outcome::toString);
                assertInstanceOf(CommitOutcome.Committed.class, create(store, "tidy", Bytes.EMPTY));
                assertEquals(1, store.list("things", ReadConsistency.FRESH).join().entries().size());
            }
        });
    }

    /** So it may go wrong by a year: a lease is a number that rises. */
    @Test
    void noStatementAsksForTheServersTime() {
        // The inbox notes for people when a row came.
        Heddle.run(() -> server.store().open(shop(10)).close());
        server.asOperator("postgres", "alter role heddle set log_statement = 'all'");
        try {
            Heddle.run(() -> {
                try (Store one = server.store().open(shop(2)); Store other = server.store().open(shop(2))) {
                    raise(one, 5);
                    other.list("things", ReadConsistency.FRESH).join();
                    Heddle.sleep(Duration.ofSeconds(1));
                }
            });
        } finally {
            server.asOperator("postgres", "alter role heddle reset log_statement");
        }
        List<String> said = server.log().filter(line -> line.contains("heddle."))
                .toList();
        assertTrue(said.stream().anyMatch(line -> line.contains("update heddle.sessions set beat")), said::toString);
        assertEquals(List.of(), said.stream().filter(line -> line.matches(
                "(?i).*(now *\\(|_timestamp|current_time|localtime|timeofday|interval|extract *\\().*")).toList());
    }

    @Test
    void diskThatIsFullIsNamedAndNothingIsLost(@TempDir Path folder) throws IOException, InterruptedException {
        Path small = Files.createDirectory(folder.resolve("small"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        assumeTrue(new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=1m,mode=0777", "none", small.toString())
                .start().waitFor() == 0, "only root mounts a disk that is full");
        try {
            Path place = Files.createDirectory(small.resolve("place"));
            new ProcessBuilder("chown", "postgres", place.toString()).start().waitFor();
            Heddle.run(() -> {
                try (Store store = server.store().open(shop(10))) {
                    Heddle.offload(() -> server.asOperator("shop", "create tablespace small location '" + place + "'"));
                    Heddle.offload(() -> server.asOperator("shop", "alter table heddle.entries set tablespace small"));
                    List<String> committed = new ArrayList<>();
                    CommitOutcome outcome = new CommitOutcome.NotSent("");
                    for (int i = 0; i < 100; i++) {
                        byte[] bytes = new byte[60_000];
                        new java.util.Random(i).nextBytes(bytes);
                        outcome = create(store, "" + i, Bytes.of(bytes));
                        if (!(outcome instanceof CommitOutcome.Committed)) {
                            break;
                        }
                        committed.add("" + i);
                    }
                    var full = assertInstanceOf(CommitOutcome.NotSent.class, outcome);
                    assertTrue(full.cause().contains("the disk of the server is full"), full::toString);
                    assertInstanceOf(StoreState.Connected.class, store.state());
                    assertEquals(committed.size(),
                            store.list("things", ReadConsistency.FRESH).join().entries().size());
                    Heddle.offload(
                            () -> server.asOperator("shop", "alter table heddle.entries set tablespace pg_default"));
                    assertInstanceOf(CommitOutcome.Committed.class, create(store, "last", Bytes.of(new byte[60_000])));
                }
            });
            server.asOperator("shop", "drop tablespace small");
        } finally {
            new ProcessBuilder("umount", small.toString()).start().waitFor();
        }
    }
}
