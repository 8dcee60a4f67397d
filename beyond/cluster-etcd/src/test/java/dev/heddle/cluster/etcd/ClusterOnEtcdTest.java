package dev.heddle.cluster.etcd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.cluster.Cluster;
import dev.heddle.cluster.ClusterMutex;
import dev.heddle.cluster.ClusterOptions;
import dev.heddle.cluster.Member;
import dev.heddle.cluster.Token;
import dev.heddle.cluster.store.StoreEngine;
import dev.heddle.sim.SimRandom;
import dev.heddle.sim.SimTest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes of a cluster that agree by etcd. */
@Tag("full")
final class ClusterOnEtcdTest {

    private static Cluster join(StoreEngine store, String node) {
        return Cluster.join(ClusterOptions.of("shop", store).withNode(node).withTimeout(Duration.ofSeconds(10)));
    }

    private static Set<String> names(Cluster cluster) {
        return cluster.members().stream().map(Member::name).collect(Collectors.toSet());
    }

    private static void awaitMembers(Cluster cluster, String... names) {
        Heddle.timeout(Duration.ofSeconds(60), () -> {
            while (!names(cluster).equals(Set.of(names))) {
                Heddle.sleep(Duration.ofMillis(20));
            }
        });
    }

    /** Holds a mutex again and again on each node; gives the tokens in the order of the holders. */
    private static List<Token> holdInTurn(List<Cluster> nodes, int rounds, Duration hold) {
        List<Token> tokens = new ArrayList<>();
        int[] inside = {0};
        Heddle.group(group -> {
            for (Cluster node : nodes) {
                group.spawn(() -> {
                    for (int round = 0; round < rounds; round++) {
                        ClusterMutex mutex = node.mutex("orders");
                        mutex.run(() -> {
                            assertEquals(1, ++inside[0]);
                            tokens.add(mutex.token());
                            Heddle.sleep(hold);
                            inside[0]--;
                        });
                    }
                });
            }
        });
        for (int i = 1; i < tokens.size(); i++) {
            assertTrue(tokens.get(i - 1).compareTo(tokens.get(i)) < 0, tokens::toString);
        }
        return tokens;
    }

    @SimTest(seeds = 5)
    void membersComeAndGo() {
        try (var etcd = new FakeEtcd(3); Cluster a = join(etcd.store(), "a")) {
            try (Cluster b = join(etcd.store(), "b"); Cluster c = join(etcd.store(), "c")) {
                List.of(a, b, c).forEach(each -> awaitMembers(each, "a", "b", "c"));
            }
            awaitMembers(a, "a");
        }
    }

    @SimTest(seeds = 20)
    void holdersHaveTokensThatGrowWhereCommitsLoseTheirAnswers(SimRandom random) {
        try (var etcd = new FakeEtcd(3);
                Cluster a = join(etcd.store(), "a");
                Cluster b = join(etcd.store(), "b");
                Cluster c = join(etcd.store(), "c")) {
            Task<Void> trouble = Heddle.spawn(() -> {
                for (;;) {
                    Heddle.sleep(Duration.ofMillis(random.below(400)));
                    etcd.faults("/v3/kv/txn", switch (random.below(4)) {
                        case 0 -> FakeEtcd.losesTheAnswer();
                        case 1 -> FakeEtcd.doesItLater(Duration.ofMillis(random.below(3000)));
                        case 2 -> FakeEtcd.fails(503, 14, "etcdserver: leader changed");
                        default -> FakeEtcd.slow(Duration.ofMillis(random.below(1000)));
                    });
                }
            });
            assertEquals(30, holdInTurn(List.of(a, b, c), 10, Duration.ofMillis(50)).size());
            trouble.cancel();
        }
    }

    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void holdersHaveTokensThatGrowWhereRealServersAreKilled(@TempDir Path folder) {
        try (var etcd = new RealEtcd(folder, 3)) {
            Heddle.run(() -> {
                StoreEngine store = EtcdStore.at(etcd.endpoints());
                try (Cluster a = join(store, "a"); Cluster b = join(store, "b"); Cluster c = join(store, "c")) {
                    Task<Void> trouble = Heddle.spawn(() -> Heddle.offload(() -> {
                        for (int i = 0; i < 3; i++) {
                            Thread.sleep(1500);
                            etcd.kill(i);
                            Thread.sleep(1500);
                            etcd.restart(i);
                            etcd.awaitAll();
                        }
                    }));
                    List<Cluster> nodes = List.of(a, b, c);
                    int held = 0;
                    while (!trouble.isDone()) {
                        held += holdInTurn(nodes, 20, Duration.ofMillis(5)).size();
                    }
                    trouble.join();
                    assertTrue(held >= 60, "" + held);
                    nodes.forEach(each -> awaitMembers(each, "a", "b", "c"));
                }
            });
        }
    }
}
