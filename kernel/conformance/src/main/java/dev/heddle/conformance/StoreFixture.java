package dev.heddle.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.heddle.Action;
import dev.heddle.Heddle;
import dev.heddle.Promise;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.CommitOutcome;
import dev.heddle.cluster.store.CommitOutcome.Committed;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Lifetime;
import dev.heddle.cluster.store.Listing;
import dev.heddle.cluster.store.Op;
import dev.heddle.cluster.store.ReadConsistency;
import dev.heddle.cluster.store.Refusal;
import dev.heddle.cluster.store.SessionOptions;
import dev.heddle.cluster.store.Store;
import dev.heddle.cluster.store.StoreEngine;
import dev.heddle.cluster.store.Watch;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** The fixture under the parts of {@link StoreContract}. */
public interface StoreFixture {

    /** The directory of most tests. */
    String DIR = "things";

    /** Makes names of clusters that no test of any process has had. */
    AtomicLong CLUSTERS = new AtomicLong(System.nanoTime());

    /** The engine; asked for by tasks, several times in one test, and the same each time. */
    StoreEngine engine();

    /** Runs a test as the main task of a loop. */
    void run(Action body);

    /** The timeout that sessions are opened with. */
    Duration timeout();

    /** How long an answer may take before a test fails. */
    Duration patience();

    /** A test with one session. */
    interface StoreBody {
        void run(Store store) throws Exception;
    }

    /** A test with two sessions of one cluster. */
    interface StoresBody {
        void run(Store one, Store other) throws Exception;
    }

    default void withStore(StoreBody body) {
        run(() -> {
            try (Store store = open(newCluster())) {
                body.run(store);
            }
        });
    }

    default void withStores(StoresBody body) {
        run(() -> {
            String cluster = newCluster();
            try (Store one = open(cluster);
                    Store other = open(cluster)) {
                body.run(one, other);
            }
        });
    }

    default Store open(String cluster) {
        return engine().open(SessionOptions.of(cluster).withTimeout(timeout()));
    }

    default <T> T join(Promise<T> promise) {
        return Heddle.timeout(patience(), () -> promise.join());
    }

    default Committed commit(Store store, Op... ops) {
        return committed(store.commit(List.of(ops)));
    }

    default Committed committed(Promise<CommitOutcome> promise) {
        return assertInstanceOf(Committed.class, join(promise));
    }

    default void assertRefused(int index, Refusal reason, Store store, Op... ops) {
        assertEquals(new CommitOutcome.Refused(index, reason), join(store.commit(List.of(ops))));
    }

    default Optional<Entry> read(Store store, Key key, ReadConsistency freshness) {
        return join(store.read(key, freshness));
    }

    default Optional<Entry> fresh(Store store, Key key) {
        return read(store, key, ReadConsistency.FRESH);
    }

    /** The text of an entry that is there. */
    default String text(Store store, Key key, ReadConsistency freshness) {
        return read(store, key, freshness).orElseThrow().value().utf8();
    }

    default Listing list(Store store, String directory, ReadConsistency freshness) {
        return join(store.list(directory, freshness));
    }

    /** The names in a directory, seen fresh. */
    default List<String> names(Store store, String directory) {
        return list(store, directory, ReadConsistency.FRESH).entries().stream()
                .map(each -> each.key().name())
                .toList();
    }

    default Watch watch(Store store, String directory, WatchSignals signals) {
        return join(store.watch(directory, signals));
    }

    /** WatchSignals of a watch that is set before this returns. */
    default WatchSignals watched(Store store, String directory) {
        var signals = new WatchSignals(patience());
        watch(store, directory, signals);
        return signals;
    }

    /** Waits until something is so. */
    default void await(BooleanSupplier condition) {
        Heddle.timeout(patience(), () -> {
            while (!condition.getAsBoolean()) {
                Heddle.sleep(Duration.ofMillis(5));
            }
        });
    }

    static String newCluster() {
        return "contract-" + Long.toString(CLUSTERS.getAndIncrement(), 36);
    }

    static Key key(String name) {
        return new Key(DIR, name);
    }

    static Op durable(Key key, String value) {
        return new Op.Create(key, Bytes.utf8(value), Lifetime.DURABLE);
    }

    static Op ephemeral(Key key) {
        return new Op.Create(key, Bytes.EMPTY, Lifetime.EPHEMERAL);
    }

    /** Gives an entry another value, whatever its version. */
    static Op set(Key key, String value) {
        return set(key, value, Op.ANY_VERSION);
    }

    static Op set(Key key, String value, long ifVersion) {
        return new Op.Set(key, Bytes.utf8(value), ifVersion);
    }

    /** Takes an entry away, whatever its version. */
    static Op delete(Key key) {
        return new Op.Delete(key, Op.ANY_VERSION);
    }
}
