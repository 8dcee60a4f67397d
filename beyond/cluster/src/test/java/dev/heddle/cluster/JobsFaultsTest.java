package dev.heddle.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.cluster.internal.jobs.OpenJob;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.ReadConsistency;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimHost;
import dev.heddle.sim.SimOptions;
import dev.heddle.sim.SimStore;
import dev.heddle.sim.StoreFaults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Three nodes that do jobs and one that submits them, over a store on a bad day, while nodes crash, are parted and
 * stopped. In the end every job that was accepted has ended, as its history permits.
 */
final class JobsFaultsTest {

    private static final int JOBS = 30;

    private static final JobsOptions OPTIONS = JobsOptions.DEFAULT
            .withBackoff(JobsOptions.DEFAULT.backoff().withDelays(Duration.ofMillis(500), Duration.ofSeconds(10)));

    @Test
    void noAcceptedJobIsLostOnABadDay() {
        seeds(Integer.getInteger("from", 1), Integer.getInteger("seeds", 5));
    }

    @Test
    @Tag("night")
    void noAcceptedJobIsLostOnManyBadDays() {
        seeds(1_000, 150);
    }

    @Test
    void jobThatTakesItsNodesWithItBecomesADeadLetter() {
        SimOptions options = SimOptions.DEFAULT.withMaxVirtualTime(Duration.ofDays(1));
        Sim.seeds(options, 5, sim -> {
            SimStore store = SimStore.create(3);
            int[] attempts = {0};
            Heddle.group(group -> {
                for (int i = 0; i < 4; i++) {
                    SimHost host = sim.network().host("worker-" + i);
                    group.spawn(() -> host.spawn(() -> {
                        try (Cluster cluster = Cluster.join(ClusterOptions.of("shop", store))) {
                            cluster.jobs("q", OPTIONS).handle("work", 1, _ -> {
                                attempts[0]++;
                                host.crash();
                                return Bytes.EMPTY;
                            });
                            Heddle.sleep(Duration.ofMinutes(10));
                        }
                    })
                            .awaitOutcome());
                }
                sim.network().host("client").run(() -> {
                    try (Cluster cluster = Cluster.join(ClusterOptions.of("shop", store))) {
                        JobHandle job = cluster.jobs("q", OPTIONS)
                                .submit(JobSpec.of("work", Bytes.EMPTY).withMaxAttempts(3));
                        JobFailedException failed = assertThrows(JobFailedException.class, job::join);
                        assertTrue(failed.getMessage().contains("its node was lost"), failed.getMessage());
                        assertEquals(3, attempts[0]);
                    }
                });
            });
        });
    }

    private static void seeds(long from, int count) {
        SimOptions options = SimOptions.DEFAULT.withSeed(from).withMaxVirtualTime(Duration.ofDays(2));
        Sim.seeds(options, count, sim -> new Day(sim).live());
    }

    /** What has happened to a job. */
    private static final class History {
        private final Set<Integer> attempts = new HashSet<>();
        private final Set<String> results = new HashSet<>();
        private int running;
    }

    private static final class Day {

        private final Sim sim;
        private final Random random;
        private final SimStore store;
        private final Map<String, History> histories = new HashMap<>();
        private final List<SimHost> hosts = new ArrayList<>();

        private Day(Sim sim) {
            this.sim = sim;
            this.random = new Random(sim.seed());
            // Not drawn: the first number of a Random is much the same for all small seeds.
            this.stalling = sim.seed() % 2 == 0;
            this.store = SimStore.create(3, StoreFaults.ROUGH);
        }

        private void live() {
            Heddle.group(group -> {
                List<Task<Void>> services = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    SimHost host = sim.network().host("worker-" + i);
                    hosts.add(host);
                    services.add(group.spawnService(() -> keepAlive(host)));
                }
                Task<Void> chaos = group.spawnService(this::spoil);
                submitter();
                chaos.cancel("the day is over");
                services.forEach(service -> service.cancel("the day is over"));
            });
        }

        private void submitter() throws Exception {
            sim.network().host("client").run(() -> {
                try (Cluster cluster = joinAtLast()) {
                    Jobs jobs = cluster.jobs("q", OPTIONS);
                    List<JobHandle> handles = new ArrayList<>();
                    Set<String> cancelled = new HashSet<>();
                    for (int i = 0; i < JOBS; i++) {
                        JobSpec spec = JobSpec.of(i % 10 == 3 ? "bad" : "work", Bytes.utf8("" + i))
                                .withPriority(random.nextInt(10))
                                .withMaxAttempts(i % 10 == 3 ? 2 : 1000);
                        if (i % 7 == 0) {
                            spec = spec.withDelay(Duration.ofSeconds(random.nextInt(30)));
                        }
                        if (i % 3 == 0) {
                            spec = spec.withId("own-" + i);
                        }
                        if (i % 4 == 0) {
                            spec = spec.withKey("key-" + i);
                        }
                        if (i % 6 == 1) {
                            spec = spec.withDeadline(Duration.ofSeconds(20 + random.nextInt(100)));
                        }
                        JobHandle job = jobs.submit(spec);
                        handles.add(job);
                        Heddle.sleep(Duration.ofMillis(random.nextInt(3000)));
                        if (i % 5 == 4) {
                            JobHandle victim = handles.get(random.nextInt(handles.size()));
                            if (victim.cancel()) {
                                cancelled.add(victim.id());
                            }
                        }
                    }
                    Heddle.sleep(Duration.ofSeconds(random.nextInt(60)));
                    store.faults(StoreFaults.NONE);
                    spoiling = false;
                    hosts.forEach(SimHost::rejoin);
                    sim.network().host("client").rejoin();
                    Heddle.timeout(Duration.ofHours(2), () -> {
                        for (int i = 0; i < JOBS; i++) {
                            check(i, handles.get(i), cancelled);
                        }
                    });
                    assertEquals(List.of(), twice);
                    Heddle.sleep(Duration.ofMinutes(1)); // signals may be late
                    JobsStatistics statistics = jobs.statistics();
                    assertEquals(0, statistics.waiting() + statistics.running(), statistics.toString());
                    int records = cluster.lease().store().list("jobs/q/failures", ReadConsistency.FRESH).join()
                            .entries().size();
                    long open = cluster.lease().store().list("jobs/q/open", ReadConsistency.FRESH).join().entries()
                            .stream()
                            .filter(entry -> OpenJob.decode(entry.value()).orElseThrow().stackBytes() > 0).count();
                    assertEquals(open, records);
                }
            });
        }

        private boolean spoiling = true;
        private final boolean stalling;

        private void check(int i, JobHandle job, Set<String> cancelled) {
            History history = histories.computeIfAbsent(job.id(), _ -> new History());
            try {
                String result = job.join().utf8();
                assertTrue(history.results.contains(result), job + " has the result " + result + " of nobody");
                assertEquals(result, job.join().utf8());
                assertTrue(i % 10 != 3, "a bad job is done");
            } catch (JobCancelledException _) {
                assertTrue(cancelled.contains(job.id()), job + " was cancelled by nobody");
            } catch (JobFailedException e) {
                boolean expired = e.getMessage().contains("has expired");
                assertTrue(i % 10 == 3 || (expired && i % 6 == 1), job + " is a dead letter: " + e.getMessage());
                assertEquals(expired, job.snapshot().failure().orElseThrow().type().equals("expired"));
            }
            assertTrue(stalling || history.running == 0, job + " still runs");
        }

        private void keepAlive(SimHost host) {
            while (true) {
                try {
                    host.spawn(() -> {
                        try (Cluster cluster = joinAtLast()) {
                            Jobs jobs = cluster.jobs("q", OPTIONS);
                            jobs.handle("work", 3, this::work);
                            jobs.handle("bad", 1, _ -> {
                                throw new IllegalStateException("bad");
                            });
                            Heddle.sleep(Duration.ofDays(1));
                        }
                    })
                            .awaitOutcome();
                } finally {
                    Heddle.sleep(Duration.ofMillis(random.nextInt(20_000)));
                }
            }
        }

        private Bytes work(JobAttempt job) {
            History history = histories.computeIfAbsent(job.id(), _ -> new History());
            history.attempts.add(job.attempt());
            history.running++;
            try {
                // A node that was stopped does not know yet that it has lost its lease.
                if (history.running > 1 && !stalling) {
                    twice.add(job.toString());
                }
                for (int step = 0; step < 3; step++) {
                    job.progress(Bytes.utf8("step " + step));
                    // Some go on for longer than a lease that is not renewed.
                    Heddle.sleep(Duration.ofMillis(random.nextInt(random.nextInt(5) == 0 ? 10_000 : 2_000)));
                }
                if (spoiling && random.nextInt(4) == 0) {
                    throw new IllegalStateException("bad luck");
                }
                String result = job.payload().utf8() + " by attempt " + job.attempt();
                history.results.add(result);
                return Bytes.utf8(result);
            } finally {
                history.running--;
            }
        }

        private final List<String> twice = new ArrayList<>();

        private void spoil() {
            while (spoiling) {
                Heddle.sleep(Duration.ofMillis(random.nextInt(10_000)));
                SimHost host = hosts.get(random.nextInt(hosts.size()));
                if (!spoiling) {
                    return;
                }
                switch (random.nextInt(stalling ? 3 : 2)) {
                    case 0 -> host.crash();
                    case 1 -> {
                        host.isolate();
                        Heddle.sleep(Duration.ofMillis(random.nextInt(20_000)));
                        host.rejoin();
                    }
                    default -> host.stall(Duration.ofMillis(random.nextInt(20_000)));
                }
            }
        }

        private Cluster joinAtLast() {
            while (true) {
                try {
                    return Cluster.join(ClusterOptions.of("shop", store).withTimeout(Duration.ofSeconds(6)));
                } catch (CancelledException e) {
                    throw e;
                } catch (RuntimeException _) {
                    Heddle.sleep(Duration.ofSeconds(1));
                }
            }
        }
    }
}
