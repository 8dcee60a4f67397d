package dev.heddle.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.cluster.store.MemoryStore;
import dev.heddle.sim.Sim;
import dev.heddle.sync.Subscription;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ClusterTest {

    private final MemoryStore store = MemoryStore.create();

    @Test
    void localClusterHasItselfAsItsMember() {
        Sim.run(() -> {
            try (Cluster cluster = Cluster.local()) {
                Heddle.sleep(Duration.ofMillis(1));
                assertTrue(cluster.isJoined());
                assertEquals(List.of(cluster.self()), cluster.members());
            }
        });
    }

    @Test
    void membersSeeEachOtherComeAndGoWithTheirLabels() {
        Sim.run(() -> {
            try (Cluster a = Cluster.join(options("a"));
                    Subscription<MemberEvent> events = a.memberEvents(8)) {
                assertEquals(new MemberEvent.Up(a.self()), events.receive());
                Cluster b = Cluster.join(options("b").withLabels(Map.of("gpu", "yes")));
                Member itself = b.self();
                assertEquals(new MemberEvent.Up(itself), events.receive());
                assertEquals(Map.of("gpu", "yes"), itself.labels());
                assertTrue(itself.token().compareTo(a.self().token()) > 0);
                assertEquals(List.of(a.self(), itself), a.members());
                b.close();
                assertEquals(new MemberEvent.Gone(itself), events.receive());
                assertEquals(List.of(a.self()), a.members());
            }
        });
    }

    @Test
    void nameOfAMemberThatIsAliveIsTaken() {
        Sim.run(() -> {
            try (Cluster _ = Cluster.join(options("a"))) {
                assertThrows(NodeNameTakenException.class, () -> Cluster.join(options("a")));
            }
        });
    }

    @Test
    void nameOfAMemberThatLeavesIsWaitedFor() {
        Sim.run(() -> {
            Cluster first = Cluster.join(options("a"));
            Heddle.spawn(() -> {
                Heddle.sleep(Duration.ofSeconds(3));
                first.close();
            });
            try (Cluster second = Cluster.join(options("a"))) {
                assertTrue(second.self().token().compareTo(first.self().token()) > 0);
            }
        });
    }

    private ClusterOptions options(String node) {
        return ClusterOptions.of("shop", store).withNode(node);
    }
}
