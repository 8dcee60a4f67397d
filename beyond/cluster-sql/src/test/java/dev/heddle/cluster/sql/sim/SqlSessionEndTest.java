package dev.heddle.cluster.sql.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.CommitOutcome;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Lifetime;
import dev.heddle.cluster.store.Op;
import dev.heddle.cluster.store.ReadConsistency;
import dev.heddle.cluster.store.SessionOptions;
import dev.heddle.cluster.store.Store;
import dev.heddle.cluster.store.StoreState;
import dev.heddle.sim.Sim;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What becomes of a session that another one ends, when the server that has noted the end is lost. */
final class SqlSessionEndTest {

    private static final int SEEDS = 10;
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    /** Longer than a driver waits on a connection that has fallen silent. */
    private static final Duration SILENT = TIMEOUT.multipliedBy(2);

    private static final Duration DOWN = Duration.ofMillis(100);
    private static final Key SEAT = new Key("own", "seat");

    @Test
    void sessionWhoseEndWasLostGoesOnWithWhatItOwns() {
        Sim.seeds(1, SEEDS, () -> {
            var database = new SimDatabase(Sim.current().random(), false);
            try (Store cut = open(database, "cut"); Store _ = open(database, "other")) {
                sit(cut);
                database.cutStandby();
                awaitEnd(database, cut);
                assertTrue(Heddle.currentLoop().nanoTime() - cut.heardAt() >= TIMEOUT.toNanos());
                database.promote(DOWN);
                database.calm();
                assertTrue(database.hasSession(cut.session().id()));
                Heddle.sleep(SILENT);
                assertInstanceOf(StoreState.Connected.class, cut.state());
                assertEquals(cut.session().id(),
                        cut.read(SEAT, ReadConsistency.FRESH).join().orElseThrow().owner());
                assertInstanceOf(CommitOutcome.Committed.class, cut.commit(
                        List.of(new Op.Delete(SEAT, 0))).join());
            }
        });
    }

    @Test
    void sessionThatHasSeenAnEndThatWasLostIsOver() {
        Sim.seeds(1, SEEDS, () -> {
            var database = new SimDatabase(Sim.current().random(), false);
            try (Store cut = open(database, "cut"); Store other = open(database, "other")) {
                sit(cut);
                database.cutStandby();
                awaitEnd(database, cut);
                sit(other);
                database.promote(DOWN);
                database.calm();
                Heddle.sleep(SILENT);
                assertInstanceOf(StoreState.Lost.class, other.state());
                assertInstanceOf(StoreState.Connected.class, cut.state());
            }
        });
    }

    /** It commits behind another one of which it has not heard, and nobody commits on the new server. */
    @Test
    void idleSessionIsOverWhoseCommitWasLostThoughItsWatchesWereNotTold() {
        Sim.seeds(1, SEEDS, () -> {
            var database = new SimDatabase(Sim.current().random(), false);
            try (Store one = open(database, "one"); Store other = open(database, "other")) {
                database.weather(Weather.MUTE);
                commit(one, new Key("log", "one"));
                database.cutStandby();
                commit(other, new Key("log", "other"));
                database.promote(DOWN);
                database.calm();
                Heddle.sleep(SILENT);
                assertInstanceOf(StoreState.Connected.class, one.state());
                assertInstanceOf(StoreState.Lost.class, other.state());
            }
        });
    }

    private static Store open(SimDatabase database, String node) {
        return database.engine(node).open(SessionOptions.of("day").withTimeout(TIMEOUT));
    }

    private static void sit(Store store) {
        assertInstanceOf(CommitOutcome.Committed.class, store.commit(
                List.of(new Op.Create(SEAT, Bytes.EMPTY, Lifetime.EPHEMERAL))).join());
    }

    private static void commit(Store store, Key key) {
        assertInstanceOf(CommitOutcome.Committed.class, store.commit(
                List.of(new Op.Create(key, Bytes.EMPTY, Lifetime.DURABLE))).join());
    }

    /** The session is cut off until another one has ended it, and longer. */
    private static void awaitEnd(SimDatabase database, Store store) {
        var ended = new AtomicBoolean();
        database.onCommit(_ -> ended.compareAndSet(false, !database.hasSession(store.session().id())));
        database.cut("cut", TIMEOUT.multipliedBy(10));
        assertFalse(ended.get());
        while (!ended.get()) {
            Heddle.sleep(Duration.ofMillis(1));
        }
    }
}
