package dev.heddle.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.Heddle;
import dev.heddle.cluster.DayOfLocks.Hold;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.sim.JobHistory;
import dev.heddle.sim.SimRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Jobs and bodies of a {@link ClusterDay}: none that was taken is lost, and none goes on where it must not. */
final class DayOfWork {

    /** Steps of a body behind its node's fence: the one that it was at, and one that a stopped host was late for. */
    private static final int STEPS_BEHIND_FENCE = 2;

    private static final JobsOptions OPTIONS = JobsOptions.DEFAULT
            .withBackoff(JobsOptions.DEFAULT.backoff().withDelays(Duration.ofMillis(500), Duration.ofSeconds(3)));

    /** For the bodies, which travel without it. */
    private static @Nullable DayOfWork today;

    private final Rules rules;
    private final SimRandom random;
    private final BooleanSupplier rough;

    /** The nodes by name. */
    private final Map<String, Cluster> nodes;

    // ---- jobs ----

    private final JobHistory<String> history = new JobHistory<>();
    private final List<String> accepted = new ArrayList<>();
    private final Map<String, Set<String>> results = new HashMap<>();
    private final Map<String, Set<Hold>> running = new HashMap<>();
    private int jobs;

    // ---- bodies ----

    private final Map<Integer, Integer> begun = new HashMap<>();
    private int bodies;

    DayOfWork(Rules rules, SimRandom random, Map<String, Cluster> nodes, BooleanSupplier rough) {
        this.rules = rules;
        this.random = random;
        this.nodes = nodes;
        this.rough = rough;
        today = this;
    }

    /** The jobs of a node, which does some from now on. */
    Jobs jobs(Cluster node) {
        Jobs all = node.jobs("work", OPTIONS);
        all.handle("work", 2, job -> work(node, job));
        return all;
    }

    void submit(Jobs all) {
        String id = "job-" + ++jobs;
        history.submitted(id);
        all.submit(JobSpec.of("work", Bytes.utf8(id)).withId(id).withMaxAttempts(1000)
                .withPriority(random.below(10)));
        history.acknowledged(id);
        accepted.add(id);
    }

    private Bytes work(Cluster node, JobAttempt job) {
        rules.permits(() -> history.begins(job.id()));
        Hold mine = new Hold(node);
        Set<Hold> workers = running.computeIfAbsent(job.id(), _ -> new HashSet<>());
        workers.add(mine);
        try {
            for (int step = 0; step < 3; step++) {
                long believers = workers.stream().filter(Hold::isBelieved).count();
                rules.that(believers <= 1, workers + " do " + job);
                job.progress(Bytes.utf8("step " + step));
                Heddle.sleep(random.upTo(Duration.ofSeconds(random.chance(0.1) ? 6 : 1)));
            }
            if (rough.getAsBoolean() && random.chance(0.2)) {
                throw new IllegalStateException("bad luck");
            }
            String result = job.id() + " by attempt " + job.attempt();
            results.computeIfAbsent(job.id(), _ -> new HashSet<>()).add(result);
            return Bytes.utf8(result);
        } finally {
            workers.remove(mine);
        }
    }

    /** Has a body done somewhere. */
    void call(Cluster node, ClusterPool pool) {
        int number = ++bodies;
        String asker = node.self().name();
        boolean again = random.chance(0.5);
        ClusterPool way = again ? pool.retrying(100) : pool;
        Heddle.moveOnAfter(random.upTo(Duration.ofSeconds(20)), () -> {
            int result = way.call(() -> body(asker, number));
            rules.that(result == number, "body " + number + " gave " + result);
        });
        rules.that(again || begun.getOrDefault(number, 0) <= 1, "body " + number + " begun twice");
    }

    private static int body(String asker, int number) {
        Objects.requireNonNull(today).perform(asker, ClusterPool.node(), number);
        return number;
    }

    private void perform(String asker, String where, int number) {
        begun.merge(number, 1, Integer::sum);
        Cluster node = nodes.get(where);
        if (node == null) {
            return; // it leaves
        }
        Hold mine = new Hold(node);
        int behind = 0;
        for (int step = 0; step < 5; step++) {
            Heddle.sleep(Duration.ofMillis(100L + random.below(500)));
            behind += mine.isBelieved() ? 0 : 1;
            rules.that(behind <= STEPS_BEHIND_FENCE,
                    "body " + number + " of " + asker + " goes on behind the fence of " + mine);
        }
    }

    // ---- the evening ----

    /** Waits until all that was accepted is done. */
    void check(Cluster node) {
        Jobs all = node.jobs("work", OPTIONS);
        for (String id : accepted) {
            String result = all.job(id).join().utf8();
            rules.that(results.getOrDefault(id, Set.of()).contains(result), id + " has a result of nobody: " + result);
            rules.permits(() -> history.recorded(id));
            assertEquals(result, all.job(id).join().utf8());
        }
        rules.permits(history::check);
    }
}
