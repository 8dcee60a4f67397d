package dev.heddle.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.Promise;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.CommitOutcome;
import dev.heddle.cluster.store.InMemoryStore;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Lifetime;
import dev.heddle.cluster.store.Op;
import dev.heddle.cluster.store.Store;
import dev.heddle.cluster.store.StoreEngine;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a cluster keeps in its store does not grow with how often it is used: some uses, each with names of its own, and
 * as many again leave no more behind.
 */
final class StoreGrowthTest {

    private static final int USES = 120;

    /** Longer than anything is kept in here. */
    private static final Duration QUIET = Duration.ofHours(3);

    /** What may come and go between two looks. */
    private static final int SLACK = 5;

    private static final JobLimit LIMIT = JobLimit.NONE.withRunning(1).withRate(50, Duration.ofMinutes(1));

    private static final JobsOptions QUEUE = JobsOptions.DEFAULT
            .withMaxResults(20)
            .withKeepResults(Duration.ofHours(1))
            .withGroupLimit(LIMIT)
            .withBackoff(JobsOptions.DEFAULT.backoff().withDelays(Duration.ofMillis(10), Duration.ofMillis(20)));

    /** A way to use a cluster, once. */
    @FunctionalInterface
    private interface Use {
        void once(Cluster node, int number) throws Exception;
    }

    private enum Way {

        MUTEX((node, n) -> node.mutex("order " + n).run(() -> null)),

        MUTEX_THAT_NOBODY_WAITS_FOR_ANY_MORE((node, n) -> node.mutex("order " + n).run(() -> {
            Heddle.spawn(() -> node.mutex("order " + n).acquireWithin(Duration.ofMillis(10))).join();
            return null;
        })),

        SEMAPHORE((node, n) -> node.semaphore("room " + n, 2).run(() -> null)),

        LEADER((node, n) -> Heddle.moveOnAfter(Duration.ofMillis(50),
                () -> node.leader("duty " + n).lead(token -> Heddle.sleep(Duration.ofMillis(10))))),

        COUNTER((node, n) -> node.counter("all").add(1)),

        BARRIER((node, n) -> node.barrier("round", 1).await()),

        LIMITER((node, n) -> node.limiter("customer " + n, 10, 2).acquire()),

        MAP((node, n) -> {
            ClusterMap map = node.map("map", 100);
            map.put("key " + n, Bytes.utf8("value"));
            map.remove("key " + n);
        }),

        TOPIC((node, n) -> node.topic("news", 10).publish(Bytes.utf8("number " + n))),

        IDEMPOTENCY((node, n) -> {
            var keys = ClusterIdempotency.in(node.map("keys", USES / 2));
            keys.begin("key " + n, Duration.ofSeconds(10));
            keys.finish("key " + n, new byte[10], Duration.ofMinutes(1));
        }),

        IDEMPOTENCY_OF_WHO_FAILS((node, n) -> {
            var keys = ClusterIdempotency.in(node.map("keys", USES / 2));
            keys.begin("key " + n, Duration.ofSeconds(10));
            keys.release("key " + n);
        }),

        SESSIONS((node, n) -> ClusterSessions.in(node.map("sessions", USES / 2))
                .create("session " + n, Map.of("user", "ada"), Duration.ofMinutes(1))),

        JOBS((node, n) -> node.jobs("queue", QUEUE).submit("work", Bytes.EMPTY).join()),

        JOBS_OF_A_GROUP((node, n) -> node.jobs("queue", QUEUE)
                .submit(JobSpec.of("work", Bytes.EMPTY).withGroup("customer " + n)).join()),

        JOBS_OF_A_KEY((node, n) -> node.jobs("queue", QUEUE)
                .submit(JobSpec.of("work", Bytes.EMPTY).withKey("order " + n)).join()),

        JOBS_OF_A_BATCH((node, n) -> {
            Jobs jobs = node.jobs("queue", QUEUE);
            jobs.submitAll(List.of(
                    JobSpec.of("work", Bytes.EMPTY).withBatch("batch " + n),
                    JobSpec.of("work", Bytes.EMPTY).withBatch("batch " + n)));
            jobs.submit(JobSpec.of("work", Bytes.EMPTY).withAfterBatch("batch " + n)).join();
        }),

        JOBS_IN_A_CHAIN((node, n) -> {
            Jobs jobs = node.jobs("queue", QUEUE);
            JobHandle first = jobs.submit("work", Bytes.EMPTY);
            jobs.submit(JobSpec.of("work", Bytes.EMPTY).withAfter(first)).join();
        }),

        JOBS_THAT_ARE_CANCELLED((node, n) -> node.jobs("queue", QUEUE)
                .submit(JobSpec.of("work", Bytes.EMPTY).withDelay(Duration.ofDays(1))).cancel()),

        JOBS_THAT_EXPIRE((node, n) -> {
            JobHandle job = node.jobs("queue", QUEUE)
                    .submit(JobSpec.of("nobody's", Bytes.EMPTY).withDeadline(Duration.ofMillis(20)));
            awaitDead(job);
            job.discard();
        }),

        JOBS_THAT_ARE_TRIED_AGAIN((node, n) -> node.jobs("queue", QUEUE)
                .submit(JobSpec.of("second try", Bytes.EMPTY)).join()),

        DEAD_LETTERS((node, n) -> {
            JobHandle job = node.jobs("queue", QUEUE).submit(JobSpec.of("fails", Bytes.EMPTY).withMaxAttempts(2));
            awaitDead(job);
            job.discard();
        }),

        SCHEDULES((node, n) -> {
            Jobs jobs = node.jobs("queue", QUEUE);
            jobs.schedule("schedule " + n, JobTimes.every(Duration.ofSeconds(1)), JobSpec.of("work", Bytes.EMPTY));
            Heddle.sleep(Duration.ofSeconds(3));
            jobs.unschedule("schedule " + n);
        }),

        PAUSES((node, n) -> {
            Jobs jobs = node.jobs("queue", QUEUE);
            jobs.pause("kind " + n);
            jobs.resume("kind " + n);
        }),

        NODES((node, n) -> {
            try (Cluster other = Cluster.join(ClusterOptions.of("shop", store).withNode("node " + n))) {
                other.jobs("queue", QUEUE).handle("work", 1, job -> Bytes.EMPTY);
                other.mutex("lock").run(() -> null);
                other.topic("news", 10).publish(Bytes.utf8("hello"));
            }
        });

        private static void awaitDead(JobHandle job) {
            while (!(job.status() instanceof JobStatus.Dead)) {
                Heddle.sleep(Duration.ofMillis(10));
            }
        }

        private final Use use;

        Way(Use use) {
            this.use = use;
        }
    }

    private static StoreEngine store;

    /** The keys of all entries that outlive their node. */
    private final Set<Key> kept = new TreeSet<>();

    private final class Watched extends ForwardingStore {

        Watched(Store store) {
            super(store);
        }

        @Override
        public Promise<CommitOutcome> commit(List<Op> ops) {
            CommitOutcome outcome = store.commit(ops).join();
            if (outcome instanceof CommitOutcome.Committed) {
                ops.forEach(op -> {
                    if (op instanceof Op.Create(Key key, Bytes _, Lifetime life) && life == Lifetime.DURABLE) {
                        kept.add(key);
                    } else if (op instanceof Op.Delete) {
                        kept.remove(op.key());
                    }
                });
            }
            Promise<CommitOutcome> done = new Promise<>();
            done.complete(outcome);
            return done;
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsKeptDoesNotGrowWithUse(Way way) {
        Map<String, Long> more = growth(way.use);
        assertTrue(more.values().stream().allMatch(entries -> entries <= SLACK),
                () -> USES + " uses more have left behind " + more);
    }

    @Test
    void whatIsLeftBehindIsFound() {
        assertEquals(USES, growth((node, n) -> node.counter("counter " + n).add(1)).get("counters"));
    }

    /** How many entries more there are in each directory after as many uses again. */
    private Map<String, Long> growth(Use use) {
        Map<String, Long> more = new TreeMap<>();
        Sim.run(SimOptions.DEFAULT.withSeed(1).withMaxVirtualTime(Duration.ofDays(3)), sim -> {
            InMemoryStore memory = InMemoryStore.create();
            store = options -> new Watched(memory.open(options));
            try (Cluster node = Cluster.join(ClusterOptions.of("shop", store).withNode("first"))) {
                Jobs jobs = node.jobs("queue", QUEUE);
                jobs.handle("work", 4, job -> Bytes.EMPTY);
                jobs.handle("fails", 4, job -> {
                    throw new IllegalStateException("fails");
                });
                jobs.handle("second try", 4, job -> {
                    if (job.attempt() == 1) {
                        throw new IllegalStateException("fails");
                    }
                    return Bytes.EMPTY;
                });
                Map<String, Long> before = use(use, node, 0);
                more.putAll(use(use, node, USES));
                before.forEach((directory, entries) -> more.merge(directory, -entries, Long::sum));
            }
        });
        return more;
    }

    /** Uses it, waits, and tells how many entries there are by directory. */
    private Map<String, Long> use(Use use, Cluster node, int from) throws Exception {
        for (int i = 0; i < USES; i++) {
            use.once(node, from + i);
        }
        Heddle.sleep(QUIET);
        return kept.stream().collect(Collectors.groupingBy(
                key -> key.directory().replaceAll("[0-9]+", "N"), TreeMap::new, Collectors.counting()));
    }
}
