package dev.heddle.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.cluster.store.InMemoryStore;
import dev.heddle.sim.Sim;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ClusterBarrierTest {

    private static final Duration SHORT = Duration.ofMillis(10);

    private final InMemoryStore store = InMemoryStore.create();

    private Cluster join(String node) {
        return Cluster.join(ClusterOptions.of("shop", store).withNode(node));
    }

    @Test
    void nobodyPassesBeforeAllHaveArrivedRoundAfterRound() {
        Sim.seeds(1, 20, () -> {
            int[] arrived = new int[5];
            List<List<Integer>> indices = new ArrayList<>();
            for (int round = 0; round < 5; round++) {
                indices.add(new ArrayList<>());
            }
            try (Cluster a = join("a"); Cluster b = join("b"); Cluster c = join("c")) {
                Heddle.group(group -> {
                    for (Cluster node : List.of(a, b, c)) {
                        group.spawn(() -> {
                            for (int round = 0; round < 5; round++) {
                                arrived[round]++;
                                indices.get(round).add(node.barrier("ready", 3).await());
                                assertEquals(3, arrived[round]);
                            }
                        });
                    }
                });
            }
            indices.forEach(round -> assertEquals(List.of(0, 1, 2), round.stream().sorted().toList()));
        });
    }

    @Test
    void waitThatIsCancelledBreaksItUntilItIsReset() {
        Sim.run(() -> {
            try (Cluster a = join("a"); Cluster b = join("b")) {
                Task<Integer> cancelled = Heddle.spawn(() -> a.barrier("ready", 3).await());
                Task<Integer> waiting = Heddle.spawn(() -> b.barrier("ready", 3).await());
                Heddle.sleep(SHORT);
                cancelled.cancel();
                assertThrows(BrokenException.class, waiting::join);
                assertThrows(BrokenException.class, () -> b.barrier("ready", 3).await());
                assertTrue(a.barrier("ready", 3).isBroken());
                a.barrier("ready", 3).reset();
                assertFalse(b.barrier("ready", 3).isBroken());
                assertEquals(0, Heddle.gather(() -> a.barrier("ready", 3).await(), () -> b.barrier("ready", 3).await(),
                        () -> b.barrier("ready", 3).await()).stream().mapToInt(i -> i).min().orElseThrow());
            }
        });
    }

    @Test
    void nodeThatLeavesWhileItWaitsBreaksIt() {
        Sim.run(() -> {
            Cluster a = join("a");
            try (Cluster b = join("b")) {
                Task<Integer> leaving = Heddle.spawn(() -> a.barrier("ready", 3).await());
                Task<Integer> waiting = Heddle.spawn(() -> b.barrier("ready", 3).await());
                Heddle.sleep(SHORT);
                a.close();
                assertThrows(LockLostException.class, leaving::join);
                assertThrows(BrokenException.class, waiting::join);
                Heddle.sleep(SHORT);
                assertTrue(b.barrier("ready", 3).isBroken());
                assertThrows(BrokenException.class, () -> b.barrier("ready", 2).await());
                b.barrier("ready", 1).reset();
                assertEquals(0, b.barrier("ready", 1).await());
            }
        });
    }

    @Test
    void numberOfPartiesIsChangedWhileNobodyWaits() {
        Sim.run(() -> {
            try (Cluster a = join("a"); Cluster b = join("b")) {
                assertEquals(0, a.barrier("ready", 1).await());
                Task<Integer> first = Heddle.spawn(() -> a.barrier("ready", 2).await());
                Heddle.sleep(SHORT);
                var other = assertThrows(IllegalStateException.class, () -> b.barrier("ready", 3).await());
                assertEquals("cluster barrier ready: 1 of 2 parties wait there, not of 3", other.getMessage());
                assertEquals(1, b.barrier("ready", 2).await());
                assertEquals(0, first.join());
                b.barrier("ready", 3).abort();
                assertTrue(a.barrier("ready", 2).isBroken());
            }
        });
    }

    @Test
    void resetAndAbortAreToldToThoseWhoWait() {
        Sim.run(() -> {
            try (Cluster a = join("a"); Cluster b = join("b")) {
                Task<Integer> first = Heddle.spawn(() -> a.barrier("ready", 2).await());
                Heddle.sleep(SHORT);
                b.barrier("ready", 2).reset();
                assertThrows(BrokenException.class, first::join);
                Task<Integer> second = Heddle.spawn(() -> a.barrier("ready", 2).await());
                Heddle.sleep(SHORT);
                b.barrier("ready", 2).abort();
                assertThrows(BrokenException.class, second::join);
            }
        });
    }
}
