package dev.heddle.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.StoreUnavailableException;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimHost;
import dev.heddle.sim.SimOptions;
import dev.heddle.sim.SimStore;
import dev.heddle.sim.StoreFaults;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What changes something waits while the store is silent; what asks fails. */
final class SilentStoreTest {

    private static final SimOptions OPTIONS = SimOptions.DEFAULT.withMaxVirtualTime(Duration.ofHours(10));

    /** Shorter than the lease, and longer. */
    @ParameterizedTest
    @ValueSource(ints = {4, 60})
    void changesWaitForTheStore(int seconds) {
        silent((host, node) -> {
            List<Action> changes = List.of(
                    () -> node.map("settings", 10).put("a", Bytes.EMPTY),
                    () -> node.map("settings", 10).remove("b"),
                    () -> node.topic("news", 10).publish(Bytes.EMPTY),
                    () -> node.barrier("alone", 1).await(),
                    () -> node.barrier("other", 2).reset(),
                    () -> node.barrier("third", 2).abort(),
                    () -> node.mutex("orders").run(() -> {}));
            List<Task<Void>> tasks = changes.stream().map(each -> Heddle.spawn(each)).toList();
            Heddle.sleep(Duration.ofSeconds(seconds));
            tasks.forEach(each -> assertFalse(each.isDone(), each.toString()));
            host.rejoin();
            tasks.forEach(Task::join);
            assertTrue(node.map("settings", 10).get("a").isPresent());
            assertTrue(node.barrier("third", 2).isBroken());
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 60})
    void deadlineEndsAChangeThatWaits(int seconds) {
        silent((host, node) -> {
            Duration limit = Duration.ofSeconds(seconds);
            assertFalse(Heddle.moveOnAfter(limit, () -> {
                node.map("settings", 10).put("a", Bytes.EMPTY);
            }));
            assertFalse(Heddle.moveOnAfter(limit, () -> {
                node.topic("news", 10).publish(Bytes.EMPTY);
            }));
            assertFalse(Heddle.moveOnAfter(limit, () -> {
                node.barrier("two", 2).await();
            }));
            host.rejoin();
            Heddle.sleep(Duration.ofMinutes(1));
            assertTrue(node.map("settings", 10).get("a").isEmpty());
            assertEquals(1, node.topic("news", 10).publish(Bytes.EMPTY));
            assertFalse(node.barrier("two", 2).isBroken());
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4})
    void questionsFail(int seconds) {
        silent((_, node) -> {
            Heddle.sleep(Duration.ofSeconds(seconds));
            assertThrows(StoreUnavailableException.class, () -> node.map("settings", 10).get("a"));
            assertThrows(StoreUnavailableException.class, () -> node.barrier("two", 2).isBroken());
        });
    }

    /** The name of a predecessor that is dead, whose session no store without a majority lets expire. */
    @ParameterizedTest
    @ValueSource(ints = {0, 4, 25, 120})
    void nodeWaitsForItsNameAsLongAsTheStoreIsSilent(int seconds) {
        Sim.seeds(OPTIONS, 5, sim -> {
            SimStore store = SimStore.create(3, StoreFaults.NONE);
            SimHost old = sim.network().host("old");
            Task<Void> first = old.spawn(() -> {
                try (Cluster _ = Cluster.join(ClusterOptions.of("shop", store).withNode("c"))) {
                    Heddle.sleep(Duration.ofMinutes(30));
                }
            });
            Heddle.sleep(Duration.ofSeconds(5));
            old.isolate();
            Task<Void> second = sim.network().host("fresh").spawn(() -> {
                Cluster.join(ClusterOptions.of("shop", store).withNode("c")).close();
            });
            Heddle.sleep(Duration.ofSeconds(2));
            if (seconds > 0) {
                store.hosts().forEach(store::crash);
                Heddle.sleep(Duration.ofSeconds(seconds));
                store.hosts().forEach(store::start);
            }
            second.join();
            first.cancel();
            first.awaitOutcome();
        });
    }

    private interface Body {
        void run(SimHost host, Cluster node) throws Exception;
    }

    /** Runs a body on a node that is cut off from its store. */
    private static void silent(Body body) {
        Sim.seeds(OPTIONS, 10, sim -> {
            SimStore store = SimStore.create(3, StoreFaults.NONE);
            SimHost host = sim.network().host("node");
            host.run(() -> {
                try (Cluster node = Cluster.join(ClusterOptions.of("shop", store).withNode("node"))) {
                    node.map("settings", 10).put("b", Bytes.EMPTY);
                    host.isolate();
                    body.run(host, node);
                    host.rejoin();
                }
            });
        });
    }
}
