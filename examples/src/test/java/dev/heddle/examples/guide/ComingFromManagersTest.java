package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.cluster.Cluster;
import dev.heddle.cluster.ClusterBarrier;
import dev.heddle.cluster.ClusterCounter;
import dev.heddle.cluster.ClusterMap;
import dev.heddle.cluster.ClusterMapEvent;
import dev.heddle.cluster.ClusterMutex;
import dev.heddle.cluster.ClusterOptions;
import dev.heddle.cluster.ClusterSemaphore;
import dev.heddle.cluster.JobHandle;
import dev.heddle.cluster.JobSpec;
import dev.heddle.cluster.JobSubscription;
import dev.heddle.cluster.Jobs;
import dev.heddle.cluster.JobsOptions;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.InMemoryStore;
import dev.heddle.process.ProcessPool;
import dev.heddle.process.shared.Manager;
import dev.heddle.process.shared.SharedQueue;
import dev.heddle.sim.Sim;
import dev.heddle.sync.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The lines of the table for people who come from Python's managers over TCP. */
final class ComingFromManagersTest {

    private final List<String> done = new ArrayList<>();

    private Bytes work(Bytes item) {
        done.add(item.utf8());
        return Bytes.utf8("did " + item.utf8());
    }

    private void change() {
        done.add("changed");
    }

    private static int add(int left, int right) {
        return left + right;
    }

    @Test
    void queuesBecomeJobs() {
        Sim.run(() -> {
            try (Cluster cluster = Cluster.join(ClusterOptions.of("shop", InMemoryStore.create()))) {
                Jobs queue = cluster.jobs("work", JobsOptions.DEFAULT.withCapacity(100));
                JobHandle item = queue.submit("item", Bytes.utf8("hello"));
                JobSubscription _ = queue.handle("item", 1, job -> work(job.payload()));
                assertEquals("did hello", item.join().utf8());
                assertTrue(queue.submitIfRoom(JobSpec.of("item", Bytes.EMPTY)).isPresent());
                assertTrue(queue.statistics().waiting() <= 1);
            }
        });
    }

    @Test
    void everythingElseHasItsSibling() {
        Sim.run(() -> {
            try (Cluster cluster = Cluster.local()) {
                ClusterMap map = cluster.map("settings", 100);
                map.put("rate", Bytes.utf8("10"));
                Bytes rate = map.get("rate").orElseThrow().bytes();
                assertEquals("10", rate.utf8());
                ClusterMap.Value old = map.get("rate").orElseThrow();
                OptionalLong changed = map.compareAndSet("rate", old.version(), Bytes.utf8("20"));
                assertTrue(changed.isPresent());
                assertEquals(1, map.all().size());
                try (Subscription<ClusterMapEvent> changes = map.changes(100)) {
                    assertEquals("rate", changes.receive().key());
                }
                ClusterMutex mutex = cluster.mutex("orders");
                mutex.run(() -> change());
                ClusterSemaphore few = cluster.semaphore("licences", 3);
                few.run(() -> change());
                ClusterBarrier meeting = cluster.barrier("ready", 1);
                meeting.await();
                ClusterCounter value = cluster.counter("invoices");
                assertEquals(1, value.add(1));
                assertFalse(cluster.self().name().isEmpty());
            }
        });
        assertEquals(List.of("changed", "changed"), done);
    }

    @Test
    @Tag("full")
    void onOneMachineItIsAManagerHereToo() {
        run(() -> {
            try (Manager manager = Manager.open()) {
                SharedQueue<String> queue = manager.queue(10);
                queue.put("hello");
                assertEquals("hello", queue.take());
            }
        });
        Sim.run(() -> {
            try (ProcessPool pool = ProcessPool.of(2)) {
                assertEquals(7, timeout(Duration.ofSeconds(5), () -> pool.call(() -> add(4, 3))));
            }
        });
    }
}
