package dev.heddle.cluster.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.cluster.Cluster;
import dev.heddle.cluster.ClusterMutex;
import dev.heddle.cluster.ClusterOptions;
import dev.heddle.cluster.JobSubscription;
import dev.heddle.cluster.Jobs;
import dev.heddle.cluster.Token;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.StoreEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Nodes of a cluster that agree by a database. */
public interface SqlClusterContract {

    /** The database, the same in a test. */
    StoreEngine engine();

    private Cluster join(String node) {
        return Cluster.join(ClusterOptions.of("shop", engine()).withNode(node));
    }

    @Test
    default void holdersOfAMutexHaveTokensThatGrow() {
        Heddle.run(() -> {
            try (Cluster a = join("a"); Cluster b = join("b")) {
                List<Token> tokens = new ArrayList<>();
                int[] inside = {0};
                Heddle.group(group -> {
                    for (Cluster node : List.of(a, b, a, b)) {
                        group.spawn(() -> {
                            for (int round = 0; round < 10; round++) {
                                ClusterMutex mutex = node.mutex("orders");
                                mutex.run(() -> {
                                    assertEquals(1, ++inside[0]);
                                    tokens.add(mutex.token());
                                    Heddle.sleep(Duration.ofMillis(1));
                                    inside[0]--;
                                });
                            }
                        });
                    }
                });
                assertEquals(40, tokens.size());
                for (int i = 1; i < tokens.size(); i++) {
                    assertTrue(tokens.get(i - 1).compareTo(tokens.get(i)) < 0, tokens::toString);
                }
            }
        });
    }

    @Test
    default void jobsThatHadNotEndedGoOnWhenTheProgramIsStartedAgain() {
        Set<String> sent = new TreeSet<>();
        Heddle.run(() -> {
            try (Cluster cluster = join("a")) {
                Jobs mail = cluster.jobs("mail");
                for (int i = 0; i < 20; i++) {
                    mail.submit("send", Bytes.utf8("letter " + i));
                }
            }
        });
        Heddle.run(() -> {
            try (Cluster cluster = join("a")) {
                Jobs mail = cluster.jobs("mail");
                try (JobSubscription _ = mail.handle("send", 4, job -> {
                    sent.add(job.payload().utf8());
                    return job.payload();
                })) {
                    mail.submit("send", Bytes.utf8("the last letter")).join();
                    Heddle.timeout(Duration.ofSeconds(30), () -> {
                        while (sent.size() < 21) {
                            Heddle.sleep(Duration.ofMillis(10));
                        }
                    });
                }
            }
        });
        assertEquals(21, sent.size());
    }
}
