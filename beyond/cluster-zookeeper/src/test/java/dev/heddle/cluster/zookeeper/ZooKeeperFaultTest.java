package dev.heddle.cluster.zookeeper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.Promise;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.CommitOutcome;
import dev.heddle.cluster.store.CommitOutcome.Committed;
import dev.heddle.cluster.store.CommitOutcome.NotSent;
import dev.heddle.cluster.store.CommitOutcome.Refused;
import dev.heddle.cluster.store.CommitOutcome.SessionLost;
import dev.heddle.cluster.store.CommitOutcome.Unknown;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Lifetime;
import dev.heddle.cluster.store.Listing;
import dev.heddle.cluster.store.Op;
import dev.heddle.cluster.store.ReadConsistency;
import dev.heddle.cluster.store.Refusal;
import dev.heddle.cluster.store.SessionOptions;
import dev.heddle.cluster.store.Store;
import dev.heddle.cluster.store.StoreState;
import dev.heddle.cluster.store.StoreUnavailableException;
import dev.heddle.cluster.store.WatchEvent;
import dev.heddle.conformance.Direction;
import dev.heddle.conformance.FaultChoice;
import dev.heddle.conformance.Faults;
import dev.heddle.conformance.FreePorts;
import dev.heddle.net.Listener;
import dev.heddle.net.Tcp;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bad line between a session and its server: every outcome comes, and each tells the truth. */
@Tag("full")
final class ZooKeeperFaultTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Longer than the client's pause before it connects again, which is up to a second. */
    private static final Duration LONG = Duration.ofSeconds(4);

    private static final Duration SHORT = Duration.ofMillis(600);

    private static final FaultChoice NO_FAULTS = (_, _) -> Faults.NONE;

    private static int clusters;

    @TempDir
    static Path directory;

    private static SingleServer server;

    @BeforeAll
    static void start() {
        server = new SingleServer(directory);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** A test with a session over a bad line, and one beside it. */
    private interface Body {
        void run(CutLine line, Store store, Store beside) throws Exception;
    }

    private static void withLine(Duration timeout, FaultChoice faults, Body body) {
        Heddle.run(() -> Heddle.group(group -> {
            CutLine line = new CutLine(group, server.server().clientPort(), faults);
            SessionOptions options = SessionOptions.of("fault-" + ++clusters).withTimeout(timeout);
            try (Store beside = server.server().open(options);
                    Store store = PeerAccess.OF_THIS_JVM.engine(line.port()).open(options)) {
                body.run(line, store, beside);
            } finally {
                line.cut();
            }
        }));
    }

    /** A server answers a session in the order of its questions, so whoever asks for all at once ends its own lease. */
    @Test
    void longListingHoldsUpNothingElseOfItsSession() {
        withLine(PATIENCE, NO_FAULTS, (_, store, _) -> {
            int entries = 64 * 80;
            for (int from = 0; from < entries; from += 64) {
                List<Op> some = new ArrayList<>();
                for (int i = from; i < from + 64; i++) {
                    some.add(new Op.Create(new Key("long", "e" + i), Bytes.utf8("one of many"), Lifetime.DURABLE));
                }
                assertInstanceOf(Committed.class, store.commit(some).join());
            }
            int meanwhile = 0;
            Promise<Listing> listing = store.list("long", ReadConsistency.LOCAL);
            while (!listing.isDone()) {
                store.commit(List.of(new Op.Create(new Key("short", "e" + meanwhile), Bytes.EMPTY, Lifetime.DURABLE)))
                        .join();
                meanwhile++;
            }
            assertEquals(entries, listing.join().entries().size());
            // The first is sent before the reads, the second would come behind all of them.
            assertTrue(meanwhile > 2, meanwhile + " commits while " + entries + " entries were read");
        });
    }

    // ---- opening ----

    @Test
    void openThatFailsOrIsCancelledLeavesNoClientThatConnectsAgain() {
        Heddle.run(() -> {
            Listener deaf = Tcp.listen("127.0.0.1", 0);
            String address = "127.0.0.1:" + deaf.port();
            deaf.close();
            ZooKeeperStore nobody = ZooKeeperStore.connect(address);
            SessionOptions shortly = SessionOptions.of("fault").withTimeout(SHORT);
            assertThrows(StoreUnavailableException.class, () -> nobody.open(shortly));
            assertEquals(List.of(), clientsOf(address));
            SessionOptions patient = shortly.withTimeout(PATIENCE);
            assertTrue(Heddle.moveOnAfter(SHORT, () -> nobody.open(patient)).isEmpty());
            assertEquals(List.of(), clientsOf(address));
        });
    }

    /** Threads by which ZooKeeper's clients connect. */
    private static List<String> clientsOf(String address) {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName)
                .filter(name -> name.contains(address) && name.contains("SendThread")).toList();
    }

    // ---- outcomes ----

    @Test
    void commitsWhoseAnswersAreCutOffAreUnknownAndSettledByAFreshRead() {
        FaultChoice faults = (connection, direction) -> connection == 0 && direction == Direction.TO_CLIENT
                ? Faults.NONE.withResetAfterBytes(4_000)
                : Faults.NONE;
        withLine(LONG, faults, (_, store, beside) -> {
            List<CommitOutcome> outcomes = createMany(store, 200);
            awaitConnected(store);
            int[] unknown = new int[2];
            for (int i = 0; i < outcomes.size(); i++) {
                boolean there = isThere(store, "" + i);
                switch (outcomes.get(i)) {
                    case Committed _ -> assertTrue(there, "what was acknowledged is there");
                    case Unknown _ -> unknown[there ? 1 : 0]++;
                    case NotSent _ -> assertFalse(there, "what was not sent is not there");
                    case Refused _,SessionLost _ -> throw new AssertionError(outcomes.get(i));
                }
                assertEquals(there, isThere(beside, "" + i), "settled is settled");
            }
            assertInstanceOf(Committed.class, outcomes.getFirst());
            assertTrue(unknown[1] > 0, "some took place though nobody said so");
        });
    }

    @Test
    void commitsThatTheLineSwallowsAreUnknownAndNeverTakePlace() {
        FaultChoice faults = (connection, direction) -> connection == 0 && direction == Direction.TO_SERVER
                ? Faults.NONE.withStallAfterBytes(4_000)
                : Faults.NONE;
        // The client gives the line up after two thirds of it, and waits up to a second before it connects again.
        withLine(LONG.multipliedBy(2), faults, (_, store, beside) -> {
            List<CommitOutcome> outcomes = createMany(store, 200);
            assertInstanceOf(Committed.class, outcomes.getFirst());
            assertInstanceOf(Unknown.class, outcomes.getLast());
            awaitConnected(store);
            assertFalse(isThere(store, "199"));
            assertFalse(isThere(beside, "199"));
        });
    }

    private static List<CommitOutcome> createMany(Store store, int count) {
        List<Promise<CommitOutcome>> commits = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            commits.add(store.commit(List.of(create("" + i, Lifetime.DURABLE))));
        }
        return commits.stream().map(ZooKeeperFaultTest::join).toList();
    }

    @Test
    void commitWithoutAConnectionIsNotSent() {
        withLine(LONG, NO_FAULTS, (line, store, beside) -> {
            line.cut();
            await(() -> store.state() instanceof StoreState.Silent);
            assertInstanceOf(NotSent.class, join(store.commit(List.of(create("a", Lifetime.DURABLE)))));
            assertThrows(StoreUnavailableException.class, () -> isThere(store, "a"));
            line.mend(NO_FAULTS);
            awaitConnected(store);
            assertFalse(isThere(store, "a"));
            assertInstanceOf(Committed.class, join(store.commit(List.of(create("a", Lifetime.EPHEMERAL)))));
            assertEquals(
                    new Refused(0, Refusal.EXISTS), join(beside.commit(List.of(create("a", Lifetime.DURABLE)))));
        });
    }

    @Test
    void sessionOutlivesAShortCut() {
        withLine(LONG, NO_FAULTS, (line, store, beside) -> {
            join(store.commit(List.of(create("mine", Lifetime.EPHEMERAL))));
            line.cut();
            await(() -> store.state() instanceof StoreState.Silent);
            line.mend(NO_FAULTS);
            awaitConnected(store);
            assertTrue(isThere(beside, "mine"));
            long before = store.heardAt();
            await(() -> store.heardAt() > before);
        });
    }

    // ---- watches ----

    @Test
    void watchTellsOfAGapAfterACut() {
        withLine(LONG, NO_FAULTS, (line, store, beside) -> {
            Queue<WatchEvent> told = new ConcurrentLinkedQueue<>();
            join(store.watch("things", told::add));
            join(beside.commit(List.of(create("before", Lifetime.DURABLE))));
            await(() -> told.stream().anyMatch(WatchEvent.Changed.class::isInstance));
            told.clear();
            line.cut();
            await(() -> store.state() instanceof StoreState.Silent);
            join(beside.commit(List.of(create("meanwhile", Lifetime.DURABLE))));
            assertEquals(List.of(), List.copyOf(told));
            line.mend(NO_FAULTS);
            awaitConnected(store);
            await(() -> told.contains(new WatchEvent.Gap()));
            assertEquals(2, join(store.list("things", ReadConsistency.LOCAL)).entries().size());
            told.clear();
            join(beside.commit(List.of(create("after", Lifetime.DURABLE))));
            await(() -> told.stream()
                    .anyMatch(signal -> signal instanceof WatchEvent.Changed(Key key, _, _)
                            && key.name().equals("after")));
        });
    }

    // ---- the end of a session ----

    @Test
    void sessionThatIsNotHeardOfIsLostAndKnewItBefore() {
        withLine(SHORT, NO_FAULTS, (line, store, beside) -> {
            join(store.commit(List.of(create("mine", Lifetime.EPHEMERAL))));
            line.cut();
            await(() -> !isThere(beside, "mine"));
            long silent = System.nanoTime() - store.heardAt();
            Duration timeout = store.session().timeout();
            assertTrue(
                    silent > timeout.toNanos() * 2 / 3,
                    () -> "an owner that believes in itself for two thirds of " + timeout + " had only "
                            + Duration.ofNanos(silent));
            line.mend(NO_FAULTS);
            await(() -> store.state() instanceof StoreState.Lost);
            assertEquals(new SessionLost(), join(store.commit(List.of(create("b", Lifetime.DURABLE)))));
        });
    }

    @Test
    void lineThatSwallowsAnswersIsNotTakenForALivingSession() {
        FaultChoice faults = (connection, direction) -> connection == 0 && direction == Direction.TO_CLIENT
                ? Faults.NONE.withStallAfterBytes(1_500)
                : Faults.NONE;
        withLine(SHORT, faults, (line, store, _) -> {
            long[] heard = {store.heardAt()};
            await(() -> {
                boolean still = heard[0] == store.heardAt() && System.nanoTime() - heard[0] > SHORT.toNanos() / 2;
                heard[0] = store.heardAt();
                return still || store.state() instanceof StoreState.Silent;
            });
            await(() -> !(store.state() instanceof StoreState.Connected));
            line.cut();
            await(() -> store.state() instanceof StoreState.Lost);
        });
    }

    @Test
    void closeOfASessionWithoutALineReturns() {
        withLine(SHORT, NO_FAULTS, (line, store, beside) -> {
            join(store.commit(List.of(create("mine", Lifetime.EPHEMERAL))));
            line.cut();
            Duration took = Heddle.measureTime(store::close);
            assertTrue(took.compareTo(SHORT.multipliedBy(3)) < 0, took::toString);
            assertInstanceOf(StoreState.Lost.class, store.state());
            await(() -> !isThere(beside, "mine"));
        });
    }

    @Test
    void openWithoutAServerSaysSo() throws Exception {
        int port = FreePorts.next();
        Heddle.run(() -> {
            var options = SessionOptions.of("nowhere").withTimeout(Duration.ofMillis(300));
            var failed = assertThrows(
                    StoreUnavailableException.class,
                    () -> ZooKeeperStore.connect("127.0.0.1:" + port).open(options));
            assertEquals("no session with ZooKeeper at 127.0.0.1:" + port, failed.getMessage());
        });
    }

    // ---- tools ----

    private static Op create(String name, Lifetime life) {
        return new Op.Create(new Key("things", name), Bytes.EMPTY, life);
    }

    private static boolean isThere(Store store, String name) {
        return join(store.read(new Key("things", name), ReadConsistency.FRESH)).isPresent();
    }

    private static <T> T join(Promise<T> promise) {
        return Heddle.timeout(PATIENCE, () -> promise.join());
    }

    private static void awaitConnected(Store store) {
        await(() -> store.state() instanceof StoreState.Connected);
    }

    private static void await(BooleanSupplier condition) {
        Heddle.timeout(PATIENCE, () -> {
            while (!condition.getAsBoolean()) {
                Heddle.sleep(Duration.ofMillis(5));
            }
        });
    }
}
