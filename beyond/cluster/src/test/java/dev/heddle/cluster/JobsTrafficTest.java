package dev.heddle.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.Promise;
import dev.heddle.Task;
import dev.heddle.cluster.internal.GroupCommits;
import dev.heddle.cluster.internal.Lease;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.CommitOutcome;
import dev.heddle.cluster.store.InMemoryStore;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Lifetime;
import dev.heddle.cluster.store.Op;
import dev.heddle.cluster.store.ReadConsistency;
import dev.heddle.cluster.store.Refusal;
import dev.heddle.cluster.store.SessionOptions;
import dev.heddle.cluster.store.Store;
import dev.heddle.cluster.store.StoreEngine;
import dev.heddle.sim.Sim;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How many commits jobs cost; each takes a millisecond here. */
final class JobsTrafficTest {

    private int commits;
    private int refused;

    @Test
    void idleNodesDoNotRaceForOneJob() {
        Sim.seeds(1, 5, () -> {
            commits = 0;
            refused = 0;
            StoreEngine engine = counting(InMemoryStore.create());
            List<Cluster> nodes = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                Cluster node = Cluster.join(ClusterOptions.of("shop", engine));
                node.jobs("q").handle("work", 2, JobAttempt::payload);
                nodes.add(node);
            }
            Heddle.sleep(Duration.ofSeconds(1));
            commits = 0;
            Jobs jobs = nodes.getFirst().jobs("q");
            for (int i = 0; i < 100; i++) {
                jobs.submit("work", Bytes.EMPTY).join();
                Heddle.sleep(Duration.ofMillis(50));
            }
            assertTrue(refused <= 3, refused + " commits were refused");
            assertTrue(commits <= 3 * 100 + 3, commits + " commits for 100 jobs");
            nodes.forEach(Cluster::close);
        });
    }

    @Test
    void commitsOfManyJobsTravelTogether() {
        Sim.seeds(1, 3, () -> {
            commits = 0;
            try (Cluster cluster = Cluster.join(ClusterOptions.of("shop", counting(InMemoryStore.create())))) {
                Jobs jobs = cluster.jobs("q");
                jobs.handle("work", 50, JobAttempt::payload);
                Heddle.group(group -> {
                    List<Task<Bytes>> results = new ArrayList<>();
                    for (int i = 0; i < 500; i++) {
                        results.add(group.spawn(() -> jobs.submit("work", Bytes.EMPTY).join()));
                    }
                    results.forEach(Task::join);
                });
                assertTrue(commits < 500, commits + " commits for 500 jobs");
            }
        });
    }

    @Test
    @Tag("full")
    void resultsAreForgottenAsQuicklyAsJobsAreDone() {
        Sim.seeds(1, 3, () -> {
            try (Cluster cluster = Cluster.join(ClusterOptions.of("shop", counting(InMemoryStore.create())))) {
                Jobs jobs = cluster.jobs("q", JobsOptions.DEFAULT.withMaxResults(100));
                jobs.handle("work", 50, JobAttempt::payload);
                Heddle.group(group -> {
                    for (int i = 0; i < 50; i++) {
                        group.spawn(() -> {
                            for (int k = 0; k < 100; k++) {
                                jobs.submit("work", Bytes.EMPTY).join();
                            }
                        });
                    }
                });
                Heddle.sleep(Duration.ofMillis(300));
                assertTrue(jobs.statistics().ended() <= 100, () -> jobs.statistics().ended() + " of 5,000 are kept");
            }
        });
    }

    @Test
    @SuppressWarnings("try") // closed in the middle
    void refusedCommitOfAGroupKeepsNobodyElseFromHisOwn() {
        Sim.seeds(1, 10, () -> {
            try (Lease lease = lease()) {
                GroupCommits group = lease.groupCommits();
                group.commit(List.of(create("taken")));
                List<Promise<CommitOutcome>> outcomes = new ArrayList<>();
                for (int i = 0; i < 60; i++) {
                    outcomes.add(group.start(List.of(create("a" + i), create(i % 7 == 3 ? "taken" : "b" + i))));
                }
                for (int i = 0; i < 60; i++) {
                    CommitOutcome outcome = outcomes.get(i).join();
                    if (i % 7 == 3) {
                        assertEquals(new CommitOutcome.Refused(1, Refusal.EXISTS), outcome);
                    } else {
                        assertInstanceOf(CommitOutcome.Committed.class, outcome);
                    }
                }
                assertEquals(
                        1 + 2 * 51,
                        lease.store().list("d", ReadConsistency.FRESH).join().entries().size());
                lease.close();
                assertInstanceOf(
                        CommitOutcome.SessionLost.class,
                        group.start(List.of(create("late"))).join());
            }
        });
    }

    @Test
    void whoHaveCommittedTogetherDoSoTheNextTime() {
        Sim.seeds(1, 10, () -> {
            commits = 0;
            try (Lease lease = lease()) {
                Heddle.group(group -> {
                    for (int i = 0; i < 8; i++) {
                        String name = i + "-";
                        group.spawn(() -> {
                            for (int j = 0; j < 50; j++) {
                                lease.groupCommits().commit(List.of(create(name + j)));
                            }
                        });
                    }
                });
                assertTrue(commits < 100, commits + " commits for 50 of each of 8 tasks");
            }
        });
    }

    private Lease lease() {
        return Lease.open(
                counting(InMemoryStore.create()),
                SessionOptions.of("shop"),
                ClusterOptions.local().backoff(),
                Lease.NOTHING_SEEN);
    }

    private static Op create(String name) {
        return new Op.Create(new Key("d", name), Bytes.EMPTY, Lifetime.DURABLE);
    }

    private StoreEngine counting(StoreEngine engine) {
        return options -> new CountingStore(engine.open(options));
    }

    private final class CountingStore extends ForwardingStore {

        private CountingStore(Store store) {
            super(store);
        }

        @Override
        public Promise<CommitOutcome> commit(List<Op> ops) {
            commits++;
            Promise<CommitOutcome> later = new Promise<>();
            Heddle.currentLoop().callLater(Duration.ofMillis(1), () -> {
                CommitOutcome outcome = store.commit(ops).join();
                refused += outcome instanceof CommitOutcome.Refused ? 1 : 0;
                later.complete(outcome);
            });
            return later;
        }
    }
}
