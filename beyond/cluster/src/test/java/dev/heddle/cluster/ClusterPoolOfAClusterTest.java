package dev.heddle.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.Heddle;
import dev.heddle.cluster.store.InMemoryStore;
import dev.heddle.process.RemotePool;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimHost;
import dev.heddle.sim.SimOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** The pool of a cluster, whose members are those of its store. */
final class ClusterPoolOfAClusterTest {

    private final InMemoryStore store = InMemoryStore.create();

    private record Node(Cluster cluster, ClusterPool pool) {

        void leave() {
            pool.close();
            cluster.close();
        }
    }

    private Node join(String name, Map<String, String> labels) throws Exception {
        SimHost host = Sim.current().network().host(name);
        return host.run(() -> {
            Map<String, String> all = new HashMap<>(labels);
            all.put(ClusterPool.ADDRESS, name + ":7400");
            Cluster cluster = Cluster.join(ClusterOptions.of("shop", store).withNode(name).withLabels(all));
            return new Node(cluster, ClusterPool.of(cluster, ClusterPoolOptions.of(7400, NodeSecurity.none())
                    .withProcesses(ClusterPoolTest.processes())));
        });
    }

    @Test
    void poolOfAClusterOfOneRunsItsBodiesHere() {
        Sim.run(() -> {
            Node only = join("a", Map.of());
            try (RemotePool pool = only.pool()) {
                assertEquals(List.of(1, 2, 3), pool.map(List.of("a", "bb", "ccc"), String::length));
            }
            only.leave();
        });
    }

    @Test
    void nodesThatJoinGetBodiesAndThoseThatLeaveNoMore() {
        Sim.run(() -> {
            Node a = join("a", Map.of());
            Future<String> future = a.pool().on("gpu", "yes").submit(() -> ClusterPool.node());
            Node b = join("b", Map.of("gpu", "yes"));
            assertEquals("b", future.get());
            b.leave();
            Future<String> next = a.pool().on("gpu", "yes").submit(() -> ClusterPool.node());
            Heddle.sleep(Duration.ofSeconds(1));
            Node c = join("c", Map.of("gpu", "yes"));
            assertEquals("c", next.get());
            c.leave();
            a.leave();
        });
    }

    @Test
    void nodeThatVanishesFromTheStoreLosesItsBodies() {
        Sim.run(() -> {
            Node a = join("a", Map.of());
            Node b = join("b", Map.of("gpu", "yes"));
            Future<?> future = a.pool().on("gpu", "yes").submit(() -> Heddle.sleep(Duration.ofHours(1)));
            Heddle.sleep(Duration.ofSeconds(1));
            b.cluster().close();
            assertThrows(ExecutionException.class, future::get);
            b.leave();
            a.leave();
        });
    }

    @Test
    void nodeThatLeavesBeforeItsPoolIsClosedIsNoFailure() {
        List<String> told = new ArrayList<>();
        SimOptions options = SimOptions.DEFAULT.withFailureHandler((what, failure) -> told.add(what + ": " + failure));
        Sim.run(options, _ -> {
            Node only = join("a", Map.of());
            only.cluster().close();
            Heddle.sleep(Duration.ofSeconds(1));
            only.leave();
        });
        assertEquals(List.of(), told);
    }
}
