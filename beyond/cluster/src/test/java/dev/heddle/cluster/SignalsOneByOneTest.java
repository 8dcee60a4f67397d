package dev.heddle.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Promise;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.InMemoryStore;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Listing;
import dev.heddle.cluster.store.ReadConsistency;
import dev.heddle.cluster.store.Store;
import dev.heddle.cluster.store.StoreEngine;
import dev.heddle.cluster.store.Watch;
import dev.heddle.cluster.store.WatchEvent;
import dev.heddle.sim.Sim;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What stands on followed directories, when the signals of one commit come one by one, as ZooKeeper's do. */
class SignalsOneByOneTest {

    private static final Duration STEP = Duration.ofMillis(1);
    private static final int ROUNDS = 10;

    private final InMemoryStore memory = InMemoryStore.create();
    private final StoreEngine slow = options -> new OneByOne(memory.open(options));

    @Test
    void mutexGoesFromNodeToNode() {
        Sim.seeds(1, 10, () -> {
            int[] taken = {0};
            try (Cluster one = join("one"); Cluster other = join("other")) {
                Heddle.timeout(Duration.ofMinutes(1), () -> Heddle.group(group -> {
                    for (Cluster node : List.of(one, other)) {
                        group.spawn(() -> {
                            for (int i = 0; i < ROUNDS; i++) {
                                node.mutex("orders").run(() -> {
                                    taken[0]++;
                                    Heddle.sleep(STEP.multipliedBy(10));
                                });
                            }
                        });
                    }
                }));
            }
            assertEquals(2 * ROUNDS, taken[0]);
        });
    }

    private Cluster join(String node) {
        return Cluster.join(ClusterOptions.of("shop", slow).withNode(node));
    }

    /** A session whose signals and answers come in order, each a while after the one before. */
    private static final class OneByOne extends ForwardingStore {

        private final Loop loop = Heddle.currentLoop();
        private long last = loop.nanoTime();

        private OneByOne(Store store) {
            super(store);
        }

        private void post(Runnable news) {
            long now = loop.nanoTime();
            last = Math.max(last, now) + STEP.toNanos();
            loop.callLater(Duration.ofNanos(last - now), news);
        }

        @Override
        public Promise<Watch> watch(String directory, Consumer<? super WatchEvent> listener) {
            return store.watch(directory, signal -> post(() -> listener.accept(signal)));
        }

        @Override
        public Promise<Optional<Entry>> read(Key key, ReadConsistency freshness) {
            return later(store.read(key, freshness));
        }

        @Override
        public Promise<Listing> list(String directory, ReadConsistency freshness) {
            return later(store.list(directory, freshness));
        }

        private <T> Promise<T> later(Promise<T> answer) {
            Promise<T> told = new Promise<>();
            post(() -> told.complete(answer.join()));
            return told;
        }
    }
}
