package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.AwaitCondition;
import dev.heddle.Task;
import dev.heddle.Tasks;
import dev.heddle.cluster.BodyLostException;
import dev.heddle.cluster.Cluster;
import dev.heddle.cluster.ClusterOptions;
import dev.heddle.cluster.ClusterPool;
import dev.heddle.cluster.ClusterPoolOptions;
import dev.heddle.cluster.NodeSecurity;
import dev.heddle.cluster.Token;
import dev.heddle.cluster.store.InMemoryStore;
import dev.heddle.cluster.store.StoreEngine;
import dev.heddle.process.RemotePool;
import dev.heddle.process.shared.Manager;
import dev.heddle.sim.Sim;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The lines of the table for people who come from Ray. */
final class ComingFromRayTest {

    /** An object that others call. */
    private interface Counter {
        int increment();
    }

    /** It, where it lives. */
    private static final class Count implements Counter {

        private int n;

        @Override
        public int increment() {
            return ++n;
        }
    }

    private final List<String> told = new ArrayList<>();

    private static int square(int n) {
        return n * n;
    }

    private static int slow(int n) {
        sleep(Duration.ofSeconds(n));
        return n;
    }

    private static int risky() {
        throw new IllegalStateException("no");
    }

    private static int tried(RemotePool pool) {
        try {
            return pool.call(() -> risky());
        } catch (IllegalStateException e) {
            return -1;
        }
    }

    private static String load(String name) {
        return name + " at " + ClusterPool.node();
    }

    private void serve(Token token) {
        told.add("leads " + (token.order() > 0));
    }

    @Test
    void tasks() {
        StoreEngine store = InMemoryStore.create();
        Sim.run(() -> {
            Place head = Place.of("head", store, Map.of());
            Place worker = Place.of("worker", store, Map.of("gpu", "yes"));
            ClusterPool pool = head.pool();
            Future<Integer> reference = pool.submit(() -> square(2));
            int four = reference.get(5, TimeUnit.SECONDS);
            List<Integer> squares = pool.map(List.of(1, 2, 3), n -> square(n));
            assertEquals(List.of(1, four, 9), squares);
            List<Task<Integer>> tasks = List.of(
                    spawn(() -> pool.call(() -> slow(1))), spawn(() -> pool.call(() -> slow(3600))));
            var waited = Tasks.awaitWithin(Duration.ofSeconds(10), tasks, AwaitCondition.FIRST_COMPLETED);
            assertEquals(1, waited.done().size());
            waited.pending().forEach(task -> task.cancel("not needed"));
            Optional<Integer> soon = moveOnAfter(Duration.ofSeconds(1), () -> pool.call(() -> slow(3600)));
            assertTrue(soon.isEmpty());
            Future<Integer> later = pool.submit(() -> slow(3600));
            later.cancel(true);
            assertEquals(-1, tried(pool));
            assertTrue(pool.near("orders").call(() -> load("orders")).startsWith("orders at "));
            assertEquals(4, pool.retrying(4).call(() -> square(2)));
            assertEquals("worker", pool.on("gpu", "yes").call(() -> ClusterPool.node()));
            for (int each : pool.imapUnordered(List.of(1, 2), n -> square(n))) {
                told.add("got " + each);
            }
            assertEquals(2, told.size());
            tasks.forEach(Task::awaitOutcome);
            worker.leave();
            head.leave();
        });
    }

    @Test
    void whatALostNodeHad() {
        StoreEngine store = InMemoryStore.create();
        Sim.run(() -> {
            Place head = Place.of("head", store, Map.of());
            Place worker = Place.of("worker", store, Map.of("gpu", "yes"));
            ClusterPool pool = head.pool().on("gpu", "yes");
            spawn(() -> {
                sleep(Duration.ofSeconds(5));
                worker.cluster().close();
            });
            assertThrows(BodyLostException.class, () -> pool.call(() -> slow(3600)));
            worker.leave();
            head.leave();
        });
    }

    @Test
    void clusterOfOne() {
        ClusterOptions shop = ClusterOptions.of("shop", InMemoryStore.create())
                .withLabels(Map.of("gpu", "yes", ClusterPool.ADDRESS, "localhost:7400"));
        NodeSecurity security = NodeSecurity.none();
        Sim.run(() -> {
            try (Cluster cluster = Cluster.join(shop);
                    RemotePool pool = ClusterPool.of(cluster, ClusterPoolOptions.of(7400, security))) {
                assertEquals(4, pool.call(() -> square(2)));
                cluster.leader("billing").lead(token -> serve(token));
                assertEquals(1, cluster.counter("invoices").add(1));
                cluster.semaphore("gpu", 2).run(() -> square(2));
                sleep(Duration.ofSeconds(1));
                assertEquals(1, cluster.members().size());
                assertFalse(cluster.leader("billing").current().isPresent());
            }
        });
        assertEquals(List.of("leads true"), told);
    }

    @Test
    @Tag("full")
    void objectsOfThisMachine() {
        run(() -> {
            try (Manager manager = Manager.open()) {
                Counter counter = manager.share(Counter.class, new Count());
                assertEquals(1, counter.increment());
            }
        });
    }
}
