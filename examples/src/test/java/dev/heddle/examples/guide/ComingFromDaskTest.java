package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Task;
import dev.heddle.Tasks;
import dev.heddle.cluster.Cluster;
import dev.heddle.cluster.ClusterMap;
import dev.heddle.cluster.ClusterPool;
import dev.heddle.cluster.ClusterTopic;
import dev.heddle.cluster.JobHandle;
import dev.heddle.cluster.Jobs;
import dev.heddle.cluster.NodeSecurity;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.InMemoryStore;
import dev.heddle.cluster.store.StoreEngine;
import dev.heddle.process.ProcessPool;
import dev.heddle.process.RemotePool;
import dev.heddle.sim.Sim;
import dev.heddle.tls.TlsIdentity;
import dev.heddle.tls.TlsTrust;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The lines of the table for people who come from Dask's distributed. */
final class ComingFromDaskTest {

    private static int inc(int n) {
        return n + 1;
    }

    private static int fail() {
        throw new IllegalStateException("no");
    }

    private static String load(String name) {
        return name + " at " + ClusterPool.node();
    }

    private static Object slow() {
        sleep(Duration.ofHours(1));
        return "late";
    }

    @Test
    void bodies() {
        StoreEngine store = InMemoryStore.create();
        Sim.run(() -> {
            Place one = Place.of("one", store, Map.of());
            Place two = Place.of("two", store, Map.of("GPU", "yes"));
            ClusterPool pool = one.pool();
            int now = pool.call(() -> inc(1));
            Future<Integer> future = pool.submit(() -> inc(1));
            assertEquals(now, future.get(5, TimeUnit.SECONDS));
            List<Integer> numbers = List.of(1, 2, 3);
            List<Integer> all = pool.map(numbers, n -> inc(n));
            assertEquals(List.of(2, 3, 4), all);
            assertEquals(all, pool.map(numbers, 2, n -> inc(n)));
            List<Integer> seen = new ArrayList<>();
            for (int each : pool.imapUnordered(numbers, n -> inc(n))) {
                seen.add(each);
            }
            assertEquals(3, seen.size());
            assertEquals("x at two", pool.on("GPU", "yes").call(() -> load("x")));
            assertEquals(pool.near("x").call(() -> load("x")), pool.near("x").call(() -> load("x")));
            assertEquals(2, pool.retrying(3).call(() -> inc(1)));
            String path = "s3://shop/orders";
            assertFalse(pool.call(() -> load(path)).isEmpty());
            two.leave();
            one.leave();
        });
    }

    @Test
    void failuresAndCancels() {
        StoreEngine store = InMemoryStore.create();
        Sim.run(() -> {
            Place one = Place.of("one", store, Map.of());
            ClusterPool pool = one.pool();
            var failure = assertThrows(IllegalStateException.class, () -> pool.call(() -> fail()));
            assertEquals("no", failure.getMessage());
            Future<Integer> failed = pool.submit(() -> fail());
            assertThrows(ExecutionException.class, () -> failed.get());
            Future<Object> future = pool.submit(() -> slow());
            future.cancel(true);
            assertTrue(future.isDone());
            List<String> told = new ArrayList<>();
            pool.supplyAsync(() -> inc(1)).thenAccept(n -> told.add("got " + n)).join();
            assertEquals(List.of("got 2"), told);
            List<Task<Integer>> tasks = List.of(spawn(() -> pool.call(() -> inc(1))));
            for (Task<Integer> done : Tasks.asCompleted(tasks)) {
                assertEquals(2, done.join());
            }
            one.leave();
        });
    }

    @Test
    void workersOfThisMachine() {
        Sim.run(() -> {
            try (RemotePool pool = ProcessPool.of(4)) {
                assertEquals(2, pool.call(() -> inc(1)));
            }
        });
    }

    @Test
    void sharedThings() {
        Sim.run(() -> {
            try (Cluster cluster = Cluster.local()) {
                cluster.mutex("x").run(() -> inc(1));
                assertEquals(2, cluster.semaphore("database", 3).run(() -> inc(1)));
                ClusterMap settings = cluster.map("settings", 100);
                settings.put("rate", Bytes.utf8("10"));
                assertEquals("10", settings.get("rate").orElseThrow().bytes().utf8());
                ClusterTopic news = cluster.topic("news", 100);
                news.publish(Bytes.utf8("begin"));
                Jobs work = cluster.jobs("work");
                JobHandle job = work.submit("load", Bytes.utf8("orders"));
                assertFalse(job.id().isEmpty());
                sleep(Duration.ofSeconds(1));
                assertEquals(1, cluster.members().size());
            }
        });
    }

    @Test
    @Tag("full")
    void security() {
        TlsIdentity identity = TlsIdentity.selfSigned("one");
        TlsTrust trust = TlsTrust.of(identity.certificate());
        NodeSecurity security = NodeSecurity.mutualTls(identity, trust);
        assertFalse(security.toString().isEmpty());
    }
}
