package dev.heddle.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.InMemoryStore;
import dev.heddle.cluster.store.ReadConsistency;
import dev.heddle.cluster.store.SessionOptions;
import dev.heddle.cluster.store.Store;
import dev.heddle.process.ProcessPoolOptions;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimHost;
import dev.heddle.sim.SimStore;
import dev.heddle.sim.StoreFaults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Who looks into a cluster from outside sees its members, locks and queues, and is no member. */
final class ClusterViewTest {

    private final InMemoryStore store = InMemoryStore.create();

    private ClusterOptions options() {
        return ClusterOptions.of("shop", store);
    }

    @Test
    void membersDoNotSeeWhoLooks() {
        Sim.run(() -> {
            try (Cluster a = Cluster.join(options().withNode("a").withLabels(Map.of("gpu", "yes")));
                    ClusterView view = ClusterView.open(options())) {
                assertEquals(List.of(a.self()), view.members());
                Heddle.sleep(Duration.ofSeconds(1));
                assertEquals(List.of(a.self()), a.members());
            }
        });
    }

    @Test
    void locksAreShownWithWhoHasThemAndWhoWaits() {
        Sim.run(() -> {
            try (Cluster a = Cluster.join(options().withNode("a"));
                    Cluster b = Cluster.join(options().withNode("b"));
                    ClusterView view = ClusterView.open(options())) {
                a.mutex("orders/2026").acquire();
                a.semaphore("ovens", 2).acquire();
                Task<Void> waiter = Heddle.spawn(() -> {
                    b.mutex("orders/2026").acquire();
                    b.mutex("orders/2026").release();
                });
                Heddle.sleep(Duration.ofSeconds(1));
                assertEquals(
                        List.of(
                                new LockQueueInfo("mutex", "orders/2026", List.of("a"), List.of("b")),
                                new LockQueueInfo("semaphore", "ovens", List.of("a"), List.of())),
                        view.lines());
                a.mutex("orders/2026").release();
                a.semaphore("ovens", 2).release();
                waiter.join();
            }
        });
    }

    @Test
    void queuesAreShownWhileNodesUseThem() {
        Sim.run(() -> {
            try (ClusterView view = ClusterView.open(options())) {
                try (Cluster a = Cluster.join(options().withNode("a"))) {
                    a.jobs("mail").submit("send", Bytes.utf8("x"));
                    Heddle.sleep(Duration.ofSeconds(1));
                    assertEquals(List.of("mail"), view.queues());
                }
                assertEquals(List.of(), view.queues());
                assertEquals(1, view.jobs("mail").statistics().waiting());
            }
        });
    }

    @Test
    void jobsAreListedAsTheyStandAndCanBeCancelled() {
        Sim.run(() -> {
            try (Cluster a = Cluster.join(options().withNode("a"));
                    ClusterView view = ClusterView.open(options())) {
                Jobs mail = a.jobs("mail");
                mail.submit(JobSpec.of("send", Bytes.utf8("x")).withId("first"));
                mail.submit(JobSpec.of("slow", Bytes.utf8("y")).withId("second"));
                try (JobSubscription _ = mail.handle("slow", 1, _ -> {
                    Heddle.sleep(Duration.ofDays(1));
                    return Bytes.EMPTY;
                })) {
                    Heddle.sleep(Duration.ofSeconds(1));
                    List<JobSnapshot> seen = view.jobs("mail").list();
                    assertEquals("first", seen.getFirst().id());
                    assertEquals("send", seen.getFirst().name());
                    assertEquals(new JobStatus.Waiting(0, ""), seen.getFirst().status());
                    assertEquals("second", seen.getLast().id());
                    assertEquals(
                            "a", assertInstanceOf(JobStatus.Running.class, seen.getLast().status()).node());
                    assertTrue(view.jobs("mail").job("first").cancel());
                    JobSnapshot last = view.jobs("mail").list().getLast();
                    assertEquals("first", last.id());
                    assertEquals("send", last.name());
                    assertEquals(new JobStatus.Cancelled(""), last.status());
                }
            }
        });
    }

    @Test
    void loadOfPoolsIsShownWhileTheyAreOpen() {
        Sim.run(() -> Sim.current().network().host("a").run(() -> {
            ClusterOptions a = options().withNode("a").withLabels(Map.of(ClusterPool.ADDRESS, "a:7400"));
            try (Cluster cluster = Cluster.join(a); ClusterView view = ClusterView.open(options())) {
                ClusterPoolOptions two = ClusterPoolOptions.of(7400, NodeSecurity.none())
                        .withProcesses(ProcessPoolOptions.DEFAULT.withWorkers(2));
                try (ClusterPool pool = ClusterPool.of(cluster, two)) {
                    Heddle.sleep(Duration.ofSeconds(1));
                    assertEquals(List.of(new NodeLoad("a", 0, 2)), view.loads());
                    List<Future<?>> bodies = new ArrayList<>();
                    for (int i = 0; i < 3; i++) {
                        bodies.add(pool.submit(() -> Heddle.sleep(Duration.ofSeconds(10))));
                    }
                    Heddle.sleep(Duration.ofSeconds(3));
                    assertEquals(List.of(new NodeLoad("a", 3, 2)), view.loads());
                    for (Future<?> body : bodies) {
                        body.get();
                    }
                    Heddle.sleep(Duration.ofSeconds(3));
                    assertEquals(List.of(new NodeLoad("a", 0, 2)), view.loads());
                }
                Heddle.sleep(Duration.ofSeconds(1));
                assertEquals(List.of(), view.loads());
            }
        }));
    }

    @Test
    void nodeThatWasApartTellsItsLoadAgain() {
        Sim.run(() -> {
            SimStore ensemble = SimStore.create(3, StoreFaults.NONE);
            ClusterOptions shop = ClusterOptions.of("shop", ensemble);
            SimHost host = Sim.current().network().host("a");
            Task<Void> node = host.spawn(() -> {
                ClusterOptions a = shop.withNode("a").withLabels(Map.of(ClusterPool.ADDRESS, "a:7400"));
                try (Cluster cluster = Cluster.join(a);
                        ClusterPool _ = ClusterPool.of(cluster, ClusterPoolOptions.of(7400, NodeSecurity.none()))) {
                    Heddle.sleep(Duration.ofMinutes(2));
                }
            });
            Heddle.sleep(Duration.ofSeconds(5));
            host.isolate();
            Heddle.sleep(Duration.ofSeconds(40));
            try (ClusterView view = ClusterView.open(shop)) {
                assertEquals(List.of(), view.loads());
                host.rejoin();
                Heddle.sleep(Duration.ofSeconds(30));
                assertEquals(List.of("a"), view.loads().stream().map(NodeLoad::node).toList());
            }
            node.join();
        });
    }

    @Test
    void nodeWhoseLoadStaysTellsItOnce() {
        Sim.run(() -> Sim.current().network().host("a").run(() -> {
            ClusterOptions a = options().withNode("a").withLabels(Map.of(ClusterPool.ADDRESS, "a:7400"));
            try (Cluster cluster = Cluster.join(a);
                    ClusterPool _ = ClusterPool.of(cluster, ClusterPoolOptions.of(7400, NodeSecurity.none()))) {
                Heddle.sleep(Duration.ofSeconds(1));
                long before = version();
                Heddle.sleep(Duration.ofHours(1));
                assertEquals(before, version());
            }
        }));
    }

    /** How often the load was told. */
    private long version() {
        try (Store look = store.open(SessionOptions.of("shop"))) {
            return look.list("load", ReadConsistency.FRESH).join().entries().getFirst().version();
        }
    }

    @Test
    void lookThatIsOverSaysSo() {
        Sim.run(() -> {
            ClusterView view = ClusterView.open(options());
            view.close();
            assertThrows(ClosedException.class, () -> view.jobs("mail").list());
        });
    }
}
