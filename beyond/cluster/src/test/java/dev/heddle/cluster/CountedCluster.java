package dev.heddle.cluster;

import dev.heddle.Action;
import dev.heddle.Heddle;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.InMemoryStore;
import dev.heddle.conformance.Ledger;
import dev.heddle.conformance.Ledgers;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimOptions;
import dev.heddle.sync.Mutex;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Parts of a cluster of two nodes, each used by chance by a program that counts by itself; by the type of their figures. */
final class CountedCluster extends Ledgers {

    private static final int CALLS = 200;
    private static final Duration HOLD = Duration.ofNanos(1_300_000);
    private static final Bytes NOTHING = Bytes.EMPTY;

    /** What the tasks of one node do: those that wait, and those that have what they waited for. */
    private static final class Doing {

        private long inside;
        private long holding;

        private Action hold(Action acquire, Action release) {
            return () -> {
                inside++;
                try {
                    acquire.run();
                } finally {
                    inside--;
                }
                holding++;
                try {
                    Heddle.sleep(HOLD);
                } finally {
                    holding--;
                    release.run();
                }
            };
        }

        private long all() {
            return inside + holding;
        }

        private long isThere() {
            return Math.min(1, all());
        }
    }

    private final Doing here = new Doing();
    private final Doing there = new Doing();

    /** The use of two nodes of one cluster. */
    private interface Nodes {
        void use(Cluster one, Cluster other) throws Exception;
    }

    CountedCluster() {
        add(ClusterStatistics.class, seed -> new CountedCluster().members(seed));
        add(ClusterMutexStatistics.class, seed -> with((one, other) -> new CountedCluster().mutex(seed, one, other)));
        add(ClusterSemaphoreStatistics.class,
                seed -> with((one, other) -> new CountedCluster().semaphore(seed, one, other)));
        add(ClusterLeaderStatistics.class, seed -> with((one, other) -> new CountedCluster().leader(seed, one, other)));
        add(ClusterBarrierStatistics.class,
                seed -> with((one, other) -> new CountedCluster().barrier(seed, one, other)));
        add(ClusterRateLimiterStatistics.class, seed -> with((one, _) -> new CountedCluster().limiter(seed, one)));
        add(ClusterMapStatistics.class, seed -> with((one, _) -> new CountedCluster().map(seed, one)));
        add(ClusterCounterStatistics.class,
                seed -> with((one, other) -> new CountedCluster().counter(seed, one, other)));
        add(ClusterTopicStatistics.class, seed -> with((one, _) -> new CountedCluster().topic(seed, one)));
        add(JobsStatistics.class, seed -> with((one, other) -> new CountedCluster().queue(seed, one, other)));
        add(JobKindStatistics.class, seed -> with((one, other) -> new CountedCluster().kinds(seed, one, other)));
        add(JobsNodeStatistics.class, seed -> with((one, _) -> new CountedCluster().jobs(seed, one)));
        add(ClusterPoolStatistics.class, seed -> new CountedCluster().pool(seed));
    }

    @Override
    public void run(Body body, long seed) {
        Sim.run(SimOptions.DEFAULT.withSeed(seed).withFailureHandler((what, failure) -> {}), sim -> body.run(seed));
    }

    private static Cluster join(InMemoryStore store, String node) {
        return Cluster.join(ClusterOptions.of("shop", store).withNode(node));
    }

    private static void with(Nodes nodes) throws Exception {
        InMemoryStore store = InMemoryStore.create();
        try (Cluster one = join(store, "one"); Cluster other = join(store, "other")) {
            nodes.use(one, other);
        }
    }

    private void members(long seed) {
        InMemoryStore store = InMemoryStore.create();
        AtomicLong names = new AtomicLong();
        try (Cluster one = join(store, "one")) {
            new Ledger(ClusterStatistics.class, one::statistics)
                    .row("members", () -> 1 + there.holding)
                    .row("isJoined", () -> true)
                    .run(seed, 40, List.of(() -> Heddle.shield(() -> {
                        try (Cluster _ = join(store, "node-" + names.incrementAndGet())) {
                            there.holding++;
                            Heddle.sleep(HOLD);
                            there.holding--;
                        }
                    })));
        }
    }

    private void mutex(long seed, Cluster one, Cluster other) {
        ClusterMutex mine = one.mutex("orders");
        ClusterMutex theirs = other.mutex("orders");
        new Ledger(ClusterMutexStatistics.class, mine::statistics)
                .row("held", () -> here.holding > 0)
                .row("waiting", () -> here.inside)
                .between("line", here::isThere, () -> here.all() + there.all())
                .run(seed, CALLS, List.of(
                        here.hold(mine::acquire, mine::release),
                        there.hold(theirs::acquire, theirs::release)));
    }

    private void semaphore(long seed, Cluster one, Cluster other) {
        ClusterSemaphore mine = one.semaphore("seats", 3);
        ClusterSemaphore theirs = other.semaphore("seats", 3);
        new Ledger(ClusterSemaphoreStatistics.class, mine::statistics)
                .row("permits", () -> 3)
                .row("held", () -> here.holding)
                .row("waiting", () -> here.inside)
                .between("line", here::isThere, () -> here.all() + there.all())
                .run(seed, CALLS, List.of(
                        here.hold(mine::acquire, mine::release),
                        there.hold(theirs::acquire, theirs::release)));
    }

    private void leader(long seed, Cluster one, Cluster other) {
        ClusterLeader mine = one.leader("billing");
        ClusterLeader theirs = other.leader("billing");
        new Ledger(ClusterLeaderStatistics.class, mine::statistics)
                .row("leads", () -> here.holding > 0)
                .row("campaigning", () -> here.inside)
                .between("line", here::isThere, () -> here.all() + there.all())
                .run(seed, CALLS, List.of(lead(mine, here), lead(theirs, there)));
    }

    private static Action lead(ClusterLeader leader, Doing doing) {
        return () -> {
            long[] leads = new long[1];
            doing.inside++;
            try {
                leader.lead(_ -> {
                    doing.inside--;
                    doing.holding++;
                    leads[0]++;
                    try {
                        Heddle.sleep(HOLD);
                    } finally {
                        doing.holding--;
                    }
                });
            } finally {
                doing.inside -= 1 - leads[0];
            }
        };
    }

    private void barrier(long seed, Cluster one, Cluster other) {
        ClusterBarrier mine = one.barrier("start", 3);
        ClusterBarrier theirs = other.barrier("start", 3);
        new Ledger(ClusterBarrierStatistics.class, mine::statistics)
                .row("parties", () -> 3)
                .row("waiting", () -> here.inside)
                .run(seed, CALLS, List.of(meet(mine, here), meet(theirs, there), () -> Heddle.shield(mine::reset)));
    }

    private static Action meet(ClusterBarrier barrier, Doing doing) {
        return () -> {
            doing.inside++;
            try {
                barrier.await();
            } catch (RuntimeException expected) {
                // Others have gone.
            } finally {
                doing.inside--;
            }
        };
    }

    private void limiter(long seed, Cluster one) {
        ClusterRateLimiter limiter = one.limiter("calls", 200, 20);
        new Ledger(ClusterRateLimiterStatistics.class, limiter::statistics)
                .row("perSecond", () -> 200)
                .row("burst", () -> 20)
                .row("waiting", () -> here.inside)
                .run(seed, CALLS, List.of(here.hold(limiter::acquire, () -> {})));
    }

    private void map(long seed, Cluster one) {
        ClusterMap map = one.map("settings", 10);
        var random = new Random(seed);
        Set<Integer> keys = new TreeSet<>();
        new Ledger(ClusterMapStatistics.class, map::statistics)
                .row("capacity", () -> 10)
                .row("size", keys::size)
                .row("changing", () -> 0)
                .run(seed, CALLS, List.of(() -> Heddle.shield(() -> {
                    int key = random.nextInt(10);
                    map.put("key" + key, NOTHING);
                    keys.add(key);
                }), () -> Heddle.shield(() -> {
                    int key = random.nextInt(10);
                    map.remove("key" + key);
                    keys.remove(key);
                })));
    }

    private void counter(long seed, Cluster one, Cluster other) {
        ClusterCounter counter = one.counter("orders");
        new Ledger(ClusterCounterStatistics.class, counter::statistics)
                .row("waiting", () -> here.inside)
                .run(seed, CALLS, List.of(() -> {
                    here.inside++;
                    try {
                        counter.add(1);
                    } finally {
                        here.inside--;
                    }
                }, () -> other.counter("orders").add(1)));
    }

    private void topic(long seed, Cluster one) {
        ClusterTopic topic = one.topic("news", 10);
        long[] said = new long[1];
        new Ledger(ClusterTopicStatistics.class, topic::statistics)
                .row("capacity", () -> 10)
                .row("published", () -> said[0])
                .row("waiting", () -> 0)
                .run(seed, CALLS, List.of(() -> Heddle.shield(() -> {
                    topic.publish(NOTHING);
                    said[0]++;
                })));
    }

    // ---- jobs ----

    /** What the program has submitted, and what its handlers have done. */
    private static final class Work {

        private long submitted;
        private long running;
        private long done;
        private long failed;

        private long waiting() {
            return submitted - running - done - failed;
        }

        private Action submit(Jobs jobs, String payload) {
            return () -> Heddle.shield(() -> {
                submitted++;
                jobs.submit(JobSpec.of("work", Bytes.utf8(payload)).withMaxAttempts(1));
            });
        }

        private Bytes handle(JobAttempt job) {
            running++;
            Heddle.sleep(HOLD);
            running--;
            if (job.payload().utf8().equals("bad")) {
                failed++;
                throw new IllegalStateException("planned");
            }
            done++;
            return NOTHING;
        }
    }

    private void jobs(long seed, Cluster one) {
        var work = new Work();
        Jobs jobs = one.jobs("mail");
        try (JobSubscription _ = jobs.handle("work", 2, work::handle)) {
            new Ledger(JobsNodeStatistics.class, jobs::nodeStatistics)
                    .row("waiting", work::waiting)
                    .row("ready", work::waiting)
                    .row("running", () -> work.running)
                    .row("dead", () -> work.failed)
                    .row("ended", () -> work.done)
                    .row("slots", () -> 2)
                    .row("backlog", () -> work.waiting() + work.running)
                    .row("load", () -> (work.waiting() + work.running) / 2.0)
                    .between("oldestWaitingSeconds", () -> 0, () -> work.waiting() == 0 ? 0 : 1_000)
                    .between("longestRunningSeconds", () -> 0, () -> work.running == 0 ? 0 : 1)
                    .row("unhandled", () -> 0)
                    .row("isPaused", () -> false)
                    .row("limit", () -> 2)
                    .row("here", () -> work.running)
                    .row("done", () -> work.done)
                    .row("failed", () -> work.failed)
                    .row("dropped", () -> 0)
                    .run(seed, 60, List.of(work.submit(jobs, "good"), work.submit(jobs, "good"),
                            work.submit(jobs, "bad")));
        }
    }

    /** Asked by a node that does none of the work. */
    private void queue(long seed, Cluster one, Cluster other) {
        var work = new Work();
        boolean[] paused = new boolean[1];
        Mutex turn = Mutex.create();
        Jobs jobs = one.jobs("mail");
        Action pause = () -> Heddle.shield(() -> turn.run(() -> {
            if (paused[0]) {
                jobs.resume();
            } else {
                jobs.pause();
            }
            paused[0] = !paused[0];
        }));
        try (JobSubscription _ = other.jobs("mail").handle("work", 2, work::handle)) {
            new Ledger(JobsStatistics.class, jobs::statistics)
                    .row("waiting", work::waiting)
                    .row("ready", work::waiting)
                    .row("slots", () -> 2)
                    .row("pausedNames", Set::of)
                    .row("running", () -> work.running)
                    .row("dead", () -> work.failed)
                    .row("ended", () -> work.done)
                    .row("oldestWaiting", () -> jobs.statistics().oldestWaiting()) // JobsTest
                    .row("longestRunning", () -> jobs.statistics().longestRunning()) // JobsTest
                    .row("unhandled", Set::of)
                    .row("isPaused", () -> paused[0])
                    .run(seed, 60, List.of(work.submit(jobs, "good"), work.submit(jobs, "bad"), pause));
        }
    }

    /** Asked by a node that does none of the work. */
    private void kinds(long seed, Cluster one, Cluster other) {
        var work = new Work();
        Jobs jobs = one.jobs("mail");
        Supplier<JobKindStatistics> told = () -> jobs.kinds().getFirst();
        try (JobSubscription _ = other.jobs("mail").handle("work", 2, work::handle)) {
            Heddle.sleep(Duration.ofSeconds(1)); // until the other node handles them
            new Ledger(JobKindStatistics.class, told)
                    .row("kind", () -> "work")
                    .row("waiting", work::waiting)
                    .row("retrying", () -> 0)
                    .row("running", () -> work.running)
                    .row("dead", () -> work.failed)
                    .row("done", () -> work.done)
                    .row("slots", () -> 2)
                    .between("donePerMinute", () -> 0, () -> work.done)
                    .row("oldestWaiting", () -> told.get().oldestWaiting()) // JobsSearchTest, as all that follow
                    .row("medianRun", () -> told.get().medianRun())
                    .row("slowRun", () -> told.get().slowRun())
                    .row("medianWait", () -> told.get().medianWait())
                    .row("slowWait", () -> told.get().slowWait())
                    .run(seed, 60, List.of(work.submit(jobs, "good"), work.submit(jobs, "bad")));
        }
    }

    // ---- pools ----

    /** Bodies that run and that have ended; of all children, since those of a simulation are in this JVM. */
    private static long running;
    private static long ended;

    private static void work() {
        running++;
        Heddle.sleep(HOLD);
        running--;
        ended++;
    }

    private void pool(long seed) throws Exception {
        running = 0;
        ended = 0;
        long[] asked = new long[1];
        SimNodes.run(nodes -> {
            ClusterPool pool = nodes.start("one");
            Heddle.sleep(Duration.ofSeconds(1));
            new Ledger(ClusterPoolStatistics.class, pool::statistics)
                    .row("nodes", () -> 1)
                    .row("workers", () -> 2)
                    .between("waiting", () -> 0, () -> asked[0] - running - ended)
                    .row("underWay", () -> asked[0] - ended)
                    .run(seed, CALLS, List.of(() -> Heddle.shield(() -> {
                        asked[0]++;
                        pool.run(CountedCluster::work);
                    })));
        });
    }
}
