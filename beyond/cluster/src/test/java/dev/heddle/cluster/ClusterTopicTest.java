package dev.heddle.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.InMemoryStore;
import dev.heddle.sim.Sim;
import dev.heddle.sync.Subscription;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ClusterTopicTest {

    private final InMemoryStore store = InMemoryStore.create();

    private Cluster join(String node) {
        return Cluster.join(ClusterOptions.of("shop", store).withNode(node));
    }

    @Test
    void everySubscriberGetsEachMessageOnceInOneOrder() {
        Sim.seeds(1, 20, () -> {
            try (Cluster a = join("a");
                    Cluster b = join("b");
                    Subscription<ClusterTopicEvent> here = a.topic("prices", 100).subscribe(100);
                    Subscription<ClusterTopicEvent> there = b.topic("prices", 100).subscribe(100)) {
                Heddle.sleep(Duration.ofMillis(1));
                Heddle.group(group -> {
                    for (Cluster node : List.of(a, b)) {
                        group.spawn(() -> {
                            for (int i = 0; i < 10; i++) {
                                node.topic("prices", 100).publish(Bytes.utf8("x" + i));
                            }
                        });
                    }
                });
                long last = 0;
                for (int i = 0; i < 20; i++) {
                    ClusterTopicEvent event = here.receive();
                    assertEquals(event, there.receive());
                    long number = ((ClusterTopicEvent.Message) event).number();
                    assertEquals(last == 0 ? number : last + 1, number);
                    last = number;
                }
            }
        });
    }

    @Test
    void messagesThatWereDroppedAreToldAsMissed() {
        Sim.run(1, () -> {
            try (Cluster a = join("a");
                    Subscription<ClusterTopicEvent> events = a.topic("prices", 3).subscribe(100)) {
                Heddle.sleep(Duration.ofMillis(1));
                for (int i = 1; i <= 20; i++) {
                    a.topic("prices", 3).publish(Bytes.utf8("x"));
                }
                Heddle.sleep(Duration.ofMillis(1));
                long next = 1;
                boolean missed = false;
                while (next <= 20) {
                    switch (events.receive()) {
                        case ClusterTopicEvent.Message(long number, Bytes _) -> assertEquals(next++, number);
                        case ClusterTopicEvent.Missed(long first, long last) -> {
                            assertEquals(next, first);
                            next = last + 1;
                            missed = true;
                        }
                    }
                }
                assertEquals(21, next);
                assertEquals(true, missed);
            }
        });
    }

    @Test
    void topicOfAnotherCapacityOrOfANodeThatHasLeftIsRefused() {
        Sim.run(() -> {
            Cluster a = join("a");
            try (Cluster b = join("b")) {
                assertEquals(1, a.topic("prices", 3).publish(Bytes.EMPTY));
                assertThrows(IllegalStateException.class, () -> b.topic("prices", 4).publish(Bytes.EMPTY));
                Subscription<ClusterTopicEvent> events = a.topic("prices", 3).subscribe(1);
                a.close();
                assertThrows(ClosedException.class, events::receive);
                assertThrows(ClosedException.class, () -> a.topic("prices", 3).publish(Bytes.EMPTY));
            }
        });
    }
}
