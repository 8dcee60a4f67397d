package dev.heddle.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.InMemoryStore;
import dev.heddle.cluster.store.ReadConsistency;
import dev.heddle.cluster.store.SessionOptions;
import dev.heddle.cluster.store.Store;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** No more jobs of a group or of a name run at a time, or are begun in a window, than the limits say, on all nodes together. */
final class JobLimitsTest {

    private static final Bytes NOTHING = Bytes.EMPTY;

    private InMemoryStore store = InMemoryStore.create();

    private final Map<String, Integer> running = new HashMap<>();
    private final Map<String, Integer> most = new HashMap<>();
    private final Map<String, List<Long>> begun = new HashMap<>();

    @Test
    void ofEachGroupAtMostSoManyRunAndNoneKeepsAnotherWaiting() {
        sim(options(JobLimit.NONE.withRunning(2)), 3, 10, nodes -> {
            Jobs jobs = nodes.getFirst();
            List<JobHandle> all = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                all.add(jobs.submit(JobSpec.of("work", Bytes.utf8("1000")).withGroup("large one")));
            }
            Heddle.sleep(Duration.ofMillis(500));
            long begin = Heddle.currentLoop().nanoTime();
            jobs.submit(JobSpec.of("work", Bytes.utf8("100")).withGroup("small one")).join();
            jobs.submit(JobSpec.of("work", Bytes.utf8("100"))).join();
            long took = Heddle.currentLoop().nanoTime() - begin;
            assertTrue(took < Duration.ofSeconds(1).toNanos(), took + " ns behind the large group");
            all.forEach(JobHandle::join);
            assertEquals(2, most.get("large one"));
            long whole = Heddle.currentLoop().nanoTime() - begin;
            // Each second two of them, and a little more than that between them.
            assertTrue(whole < Duration.ofSeconds(45).toNanos(), whole + " ns for 60 jobs");
        });
    }

    @Test
    void jobsOfANameHaveALimitOfTheirOwn() {
        JobsOptions options = options(JobLimit.NONE).withLimit("work", JobLimit.NONE.withRunning(3));
        sim(options, 3, 4, nodes -> {
            Jobs jobs = nodes.getFirst();
            List<JobHandle> all = IntStream.range(0, 30)
                    .mapToObj(i -> jobs.submit(JobSpec.of("work", Bytes.utf8("200")).withGroup("g" + i % 7))).toList();
            jobs.submit("other", Bytes.utf8("10")).join();
            all.forEach(JobHandle::join);
            assertEquals(3, most.get("work"));
        });
    }

    @Test
    void inNoWindowMoreAreBegunThanTheRateAllows() {
        Duration window = Duration.ofSeconds(10);
        JobsOptions options = options(JobLimit.NONE.withRate(5, window));
        sim(options, 3, 10, nodes -> {
            Jobs jobs = nodes.getFirst();
            List<JobHandle> all = IntStream.range(0, 40)
                    .mapToObj(i -> jobs.submit(JobSpec.of("work", Bytes.utf8("1")).withGroup(i % 2 == 0 ? "a" : "b")))
                    .toList();
            all.forEach(JobHandle::join);
            for (String group : List.of("a", "b")) {
                List<Long> times = begun.get(group);
                assertEquals(20, times.size());
                for (int i = 5; i < times.size(); i++) {
                    long between = times.get(i) - times.get(i - 5);
                    assertTrue(between >= window.toNanos() - Duration.ofMillis(5).toNanos(), i + ": " + between);
                }
                Duration whole = Duration.ofNanos(times.getLast() - times.getFirst());
                assertTrue(whole.compareTo(window.multipliedBy(4)) < 0, whole.toString());
            }
            Heddle.sleep(Duration.ofHours(3));
            Store session = store.open(SessionOptions.of("shop"));
            assertEquals(List.of(), session.list("jobs/q/turns", ReadConsistency.FRESH).join().entries());
            assertEquals(List.of(), session.list("jobs/q/permits", ReadConsistency.FRESH).join().entries());
            session.close();
        });
    }

    @Test
    @Tag("full")
    void turnsOfAllGroupsAreForgottenHoweverManyThereWere() {
        sim(options(JobLimit.NONE.withRate(5, Duration.ofSeconds(10))), 1, 50, nodes -> {
            Jobs jobs = nodes.getFirst();
            List<JobHandle> all = IntStream.range(0, 1_000)
                    .mapToObj(i -> jobs.submit(JobSpec.of("work", Bytes.utf8("1")).withGroup("g" + i)))
                    .toList();
            all.forEach(JobHandle::join);
            Heddle.sleep(Duration.ofHours(3));
            Store session = store.open(SessionOptions.of("shop"));
            assertEquals(0, session.list("jobs/q/turns", ReadConsistency.FRESH).join().entries().size());
            session.close();
        });
    }

    @Test
    void rateOutlivesTheNodesThatHaveBegunTheJobsAndTheirLeases() {
        Duration window = Duration.ofMinutes(1);
        JobsOptions options = options(JobLimit.NONE).withLimit("work", JobLimit.NONE.withRate(3, window));
        Sim.seeds(SimOptions.DEFAULT.withMaxVirtualTime(Duration.ofDays(2)), 5, _ -> {
            reset();
            try (Cluster client = join("client")) {
                Jobs jobs = client.jobs("q", options);
                for (int i = 0; i < 12; i++) {
                    jobs.submit("work", Bytes.utf8("1"));
                }
                for (int i = 0; i < 10; i++) {
                    try (Cluster node = join("n" + i)) {
                        handle(node.jobs("q", options), 5);
                        Heddle.sleep(Duration.ofSeconds(45));
                        node.lease().end("the test says so");
                        Heddle.sleep(Duration.ofSeconds(45));
                    }
                }
                List<Long> times = begun.get("work");
                assertEquals(12, times.size());
                for (int i = 3; i < times.size(); i++) {
                    assertTrue(times.get(i) - times.get(i - 3) >= window.toNanos() - 5_000_000, times.toString());
                }
            }
        });
    }

    @Test
    void groupOfWhichTheFewestRunComesFirst() {
        sim(options(JobLimit.NONE), 1, 4, nodes -> {
            Jobs jobs = nodes.getFirst();
            for (int i = 0; i < 30; i++) {
                jobs.submit(JobSpec.of("work", Bytes.utf8("1000")).withGroup("first"));
            }
            List<JobHandle> second = IntStream.range(0, 4).mapToObj(
                    i -> jobs.submit(JobSpec.of("work", Bytes.utf8("1000")).withGroup("second"))).toList();
            long begin = Heddle.currentLoop().nanoTime();
            second.forEach(JobHandle::join);
            // The first has four, then both have two each.
            long took = Heddle.currentLoop().nanoTime() - begin;
            assertTrue(took < Duration.ofMillis(3_500).toNanos(), took + " ns");
        });
    }

    @Test
    void permitOfALostNodeIsFreeWithItsJob() {
        JobsOptions options = options(JobLimit.NONE.withRunning(1));
        Sim.seeds(SimOptions.DEFAULT.withMaxVirtualTime(Duration.ofDays(1)), 5, _ -> {
            reset();
            try (Cluster client = join("client"); Cluster other = join("other")) {
                Jobs jobs = client.jobs("q", options);
                Cluster node = join("node");
                node.jobs("q", options).handle("work", 1, _ -> {
                    Heddle.sleep(Duration.ofDays(1));
                    return NOTHING;
                });
                JobHandle first = jobs.submit(JobSpec.of("work", Bytes.utf8("1")).withGroup("g"));
                JobHandle second = jobs.submit(JobSpec.of("work", Bytes.utf8("1")).withGroup("g"));
                Heddle.sleep(Duration.ofSeconds(1));
                handle(other.jobs("q", options), 5);
                Heddle.sleep(Duration.ofSeconds(5));
                assertEquals(0, begun.size());
                node.lease().end("the test says so");
                node.close();
                first.join();
                second.join();
                assertEquals(1, most.get("g"));
            }
        });
    }

    @Test
    void optionsRefuseWhatIsNoLimit() {
        assertThrows(IllegalArgumentException.class, () -> JobLimit.NONE.withRunning(0));
        assertThrows(IllegalArgumentException.class, () -> JobLimit.NONE.withRunning(1_001));
        assertThrows(IllegalArgumentException.class, () -> JobLimit.NONE.withRate(1, Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> JobLimit.NONE.withRate(1, Duration.ofHours(2)));
        assertThrows(IllegalArgumentException.class, () -> JobSpec.of("a", NOTHING).withGroup("x".repeat(191)));
        assertThrows(IllegalArgumentException.class,
                () -> options(JobLimit.NONE).withLimit("x".repeat(191), JobLimit.NONE));
        assertEquals("g", JobSpec.of("a", NOTHING).withGroup("g").group());
    }

    private static JobsOptions options(JobLimit ofGroup) {
        return JobsOptions.DEFAULT.withBackoff(JobsOptions.DEFAULT.backoff().withJitter(0)).withGroupLimit(ofGroup);
    }

    /** What a test does with the queue of each node. */
    private interface Body {
        void run(List<Jobs> nodes) throws Exception;
    }

    private void sim(JobsOptions options, int nodes, int limit, Body body) {
        Sim.seeds(SimOptions.DEFAULT.withMaxVirtualTime(Duration.ofDays(1)), Integer.getInteger("seeds", 5), _ -> {
            reset();
            List<Cluster> clusters = new ArrayList<>();
            List<Jobs> jobs = new ArrayList<>();
            for (int i = 0; i < nodes; i++) {
                Cluster node = join("n" + i);
                clusters.add(node);
                jobs.add(node.jobs("q", options));
                handle(jobs.getLast(), limit);
            }
            Heddle.sleep(Duration.ofSeconds(1));
            body.run(jobs);
            clusters.forEach(Cluster::close);
        });
    }

    private void reset() {
        store = InMemoryStore.create();
        running.clear();
        most.clear();
        begun.clear();
    }

    /** Jobs whose payload says how many milliseconds they take; counted by group, or by name if they have none. */
    private void handle(Jobs jobs, int limit) {
        for (String name : List.of("work", "other")) {
            jobs.handle(name, limit, job -> {
                String whose = job.group().isEmpty() ? name : job.group();
                List.of(whose, name).stream().distinct().forEach(key -> {
                    begun.computeIfAbsent(key, _ -> new ArrayList<>()).add(Heddle.currentLoop().nanoTime());
                    most.merge(key, running.merge(key, 1, Integer::sum), Math::max);
                });
                try {
                    Heddle.sleep(Duration.ofMillis(Long.parseLong(job.payload().utf8())));
                } finally {
                    List.of(whose, name).stream().distinct().forEach(key -> running.merge(key, -1, Integer::sum));
                }
                return NOTHING;
            });
        }
    }

    private Cluster join(String node) {
        return Cluster.join(ClusterOptions.of("shop", store).withNode(node));
    }
}
