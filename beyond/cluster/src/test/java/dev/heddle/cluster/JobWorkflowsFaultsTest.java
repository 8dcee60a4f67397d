package dev.heddle.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.cluster.store.Bytes;
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
 * Three nodes that do jobs which wait for each other, over a store on a bad day, while the nodes crash and are parted.
 * Each job begins only after those that it waits for, sees their results, and has ended when the day is over; of no group
 * more run than its limit, and of no kind more are begun in a window.
 */
final class JobWorkflowsFaultsTest {

    private static final int JOBS = 30;
    private static final Duration WINDOW = Duration.ofSeconds(10);
    private static final int RATE = 4;

    private static final JobsOptions OPTIONS = JobsOptions.DEFAULT.withMaxResults(8)
            .withBackoff(JobsOptions.DEFAULT.backoff().withDelays(Duration.ofMillis(500), Duration.ofSeconds(10)))
            .withLimit("work", JobLimit.NONE.withRate(RATE, WINDOW))
            .withGroupLimit(JobLimit.NONE.withRunning(2));

    @Test
    void jobsThatWaitForEachOtherEndOnABadDay() {
        seeds(Integer.getInteger("from", 1), Integer.getInteger("seeds", 5));
    }

    @Test
    @Tag("night")
    void jobsThatWaitForEachOtherEndOnManyBadDays() {
        seeds(1_000, 100);
    }

    private static void seeds(long from, int count) {
        SimOptions options = SimOptions.DEFAULT.withSeed(from).withMaxVirtualTime(Duration.ofDays(2));
        Sim.seeds(options, count, sim -> new Day(sim).live());
    }

    private static final class Day {

        private final Sim sim;
        private final Random random;
        private final SimStore store;
        private final List<SimHost> hosts = new ArrayList<>();
        private final List<String> wrong = new ArrayList<>();
        private final Map<String, Set<String>> results = new HashMap<>();
        private final Map<String, Integer> running = new HashMap<>();
        private final List<Long> begun = new ArrayList<>();
        private final Set<String> ended = new HashSet<>();
        private boolean spoiling = true;

        private Day(Sim sim) {
            this.sim = sim;
            this.random = new Random(sim.seed());
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
                sim.network().host("client").run(this::submit);
                chaos.cancel("the day is over");
                services.forEach(service -> service.cancel("the day is over"));
            });
        }

        private void submit() {
            try (Cluster cluster = joinAtLast()) {
                Jobs jobs = cluster.jobs("q", OPTIONS);
                List<JobHandle> handles = new ArrayList<>();
                Set<String> doomed = new HashSet<>();
                for (int i = 0; i < JOBS; i++) {
                    JobSpec spec = JobSpec.of(i % 2 == 0 ? "work" : "other", Bytes.utf8("" + i)).withId("job-" + i)
                            .withBatch(i % 3 == 0 ? "third" : "").withGroup("group-" + i % 2).withMaxAttempts(1000);
                    List<JobHandle> after = new ArrayList<>();
                    for (int j = 0; j < 2 && !handles.isEmpty(); j++) {
                        after.add(handles.get(random.nextInt(handles.size())));
                    }
                    try {
                        handles.add(jobs.submit(spec.withAfter(after.toArray(new JobHandle[0]))));
                    } catch (JobForgottenException _) {
                        handles.add(jobs.submit(spec)); // there is room for few results that nobody waits for
                        after.clear();
                    }
                    if (after.stream().anyMatch(each -> doomed.contains(each.id()))) {
                        doomed.add(handles.getLast().id());
                    }
                    Heddle.sleep(Duration.ofMillis(random.nextInt(2000)));
                    if (i == JOBS / 2) {
                        JobHandle victim = handles.getLast();
                        if (victim.cancel()) {
                            doomed.add(victim.id());
                        }
                    }
                }
                JobHandle all = jobs.submit(JobSpec.of("other", Bytes.utf8("all")).withId("all").withMaxAttempts(1000)
                        .withAfterBatch("third").withAfterAnyEnd(true));
                Heddle.sleep(Duration.ofSeconds(random.nextInt(60)));
                store.faults(StoreFaults.NONE);
                spoiling = false;
                hosts.forEach(SimHost::rejoin);
                sim.network().host("client").rejoin();
                Heddle.timeout(Duration.ofHours(2), () -> {
                    for (JobHandle job : handles) {
                        check(job, doomed);
                    }
                    check(all, Set.of()); // more than the eight results that are kept may have come since
                });
                assertEquals(List.of(), wrong);
                Heddle.sleep(Duration.ofMinutes(1));
                JobsStatistics statistics = jobs.statistics();
                assertEquals(0, statistics.waiting() + statistics.running(), statistics.toString());
                JobBatch third = jobs.batch("third");
                assertEquals(JOBS / 3, third.done() + third.cancelled(), third.toString());
                for (int i = RATE; i < begun.size(); i++) {
                    // A commit of which the node hears late has begun the job before.
                    assertTrue(begun.get(i) - begun.get(i - RATE) > WINDOW.toNanos() - LATE.toNanos(),
                            begun.toString());
                }
            }
        }

        private static final Duration LATE = Duration.ofSeconds(6);

        private void check(JobHandle job, Set<String> doomed) {
            try {
                String result = job.join().utf8();
                assertTrue(results.getOrDefault(job.id(), Set.of()).contains(result), job + " has a result of nobody");
            } catch (JobCancelledException _) {
                assertTrue(doomed.contains(job.id()), job + " was cancelled by nobody");
            } catch (JobForgottenException _) {
                assertTrue(doomed.contains(job.id()) || ended.contains(job.id()), job + " has not ended");
            }
        }

        private Bytes work(JobAttempt job, String name) {
            if (name.equals("work")) {
                begun.add(Heddle.currentLoop().nanoTime());
            }
            for (String id : job.after()) {
                String result = job.resultOf(id).utf8();
                if (!results.getOrDefault(id, Set.of()).contains(result)) {
                    wrong.add(job + " sees " + result + " of " + id);
                }
            }
            if (running.merge(job.group(), 1, Integer::sum) > 2 && !job.group().isEmpty()) {
                wrong.add(running + " run when " + job + " begins");
            }
            try {
                Heddle.sleep(Duration.ofMillis(random.nextInt(random.nextInt(5) == 0 ? 10_000 : 1_000)));
                if (spoiling && random.nextInt(4) == 0) {
                    throw new IllegalStateException("bad luck");
                }
                String result = job.payload().utf8() + " by attempt " + job.attempt();
                results.computeIfAbsent(job.id(), _ -> new HashSet<>()).add(result);
                ended.add(job.id());
                return Bytes.utf8(result);
            } finally {
                running.merge(job.group(), -1, Integer::sum);
            }
        }

        private void keepAlive(SimHost host) {
            while (true) {
                try {
                    host.spawn(() -> {
                        try (Cluster cluster = joinAtLast()) {
                            Jobs jobs = cluster.jobs("q", OPTIONS);
                            jobs.handle("work", 3, job -> work(job, "work"));
                            jobs.handle("other", 3, job -> work(job, "other"));
                            Heddle.sleep(Duration.ofDays(1));
                        }
                    }).awaitOutcome();
                } finally {
                    Heddle.sleep(Duration.ofMillis(random.nextInt(20_000)));
                }
            }
        }

        private void spoil() {
            while (spoiling) {
                Heddle.sleep(Duration.ofMillis(random.nextInt(10_000)));
                SimHost host = hosts.get(random.nextInt(hosts.size()));
                if (!spoiling) {
                    return;
                }
                if (random.nextBoolean()) {
                    host.crash();
                } else {
                    host.isolate();
                    Heddle.sleep(Duration.ofMillis(random.nextInt(20_000)));
                    host.rejoin();
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
