package dev.heddle.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.InMemoryStore;
import dev.heddle.cluster.store.ReadConsistency;
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
    void numberOfKeptMessagesIsChangedByRollingDeploy() {
        Sim.run(() -> {
            try (Cluster a = join("a"); Cluster b = join("b")) {
                publish(a.topic("prices", 100), 100);
                assertEquals(100, kept(a));
                assertEquals(101, b.topic("prices", 10).publish(Bytes.EMPTY));
                publish(b.topic("prices", 10), 10);
                assertEquals(10, kept(a), "all that are too many go by and by");
                publish(a.topic("prices", 100), 50);
                assertEquals(60, kept(a));
                publish(a.topic("prices", 100), 50);
                assertEquals(100, kept(a));
            }
        });
    }

    private static void publish(ClusterTopic topic, int count) {
        for (int i = 0; i < count; i++) {
            topic.publish(Bytes.EMPTY);
        }
    }

    private static int kept(Cluster node) {
        return node.lease().store().list("topics/prices", ReadConsistency.FRESH).join().entries().size();
    }

    @Test
    void topicOfANodeThatHasLeftIsRefused() {
        Sim.run(() -> {
            Cluster a = join("a");
            try (Cluster _ = join("b")) {
                assertEquals(1, a.topic("prices", 3).publish(Bytes.EMPTY));
                Subscription<ClusterTopicEvent> events = a.topic("prices", 3).subscribe(1);
                a.close();
                assertThrows(ClosedException.class, events::receive);
                assertThrows(ClosedException.class, () -> a.topic("prices", 3).publish(Bytes.EMPTY));
            }
        });
    }
}
