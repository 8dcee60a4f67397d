package dev.heddle.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.cluster.store.SessionLostException;
import dev.heddle.cluster.store.StoreUnavailableException;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimOptions;
import dev.heddle.sim.SimStore;
import dev.heddle.sim.StoreFaults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is shared over a cluster, on a store that makes use of all that its rules permit. */
final class LocksFaultsTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(4);
    private static final SimOptions OPTIONS = SimOptions.DEFAULT.withSeed(1).withMaxVirtualTime(Duration.ofHours(10))
            .withMaxSteps(50_000_000);
    private static final StoreFaults SILENT = StoreFaults.ROUGH.withSilences(Duration.ofSeconds(20),
            Duration.ofSeconds(10));

    /** What one node does. */
    @FunctionalInterface
    private interface Work {
        void run(Cluster node) throws Exception;
    }

    /** Runs work on three nodes, each on a host of its own, while the store has faults. */
    private static void onNodes(Sim sim, StoreFaults faults, int nodes, Work work) throws Exception {
        SimStore store = SimStore.create(3, StoreFaults.NONE);
        Action all = () -> Heddle.group(group -> {
            List<Task<Void>> tasks = new ArrayList<>();
            for (int i = 0; i < nodes; i++) {
                ClusterOptions options = ClusterOptions.of("shop", store).withNode("node-" + i).withTimeout(TIMEOUT);
                tasks.add(sim.network().host("node-" + i).spawn(() -> {
                    try (Cluster node = join(options)) {
                        store.faults(faults);
                        work.run(node);
                    }
                }));
            }
            tasks.forEach(Task::join);
        });
        all.run();
    }

    private static long sum(Cluster node) {
        while (true) {
            try {
                return node.counter("n").add(0);
            } catch (OutcomeUnknownException _) {
                Heddle.checkpoint(); // nothing was to be added
            }
        }
    }

    private static Cluster join(ClusterOptions options) {
        while (true) {
            try {
                return Cluster.join(options);
            } catch (StoreUnavailableException | SessionLostException | OutcomeUnknownException _) {
                Heddle.sleep(TIMEOUT);
            }
        }
    }

    @Test
    void fenceKeepsHoldersApartWhateverTheStoreDoes() {
        holdersAreApart(2);
    }

    @Test
    @Tag("night")
    void fenceKeepsHoldersApartInManyRuns() {
        holdersAreApart(150);
    }

    private static void holdersAreApart(int seeds) {
        Sim.seeds(OPTIONS, seeds, sim -> {
            List<Token> tokens = new ArrayList<>();
            int[] inside = {0};
            onNodes(sim, SILENT, 3, node -> Heddle.group(group -> {
                for (int i = 0; i < 3; i++) {
                    group.spawn(() -> {
                        for (int done = 0; done < 10;) {
                            done += once(node, tokens, inside) ? 1 : 0;
                        }
                    });
                }
            }));
            ClusterMutexTest.assertRising(tokens);
        });
    }

    private static boolean once(Cluster node, List<Token> tokens, int[] inside) {
        ClusterMutex mutex = node.mutex("orders");
        try {
            mutex.run(() -> {
                assertEquals(1, ++inside[0], "holders at a time");
                try {
                    tokens.add(mutex.token());
                    Heddle.sleep(Duration.ofMillis(200));
                } finally {
                    inside[0]--;
                }
            });
            return true;
        } catch (LockLostException _) {
            return false;
        }
    }

    @Test
    void noTwoGrantsHaveTheSameTokenAndAllAreServedThoughSessionsExpire() {
        tokensDiffer(2);
    }

    @Test
    @Tag("night")
    void noTwoGrantsHaveTheSameTokenInManyRuns() {
        tokensDiffer(150);
    }

    private static void tokensDiffer(int seeds) {
        Sim.seeds(OPTIONS, seeds, sim -> {
            Set<Token> tokens = new HashSet<>();
            onNodes(sim, SILENT, 3,
                    node -> Heddle.group(group -> {
                        for (int i = 0; i < 3; i++) {
                            group.spawn(() -> {
                                for (int done = 0; done < 10;) {
                                    done += grantOf(node, tokens) ? 1 : 0;
                                }
                            });
                        }
                    }));
        });
    }

    private static boolean grantOf(Cluster node, Set<Token> tokens) {
        ClusterMutex mutex = node.mutex("orders");
        try {
            if (!mutex.acquireWithin(Duration.ofSeconds(3))) {
                return false;
            }
            assertTrue(tokens.add(mutex.token()), "a token twice");
            Heddle.sleep(Duration.ofMillis(200));
            mutex.release();
            return true;
        } catch (LockLostException _) {
            return false;
        }
    }

    @Test
    void counterLosesNothing() {
        counterIsExact(4);
    }

    @Test
    @Tag("night")
    void counterLosesNothingInManyRuns() {
        counterIsExact(150);
    }

    private static void counterIsExact(int seeds) {
        Sim.seeds(OPTIONS, seeds, sim -> {
            Set<Long> numbers = new HashSet<>();
            int[] unknown = {0};
            long[] last = {0};
            onNodes(sim, StoreFaults.ROUGH, 3, node -> {
                Heddle.group(group -> {
                    for (int i = 0; i < 5; i++) {
                        group.spawn(() -> {
                            for (int round = 0; round < 20; round++) {
                                try {
                                    assertTrue(numbers.add(node.counter("n").add(1)), "a number twice");
                                } catch (OutcomeUnknownException _) {
                                    unknown[0]++;
                                }
                                Heddle.sleep(Duration.ofMillis(100));
                            }
                        });
                    }
                });
                long sum = sum(node);
                last[0] = Math.max(last[0], sum);
            });
            assertTrue(numbers.size() <= last[0] && last[0] <= numbers.size() + unknown[0],
                    numbers.size() + " known, " + unknown[0] + " unknown, the counter has " + last[0]);
        });
    }
}
