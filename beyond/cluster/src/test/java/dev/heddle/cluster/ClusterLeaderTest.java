package dev.heddle.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.cluster.store.InMemoryStore;
import dev.heddle.sim.Sim;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ClusterLeaderTest {

    private static final Duration SHORT = Duration.ofMillis(10);

    private final InMemoryStore store = InMemoryStore.create();

    private Cluster join(String node) {
        return Cluster.join(ClusterOptions.of("shop", store).withNode(node));
    }

    @Test
    void nextInLineLeadsWhenTheLeaderLeaves() {
        Sim.run(() -> {
            List<Token> tokens = new ArrayList<>();
            Cluster a = join("a");
            try (Cluster b = join("b")) {
                assertEquals(Optional.empty(), b.leader("billing").current());
                Task<?> first = Heddle.spawn(() -> a.leader("billing").lead(token -> {
                    tokens.add(token);
                    Heddle.sleep(Duration.ofDays(1));
                }));
                Heddle.sleep(SHORT);
                List<String> bills = new ArrayList<>();
                Task<?> second = Heddle.spawn(() -> b.leader("billing").lead(token -> {
                    tokens.add(token);
                    bills.add("billed by b");
                }));
                Heddle.sleep(SHORT);
                assertEquals(Optional.of("a"), b.leader("billing").current());
                assertTrue(a.leader("billing").isLeader());
                assertFalse(b.leader("billing").isLeader());
                assertEquals(new ClusterLeader.Statistics(false, 1, 2), b.leader("billing").statistics());
                a.close();
                assertThrows(LockLostException.class, first::join);
                second.join();
                assertEquals(List.of("billed by b"), bills);
                assertFalse(b.leader("billing").isLeader());
            }
            ClusterMutexTest.assertRising(tokens);
        });
    }
}
