package dev.heddle.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.cluster.store.MemoryStore;
import dev.heddle.sim.Sim;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class ClusterCounterTest {

    private final MemoryStore store = MemoryStore.create();

    private Cluster join(String node) {
        return Cluster.join(ClusterOptions.of("shop", store).withNode(node));
    }

    @Test
    void everyAddCountsOnceAndGivesANumberOfItsOwn() {
        Sim.seeds(1, 20, () -> {
            Set<Long> numbers = new TreeSet<>();
            try (Cluster a = join("a"); Cluster b = join("b"); Cluster c = join("c")) {
                long before = a.counter("invoices").get();
                Heddle.group(group -> {
                    for (Cluster node : List.of(a, b, c)) {
                        for (int i = 0; i < 50; i++) {
                            group.spawn(() -> numbers.add(node.counter("invoices").add(1)));
                        }
                    }
                });
                assertEquals(150, numbers.size());
                assertEquals(before + 150, b.counter("invoices").get());
            }
        });
    }

    @Test
    void counterIsComparedAndSetAndDoesNotOverflow() {
        Sim.run(() -> {
            try (Cluster a = join("a"); Cluster b = join("b")) {
                assertFalse(a.counter("n").compareAndSet(1, 2));
                assertTrue(b.counter("n").compareAndSet(0, Long.MAX_VALUE));
                assertThrows(ArithmeticException.class, () -> a.counter("n").add(1));
                assertEquals(Long.MAX_VALUE, a.counter("n").getAndSet(-5));
                assertEquals(-8, b.counter("n").add(-3));
            }
        });
    }

    @Test
    void counterStaysWhenAllHaveLeftAndRefusesWhoHas() {
        Sim.run(() -> {
            Cluster a = join("a");
            a.counter("n").add(7);
            a.close();
            assertThrows(ClosedException.class, () -> a.counter("n").add(1));
            assertThrows(ClosedException.class, () -> a.counter("n").get());
            try (Cluster b = join("b")) {
                assertEquals(7, b.counter("n").get());
            }
        });
    }
}
