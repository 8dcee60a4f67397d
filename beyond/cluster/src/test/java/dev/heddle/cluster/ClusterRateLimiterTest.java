package dev.heddle.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.cluster.store.InMemoryStore;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ClusterRateLimiterTest {

    private final InMemoryStore store = InMemoryStore.create();

    private Cluster join(String node) {
        return Cluster.join(ClusterOptions.of("shop", store).withNode(node));
    }

    @Test
    void allNodesTogetherKeepTheRateAndUseIt() {
        Sim.run(() -> {
            int[] begun = {0};
            try (Cluster a = join("a"); Cluster b = join("b")) {
                List<Task<Void>> callers = new ArrayList<>();
                for (Cluster node : List.of(a, a, b, b)) {
                    callers.add(Heddle.spawn(() -> {
                        for (int i = 0; i < 10_000; i++) {
                            node.limiter("calls", 20, 5).acquire();
                            begun[0]++;
                        }
                    }));
                }
                Heddle.sleep(Duration.ofSeconds(100));
                callers.forEach(Task::cancel);
                callers.forEach(Task::awaitOutcome);
                assertTrue(begun[0] <= 2005, begun[0] + " in 100 s");
                assertTrue(begun[0] >= 1600, begun[0] + " in 100 s");
            }
        });
    }

    @Test
    void callThatIsTooLateOrOfANodeThatHasLeftHasNoTurn() {
        Sim.run(() -> {
            Cluster a = join("a");
            ClusterRateLimiter calls = a.limiter("calls", 0.01, 1);
            calls.acquire();
            assertFalse(calls.acquireWithin(Duration.ofSeconds(1)));
            Task<Void> waiting = Heddle.spawn(calls::acquire);
            Heddle.sleep(Duration.ofSeconds(1));
            a.close();
            assertThrows(ClosedException.class, waiting::join);
            assertThrows(ClosedException.class, calls::acquire);
            assertThrows(IllegalArgumentException.class, () -> a.limiter("none", 0, 1));
            assertEquals("cluster limiter calls", calls.toString());
        });
    }

    @Test
    void burstIsThereAgainAfterQuietTime() {
        Sim.run(() -> {
            try (Cluster a = join("a"); Cluster b = join("b")) {
                for (Cluster node : List.of(a, b, a)) {
                    for (int i = 0; i < 5; i++) {
                        assertTrue(node.limiter("calls", 10, 5).acquireWithin(Duration.ofMillis(90)));
                    }
                    assertFalse(node.limiter("calls", 10, 5).acquireWithin(Duration.ofMillis(20)));
                    Heddle.sleep(Duration.ofSeconds(10));
                }
            }
        });
    }

    @Test
    void whenTheNodeThatMakesTurnsLeavesTheNextOneGoesOn() {
        Sim.run(() -> {
            Cluster a = join("a");
            a.limiter("calls", 1, 1).acquire();
            try (Cluster b = join("b")) {
                Task<Void> waiting = Heddle.spawn(() -> b.limiter("calls", 1, 1).acquire());
                Heddle.sleep(Duration.ofMillis(100));
                a.close();
                Heddle.timeout(Duration.ofSeconds(3), waiting::join);
            }
        });
    }

    @Test
    void rateIsChangedByRollingDeployWhichEachNodeTellsOnce() {
        List<String> told = new ArrayList<>();
        Sim.run(SimOptions.DEFAULT.withFailureHandler((_, failure) -> told.add(failure.getMessage())), _ -> {
            Cluster a = join("a");
            Task<Void> old = Heddle.spawn(() -> {
                while (true) {
                    a.limiter("calls", 1, 1).acquire();
                }
            });
            Heddle.sleep(Duration.ofSeconds(2));
            try (Cluster b = join("b")) {
                ClusterRateLimiter other = b.limiter("calls", 20, 5);
                assertThrows(IllegalArgumentException.class, () -> b.limiter("calls", 1, 1));
                assertThrows(IllegalArgumentException.class, () -> b.limiter("others", 11, 1));
                assertSame(other, b.limiter("calls", 20, 5));
                assertEquals(10, turnsIn(Duration.ofSeconds(20), other), 2, "half of what the old node makes");
                old.cancel();
                a.close();
                assertEquals(400, turnsIn(Duration.ofSeconds(20), other), 80);
            }
        });
        assertEquals(List.of("cluster limiter calls has another rate and burst on another node, which makes the turns: "
                + "1.0 1, not 20.0 5"), told);
    }

    @Test
    void rateOfProgramThatHasEndedIsNoMoreThatOfTheNextAndIsNotTold() {
        Sim.run(() -> {
            try (Cluster a = join("a")) {
                a.limiter("calls", 10, 10).acquire();
            }
            try (Cluster b = join("b")) {
                assertEquals(20, turnsIn(Duration.ofSeconds(10), b.limiter("calls", 1, 2)), 9, "what was left, too");
                assertEquals(10, turnsIn(Duration.ofSeconds(10), b.limiter("calls", 1, 2)), 2);
            }
        });
    }

    private static int turnsIn(Duration time, ClusterRateLimiter limiter) {
        int[] turns = {0};
        Heddle.moveOnAfter(time, () -> {
            while (true) {
                limiter.acquire();
                turns[0]++;
            }
        });
        return turns[0];
    }
}
