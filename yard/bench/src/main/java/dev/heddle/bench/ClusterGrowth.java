package dev.heddle.bench;

import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.cluster.Cluster;
import dev.heddle.cluster.ClusterMutex;
import dev.heddle.cluster.ClusterOptions;
import dev.heddle.cluster.JobSpec;
import dev.heddle.cluster.JobSubscription;
import dev.heddle.cluster.Jobs;
import dev.heddle.cluster.JobsOptions;
import dev.heddle.cluster.MemberEvent;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.InMemoryStore;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Lifetime;
import dev.heddle.cluster.store.Op;
import dev.heddle.cluster.store.SessionOptions;
import dev.heddle.cluster.store.Store;
import dev.heddle.sim.Sim;
import dev.heddle.sync.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The benchmarks of what grows with the size of a cluster and what does not, simulated over a store in memory. */
final class ClusterGrowth {

    private static final int FEW = 100;
    private static final int MANY = 10_000;
    private static final int OPS = 50;
    private static final int CHANGES = 50;
    private static final int JOBS = 20;
    private static final Duration MOMENT = Duration.ofMillis(1);
    private static final double TWICE = 2;
    private static final double NANOS_PER_MICRO = 1e3;

    private ClusterGrowth() {}

    static List<Benchmark> benchmarks() {
        return List.of(
                new Benchmark(
                        "cluster-members",
                        "A node comes and goes, and another one hears of both, simulated",
                        3,
                        5,
                        List.of(new Measure("time of a change", "us", Target.atMostTimesFloor(TWICE))),
                        List.of(
                                Side.peer("among 100 nodes", () -> () -> members(FEW)),
                                Side.ours("among 10,000 nodes", () -> () -> members(MANY)))),
                new Benchmark(
                        "cluster-line",
                        "A node comes to the line of a mutex and leaves it, and others that have it and wait for it hear of both, simulated",
                        3,
                        5,
                        List.of(new Measure("time of a change", "us", Target.atMostTimesFloor(TWICE))),
                        List.of(
                                Side.peer("100 wait", () -> () -> line(FEW)),
                                Side.ours("10,000 wait", () -> () -> line(MANY)))),
                new Benchmark(
                        "cluster-jobs",
                        "A job is submitted on one node and done on another one while others wait, simulated",
                        3,
                        5,
                        List.of(new Measure("time of a job", "us", Target.atMostTimesFloor(TWICE))),
                        List.of(
                                Side.peer("100 wait", () -> () -> jobs(FEW)),
                                Side.ours("10,000 wait", () -> () -> jobs(MANY)))));
    }

    private static double[] members(int count) {
        double[] micros = new double[1];
        Sim.run(1, () -> {
            InMemoryStore memory = InMemoryStore.create();
            try (Cluster cluster = join(memory, "one");
                    Store other = memory.open(SessionOptions.of("bench"));
                    Subscription<MemberEvent> events = cluster.memberEvents(2 * MANY)) {
                List<Op> ops = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    ops.add(come("other-" + i));
                }
                for (int i = 0; i < count; i += OPS) {
                    other.commit(ops.subList(i, Math.min(count, i + OPS))).join();
                }
                for (int i = 0; i < count; i++) {
                    events.receive();
                }
                long start = System.nanoTime();
                for (int i = 0; i < CHANGES; i++) {
                    other.commit(List.of(come("new-" + i))).join();
                    events.receive();
                    other.commit(List.of(new Op.Delete(member("new-" + i), Op.ANY_VERSION))).join();
                    events.receive();
                }
                micros[0] = (System.nanoTime() - start) / NANOS_PER_MICRO / (2 * CHANGES);
            }
        });
        return micros;
    }

    private static Op come(String name) {
        return new Op.Create(member(name), Bytes.EMPTY, Lifetime.EPHEMERAL);
    }

    private static Key member(String name) {
        return new Key("members", name);
    }

    private static double[] line(int count) {
        double[] micros = new double[1];
        Sim.run(1, () -> {
            InMemoryStore memory = InMemoryStore.create();
            try (Cluster one = join(memory, "one");
                    Cluster two = join(memory, "two");
                    Store other = memory.open(SessionOptions.of("bench"))) {
                ClusterMutex mutex = one.mutex("bench");
                mutex.acquire();
                Task<?> waiting = Heddle.spawn(() -> two.mutex("bench").run(() -> {}));
                awaitLength(two, 2);
                List<Op> ops = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    ops.add(stand("other-" + i));
                }
                for (int i = 0; i < count; i += OPS) {
                    other.commit(ops.subList(i, Math.min(count, i + OPS))).join();
                    Heddle.sleep(MOMENT);
                }
                long start = System.nanoTime();
                for (int i = 0; i < CHANGES; i++) {
                    other.commit(List.of(stand("new-" + i))).join();
                    awaitLength(two, count + 3);
                    other.commit(List.of(new Op.Delete(place("new-" + i), Op.ANY_VERSION))).join();
                    awaitLength(two, count + 2);
                }
                micros[0] = (System.nanoTime() - start) / NANOS_PER_MICRO / (2 * CHANGES);
                mutex.release();
                waiting.join();
            }
        });
        return micros;
    }

    private static void awaitLength(Cluster node, int length) {
        while (node.mutex("bench").statistics().line() != length) {
            Heddle.sleep(MOMENT);
        }
    }

    private static Op stand(String name) {
        return new Op.Create(place(name), Bytes.utf8("1 other"), Lifetime.EPHEMERAL);
    }

    private static Key place(String name) {
        return new Key("mutexes/bench", name);
    }

    private static double[] jobs(int count) {
        double[] micros = new double[1];
        Sim.run(1, () -> {
            InMemoryStore memory = InMemoryStore.create();
            JobsOptions options = JobsOptions.DEFAULT.withCapacity(2 * MANY);
            try (Cluster one = join(memory, "one"); Cluster other = join(memory, "other")) {
                Jobs jobs = one.jobs("bench", options);
                for (int i = 0; i < count; i++) {
                    jobs.submit(JobSpec.of("later", Bytes.EMPTY).withDelay(Duration.ofDays(1)));
                }
                try (JobSubscription _ = other.jobs("bench", options).handle("now", 1, job -> job.payload())) {
                    jobs.submit("now", Bytes.EMPTY).join();
                    long start = System.nanoTime();
                    for (int i = 0; i < JOBS; i++) {
                        jobs.submit("now", Bytes.EMPTY).join();
                    }
                    micros[0] = (System.nanoTime() - start) / NANOS_PER_MICRO / JOBS;
                }
            }
        });
        return micros;
    }

    private static Cluster join(InMemoryStore store, String node) {
        return Cluster.join(ClusterOptions.of("bench", store).withNode(node));
    }
}
