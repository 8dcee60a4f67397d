package dev.heddle.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.cluster.store.InMemoryStore;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ClusterSemaphoreTest {

    private static final Duration SHORT = Duration.ofMillis(10);

    private final InMemoryStore store = InMemoryStore.create();

    private Cluster join(String node) {
        return Cluster.join(ClusterOptions.of("shop", store).withNode(node));
    }

    @Test
    void asManyAreInsideAsThereArePermitsOverTheNodes() {
        Sim.seeds(1, 30, () -> {
            int[] inside = {0, 0};
            try (Cluster a = join("a"); Cluster b = join("b")) {
                Heddle.group(group -> {
                    for (Cluster node : List.of(a, b)) {
                        for (int i = 0; i < 10; i++) {
                            group.spawn(() -> node.semaphore("seats", 3).run(() -> {
                                inside[1] = Math.max(inside[1], ++inside[0]);
                                Heddle.sleep(SHORT);
                                inside[0]--;
                            }));
                        }
                    }
                });
            }
            assertEquals(3, inside[1]);
            assertEquals(0, inside[0]);
        });
    }

    @Test
    void permitsOfANodeThatLeavesAreGivenToOthers() {
        Sim.run(() -> {
            Cluster a = join("a");
            try (Cluster b = join("b")) {
                a.semaphore("seats", 2).acquire();
                a.semaphore("seats", 2).acquire();
                assertFalse(b.semaphore("seats", 2).tryAcquire());
                a.close();
                assertTrue(b.semaphore("seats", 2).acquireWithin(SHORT));
                assertThrows(LockLostException.class, a.semaphore("seats", 2)::release);
            }
        });
    }

    @Test
    void anybodyOfTheNodeMayRelease() {
        Sim.run(() -> {
            try (Cluster a = join("a"); Cluster b = join("b")) {
                ClusterSemaphore seats = a.semaphore("seats", 1);
                Heddle.spawn(seats::acquire).join();
                assertEquals(new ClusterSemaphore.Statistics(1, 1, 0, 1), seats.statistics());
                assertThrows(IllegalStateException.class, b.semaphore("seats", 1)::release);
                seats.release();
                assertThrows(IllegalStateException.class, seats::release);
                b.semaphore("seats", 1).run(() -> {});
            }
        });
    }

    @Test
    void numberOfPermitsIsChangedByRollingDeployWhichEachNodeTellsOnce() {
        List<String> told = new ArrayList<>();
        Sim.run(SimOptions.DEFAULT.withFailureHandler((_, failure) -> told.add(failure.getMessage())), _ -> {
            Cluster a = join("a");
            try (Cluster b = join("b")) {
                a.semaphore("seats", 2).acquire();
                assertThrows(IllegalArgumentException.class, () -> a.semaphore("seats", 3));
                assertThrows(IllegalArgumentException.class, () -> a.semaphore("none", 0));
                ClusterSemaphore seats = b.semaphore("seats", 3);
                seats.acquire();
                seats.acquire();
                assertFalse(seats.tryAcquire());
                a.close();
                seats.acquire();
                assertFalse(seats.tryAcquire());
            }
        });
        assertEquals(List.of("cluster semaphore seats has another number of permits on node a than the 3 here"), told);
    }

    @Test
    void permitsAreHeldThoughNobodyKeepsTheSemaphore() {
        Sim.run(() -> {
            try (Cluster a = join("a")) {
                a.semaphore("seats", 2).acquire();
                System.gc();
                assertEquals(1, a.semaphore("seats", 2).statistics().held());
                a.semaphore("seats", 2).release();
            }
        });
    }

    @Test
    void cancelledAcquireLeavesNothingBehind() {
        Sim.seeds(1, 20, () -> {
            try (Cluster a = join("a"); Cluster b = join("b")) {
                a.semaphore("seats", 2).acquire();
                a.semaphore("seats", 2).acquire();
                List<Task<Void>> waiting = List.of(
                        Heddle.spawn(b.semaphore("seats", 2)::acquire), Heddle.spawn(b.semaphore("seats", 2)::acquire));
                Heddle.sleep(SHORT);
                waiting.forEach(Task::cancel);
                waiting.forEach(Task::awaitOutcome);
                Heddle.sleep(SHORT);
                assertEquals(new ClusterSemaphore.Statistics(2, 2, 0, 2), a.semaphore("seats", 2).statistics());
            }
        });
    }
}
