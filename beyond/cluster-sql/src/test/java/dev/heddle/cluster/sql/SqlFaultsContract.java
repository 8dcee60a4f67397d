package dev.heddle.cluster.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.Heddle;
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
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** What each database does when something goes wrong. */
public interface SqlFaultsContract {

    /** A database that each test has to itself. */
    SqlDialect dialect();

    private static Key key(String name) {
        return new Key("things", name);
    }

    private static Op create(String name, Lifetime life) {
        return new Op.Create(key(name), Bytes.utf8("0"), life);
    }

    private static Store open(SqlDialect dialect, Duration timeout) {
        return SqlSession.open(dialect, SessionOptions.of("shop").withTimeout(timeout));
    }

    private static void await(BooleanSupplier condition) {
        Heddle.timeout(Duration.ofSeconds(30), () -> {
            while (!condition.getAsBoolean()) {
                Heddle.sleep(Duration.ofMillis(5));
            }
        });
    }

    private static Entry fresh(Store store, String name) {
        return store.read(key(name), ReadConsistency.FRESH).join().orElseThrow();
    }

    /** Changes the tables as a person may. */
    private void byHand(String... statements) throws SQLException {
        try (Connection connection = dialect().connect(Duration.ofSeconds(10));
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(new SqlSchema(dialect()).in(each));
            }
        }
        dialect().committed();
    }

    private void run(Action body) {
        Heddle.run(body);
    }

    @Test
    default void commitThatLosesItsAnswerTakesPlaceOnceOrNotAndSaysWhich() {
        run(() -> {
            var database = new FaultyDatabase(dialect(), 7);
            try (Store one = open(database.dialect(), Duration.ofSeconds(20));
                    Store other = open(database.dialect(), Duration.ofSeconds(20))) {
                assertInstanceOf(CommitOutcome.Committed.class,
                        one.commit(List.of(create("counter", Lifetime.DURABLE))).join());
                database.loseAnswers(40);
                int[] committed = {0};
                Heddle.group(group -> {
                    for (int i = 0; i < 8; i++) {
                        Store store = i % 2 == 0 ? one : other;
                        group.spawn(() -> {
                            for (int tries = 0; tries < 10; tries++) {
                                Entry entry = fresh(store, "counter");
                                int next = Integer.parseInt(entry.value().utf8()) + 1;
                                CommitOutcome outcome = store.commit(List.of(
                                        new Op.Set(entry.key(), Bytes.utf8("" + next), entry.version()))).join();
                                committed[0] += outcome instanceof CommitOutcome.Committed ? 1 : 0;
                                assertTrue(outcome instanceof CommitOutcome.Committed
                                        || outcome instanceof CommitOutcome.Refused, outcome::toString);
                            }
                        });
                    }
                });
                assertEquals("" + committed[0], fresh(one, "counter").value().utf8());
                assertTrue(committed[0] >= 10, "" + committed[0]);
                database.loseAnswers(0);
            }
        });
    }

    @Test
    default void sessionThatIsCutOffLosesWhatItOwnedAfterItsTimeoutAndLearnsIt() {
        run(() -> {
            var database = new FaultyDatabase(dialect(), 1);
            try (Store one = open(database.dialect(), Duration.ofSeconds(1));
                    Store other = open(dialect(), Duration.ofSeconds(10))) {
                one.commit(List.of(create("a", Lifetime.EPHEMERAL))).join();
                List<WatchEvent> told = new ArrayList<>();
                other.watch("things", told::add).join();
                database.cut(true);
                await(() -> one.state() instanceof StoreState.Silent);
                await(() -> !told.isEmpty());
                WatchEvent.Changed gone = assertInstanceOf(WatchEvent.Changed.class, told.getFirst());
                assertTrue(gone.deleted() && gone.key().equals(key("a")), gone::toString);
                assertTrue(Heddle.currentLoop().nanoTime() - one.heardAt() >= 1_000_000_000L, "taken too early");
                database.cut(false);
                await(() -> one.state() instanceof StoreState.Lost);
                assertEquals(new CommitOutcome.SessionLost(),
                        one.commit(List.of(create("b", Lifetime.DURABLE))).join());
            }
        });
    }

    @Test
    default void databaseThatIsAwayForLessThanATimeoutCostsNothingButTime() {
        run(() -> {
            var database = new FaultyDatabase(dialect(), 1);
            try (Store store = open(database.dialect(), Duration.ofSeconds(10))) {
                List<StoreState> states = new ArrayList<>();
                store.onState(states::add);
                database.cut(true);
                var commit = store.commit(List.of(create("a", Lifetime.EPHEMERAL)));
                var read = store.read(key("b"), ReadConsistency.LOCAL);
                await(() -> store.state() instanceof StoreState.Silent);
                database.cut(false);
                assertInstanceOf(CommitOutcome.Committed.class, commit.join());
                assertTrue(read.join().isEmpty());
                await(() -> store.state() instanceof StoreState.Connected);
                assertEquals(2, states.size(), states::toString);
            }
        });
    }

    @Test
    default void databaseThatStaysAwayFailsReadsAndCommitsAfterTheTimeout() {
        run(() -> {
            var database = new FaultyDatabase(dialect(), 1);
            Store store = open(database.dialect(), Duration.ofMillis(500));
            database.cut(true);
            assertInstanceOf(CommitOutcome.NotSent.class,
                    store.commit(List.of(create("a", Lifetime.DURABLE))).join());
            assertThrows(StoreUnavailableException.class,
                    () -> store.read(key("a"), ReadConsistency.LOCAL).join());
            store.close();
            assertInstanceOf(StoreState.Lost.class, store.state());
            assertThrows(StoreUnavailableException.class, () -> open(database.dialect(), Duration.ofMillis(300)));
        });
    }

    @Test
    default void historyThatIsForgottenLeavesAGap() {
        run(() -> {
            try (Store store = open(dialect(), Duration.ofSeconds(10))) {
                store.commit(List.of(create("a", Lifetime.DURABLE))).join();
                List<WatchEvent> told = new ArrayList<>();
                store.watch("things", told::add).join();
                byHand("update S.clusters set stamp = 50000, forgotten = 40000 where name = 'shop'");
                await(() -> told.contains(new WatchEvent.Gap()));
                var outcome = store.commit(List.of(new Op.Delete(key("a"), 0))).join();
                assertEquals(new CommitOutcome.Committed(50001), outcome);
                await(() -> told.contains(new WatchEvent.Changed(key("a"), 50001, true)));
            }
        });
    }

    @Test
    default void historyHasAnEnd() throws SQLException {
        run(() -> {
            try (Store store = open(dialect(), Duration.ofSeconds(10))) {
                store.commit(List.of(create("a", Lifetime.DURABLE))).join();
                byHand("update S.clusters set stamp = 20199 where name = 'shop'");
                store.commit(List.of(create("b", Lifetime.DURABLE))).join();
            }
        });
        try (Connection connection = dialect().connect(Duration.ofSeconds(10));
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery(
                        new SqlSchema(dialect()).in("select count(*), min(stamp) from S.changes"))) {
            rows.next();
            assertEquals(List.of(1L, 20200L), List.of(rows.getLong(1), rows.getLong(2)));
        }
    }

    @Test
    default void databaseThatHasGoneBackEndsTheSession() {
        run(() -> {
            try (Store store = open(dialect(), Duration.ofSeconds(10))) {
                for (int i = 0; i < 5; i++) {
                    store.commit(List.of(create("" + i, Lifetime.DURABLE))).join();
                }
                byHand("update S.clusters set stamp = 2 where name = 'shop'");
                await(() -> store.state() instanceof StoreState.Lost);
                assertTrue(store.state().toString().contains("gone back from stamp"), store.state()::toString);
            }
        });
    }

    @Test
    default void rowThatSomebodyHasWrittenByHandFailsTheReadAndNothingElse() {
        run(() -> {
            try (Store store = open(dialect(), Duration.ofSeconds(10))) {
                store.commit(List.of(create("a", Lifetime.DURABLE))).join();
                byHand("update S.entries set name = 'no name' where name = 'a'");
                var failure = assertThrows(StoreUnavailableException.class,
                        () -> store.list("things", ReadConsistency.FRESH).join());
                assertTrue(failure.getMessage().contains("a row that Heddle has not written"), failure::toString);
                store.commit(List.of(create("b", Lifetime.DURABLE))).join();
                assertEquals("0", fresh(store, "b").value().utf8());
            }
        });
    }

    @Test
    default void tableThatIsDroppedIsNamed() {
        run(() -> {
            try (Store store = open(dialect(), Duration.ofSeconds(2))) {
                byHand("drop view S.jobs", "drop table S.entries");
                var failure = assertThrows(StoreUnavailableException.class,
                        () -> store.read(key("a"), ReadConsistency.FRESH).join());
                assertTrue(failure.getMessage().contains("entries"), failure::toString);
                var outcome = assertInstanceOf(CommitOutcome.NotSent.class,
                        store.commit(List.of(create("a", Lifetime.DURABLE))).join());
                assertTrue(outcome.cause().contains("entries"), outcome::toString);
            }
        });
    }

    @Test
    default void tablesOfANewerHeddleAreRefused() {
        run(() -> {
            open(dialect(), Duration.ofSeconds(10)).close();
            byHand("update S.version set version = 99");
            var failure = assertThrows(StoreUnavailableException.class,
                    () -> open(dialect(), Duration.ofSeconds(10)));
            assertTrue(failure.getMessage().contains("of version 99, from a newer Heddle"), failure::toString);
        });
    }

    @Test
    default void sessionEndsWithItsLoop() {
        run(() -> open(dialect(), Duration.ofSeconds(60)).commit(List.of(create("a", Lifetime.EPHEMERAL))).join());
        run(() -> {
            try (Store store = open(dialect(), Duration.ofSeconds(60))) {
                assertTrue(store.read(key("a"), ReadConsistency.FRESH).join().isEmpty());
            }
        });
    }

    @Test
    default void sessionLivesAndReadsWhileSomebodyHoldsTheLockOfItsCluster() {
        run(() -> {
            try (Store store = open(dialect(), Duration.ofSeconds(3))) {
                try (Connection holder = dialect().connect(Duration.ofSeconds(10))) {
                    holder.setAutoCommit(false);
                    try (Statement statement = holder.createStatement()) {
                        statement.execute(
                                new SqlSchema(dialect()).in("update S.clusters set stamp = stamp where name = 'shop'"));
                    }
                    var commit = store.commit(List.of(create("a", Lifetime.DURABLE)));
                    assertTrue(store.read(key("a"), ReadConsistency.FRESH).join().isEmpty());
                    assertInstanceOf(CommitOutcome.NotSent.class, commit.join());
                    holder.rollback();
                }
                await(() -> store.state() instanceof StoreState.Connected);
                assertInstanceOf(CommitOutcome.Committed.class,
                        store.commit(List.of(create("a", Lifetime.DURABLE))).join());
            }
        });
    }
}
