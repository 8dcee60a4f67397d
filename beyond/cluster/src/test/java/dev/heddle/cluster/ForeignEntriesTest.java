package dev.heddle.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.Heddle;
import dev.heddle.Promise;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.CommitOutcome;
import dev.heddle.cluster.store.InMemoryStore;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Lifetime;
import dev.heddle.cluster.store.Op;
import dev.heddle.cluster.store.SessionOptions;
import dev.heddle.cluster.store.Store;
import dev.heddle.cluster.store.StoreEngine;
import dev.heddle.cluster.store.Watch;
import dev.heddle.cluster.store.WatchEvent;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * An entry of the store that no node has written, in any directory that a cluster uses: it is passed over, told once by
 * its key where the directory is followed, and ends no service.
 */
final class ForeignEntriesTest {

    private static final List<Bytes> GARBAGE = List.of(
            Bytes.EMPTY,
            Bytes.utf8("garbage"),
            Bytes.utf8("1 garbage of another program"),
            Bytes.of(new byte[]{1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1}),
            Bytes.of(new byte[1_000]));

    /** Where any entry is one that a node could have written, or is asked for by its name. */
    private static final Set<String> ANY_FITS = Set.of(
            "barriers/orders", "limits/orders", "maps/orders", "jobs/q/control");

    /** Where a number and a text stand for a node, which has a place then. */
    private static final Set<String> LINES = Set.of(
            "mutexes/orders", "semaphores/orders", "leaders/orders", "limiters/orders");

    private final Set<String> directories = new TreeSet<>();
    private final Set<String> followed = new TreeSet<>();
    private final List<String> told = new ArrayList<>();

    @Test
    @Tag("full")
    void foreignEntryInAnyDirectoryIsPassedOverAndEndsNoService() {
        sim(() -> use(new Recording(InMemoryStore.create()), () -> {}));
        assertEquals(List.of(), told);
        assertTrue(directories.contains("jobs/q/unique") && followed.contains("topics/orders"), directories + "");
        for (String directory : List.copyOf(directories)) {
            for (Bytes garbage : GARBAGE) {
                if (!LINES.contains(directory) || !garbage.utf8().startsWith("1 ")) {
                    passesOver(directory, garbage);
                }
            }
        }
    }

    private void passesOver(String directory, Bytes garbage) {
        String what = directory + " with " + garbage;
        told.clear();
        Key early = new Key(directory, "0-early");
        Key late = new Key(directory, "zz-late");
        InMemoryStore store = InMemoryStore.create();
        try {
            sim(() -> {
                write(store, early, garbage);
                use(store, () -> write(store, late, garbage));
            });
        } catch (AssertionError e) {
            throw new AssertionError(what + ": " + e.getMessage(), e);
        }
        for (Key key : List.of(early, late)) {
            long times = told.stream().filter(each -> each.contains("the entry " + key + " of the store")).count();
            boolean follows = followed.contains(directory) && !ANY_FITS.contains(directory);
            assertTrue(!follows || times > 0, what + ": the key " + key + " is not told: " + told);
            assertTrue(times <= 2, what + ": the key " + key + " is told " + times + " times"); // once on each node
        }
        assertTrue(told.stream().allMatch(each -> each.contains("and is passed over")), what + ": " + told);
    }

    /** Entries that are the thing itself, and cannot be passed over. */
    @Test
    void entryThatIsTheValueItselfIsNamedToWhoeverAsks() {
        for (Bytes garbage : List.of(Bytes.EMPTY, Bytes.utf8("garbage"), Bytes.utf8("1"), Bytes.utf8("1 2 x"))) {
            told.clear();
            InMemoryStore store = InMemoryStore.create();
            sim(() -> {
                for (String key : List.of("counters/orders", "barriers/orders/state", "limits/orders/turns-1",
                        "topics/orders", "map-counts/orders")) {
                    int slash = key.lastIndexOf('/');
                    write(store, new Key(key.substring(0, slash), key.substring(slash + 1)), garbage);
                }
                try (Cluster node = join(store, "a")) {
                    if (!garbage.utf8().equals("1")) {
                        named("counters/orders", () -> node.counter("orders").get());
                        named("counters/orders", () -> node.counter("orders").add(1));
                        named("map-counts/orders", () -> node.map("orders", 10).put("a", Bytes.EMPTY));
                    }
                    if (!garbage.utf8().startsWith("1 2")) {
                        named("topics/orders", () -> node.topic("orders", 10).publish(Bytes.EMPTY));
                        named("limits/orders/turns-1", () -> node.limiter("orders", 10, 10).acquire());
                    }
                    named("barriers/orders/state", () -> node.barrier("orders", 2).await());
                    node.mutex("orders").run(() -> {});
                }
            });
            assertEquals(List.of(), told);
        }
    }

    @Test
    void incarnationThatCannotBeReadIsNamedToWhoeverJoins() {
        InMemoryStore store = InMemoryStore.create();
        sim(() -> {
            write(store, new Key("cluster", "incarnation"), Bytes.utf8("garbage"));
            named("cluster/incarnation", () -> join(store, "a"));
        });
    }

    private static void named(String key, Action use) {
        IllegalStateException refused = assertThrows(
                IllegalStateException.class, () -> Heddle.timeout(Duration.ofMinutes(1), use));
        assertTrue(refused.getMessage().contains("the entry " + key + " of the store"), refused.toString());
    }

    private void use(StoreEngine store, Action meanwhile) throws Exception {
        try (Cluster a = join(store, "a");
                Cluster b = join(store, "b");
                var services = new ServicesInUse(a, b)) {
            services.use();
            a.jobs("q").submit(JobSpec.of("good", Bytes.EMPTY).withKey("once")).join();
            meanwhile.run();
            services.use();
        }
    }

    private void sim(Action body) {
        Sim.run(SimOptions.DEFAULT.withFailureHandler((what, failure) -> told.add(what + ": " + failure)),
                _ -> body.run());
    }

    private static Cluster join(StoreEngine store, String name) {
        return Cluster.join(ClusterOptions.of("shop", store).withNode(name));
    }

    private static void write(StoreEngine engine, Key key, Bytes value) {
        Store store = engine.open(SessionOptions.of("shop"));
        assertTrue(store.commit(List.of(new Op.Create(key, value, Lifetime.DURABLE)))
                .join() instanceof CommitOutcome.Committed);
        store.close();
    }

    /** A store that remembers which directories are used, and which are followed. */
    private final class Recording implements StoreEngine {

        private final StoreEngine engine;

        private Recording(StoreEngine engine) {
            this.engine = engine;
        }

        @Override
        public Store open(SessionOptions options) {
            return new ForwardingStore(engine.open(options)) {

                @Override
                public Promise<CommitOutcome> commit(List<Op> ops) {
                    ops.forEach(op -> directories.add(op.key().directory()));
                    return super.commit(ops);
                }

                @Override
                public Promise<Watch> watch(String directory, Consumer<? super WatchEvent> listener) {
                    directories.add(directory);
                    followed.add(directory);
                    return super.watch(directory, listener);
                }
            };
        }
    }
}
