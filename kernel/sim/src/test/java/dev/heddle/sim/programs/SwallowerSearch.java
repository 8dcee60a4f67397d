package dev.heddle.sim.programs;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;

import dev.heddle.Task;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * A search for a swallower that keeps its loop to itself. Each is a task that goes round its body and catches every
 * exception. It is cancelled; then time must pass for the others, it must not come round too often, and it must end
 * when it may.
 */
final class SwallowerSearch {

    /** How many share a simulation. */
    private static final int BLOCK = 40;

    private static final int DEPTH = 3;

    /** A wait that costs nothing comes round some 250 times in that time at its pace. */
    private static final Duration SEEN = Duration.ofMillis(2);

    private static final int MAX_ROUNDS = 1_000;

    /** One pause of 50 ms, and what it takes to get there. */
    private static final Duration TO_END = Duration.ofMillis(200);

    private SwallowerSearch() {}

    /**
     * Searches through the swallowers of seeds.
     *
     * @return the first finding, for people; null if there is none
     */
    static @Nullable String search(long from, long count, int threads) throws InterruptedException {
        var next = new AtomicLong(from);
        var found = new AtomicReference<@Nullable String>();
        List<Thread> searchers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            searchers.add(Thread.ofPlatform().name("swallowers-" + i).start(() -> {
                for (long seed = next.getAndAdd(BLOCK); seed < from + count
                        && found.get() == null; seed = next.getAndAdd(BLOCK)) {
                    String finding = look(seed, Math.min(seed + BLOCK, from + count));
                    if (finding != null) {
                        found.compareAndSet(null, finding);
                    }
                }
            }));
        }
        for (Thread searcher : searchers) {
            searcher.join();
        }
        return found.get();
    }

    /** As {@link #search}, in words that every class loader knows. */
    static @Nullable String hunt(long count) throws InterruptedException {
        return search(1, count, 1);
    }

    /** Runs those of some seeds together; where one fails, each alone. */
    private static @Nullable String look(long from, long end) {
        if (run(LongStream.range(from, end).toArray()) == null) {
            return null;
        }
        for (long seed = from; seed < end; seed++) {
            String finding = run(seed);
            if (finding != null) {
                return finding;
            }
        }
        return run(LongStream.range(from, end).toArray());
    }

    private static @Nullable String run(long... seeds) {
        var finding = new AtomicReference<@Nullable String>();
        try {
            Sim.run(SimOptions.DEFAULT.withSeed(seeds[0]).withFailureHandler((what, failure) -> {}), sim -> {
                try (var things = new Swallower.Things()) {
                    finding.set(judge(seeds, things));
                }
            });
        } catch (Throwable e) {
            finding.compareAndSet(null, "swallowers of the seeds " + seeds[0] + " and on: " + e);
        }
        return finding.get();
    }

    private static @Nullable String judge(long[] seeds, Swallower.Things things) {
        List<Swallowing> all = new ArrayList<>();
        for (long seed : seeds) {
            all.add(new Swallowing(seed, Swallower.of(new SplittableRandom(seed), things, DEPTH)));
        }
        checkpoint();
        all.forEach(each -> each.task.cancel("enough"));
        sleep(SEEN);
        all.forEach(each -> each.free = true);
        for (Swallowing each : all) {
            if (!moveOnAfter(TO_END, () -> {
                each.task.awaitOutcome();
            })) {
                return each + " does not end";
            }
            if (each.task.failure().isPresent()) {
                return each + ": " + each.task.failure().get();
            }
        }
        return null;
    }

    /** A swallower at work. */
    private static final class Swallowing {
        private final long seed;
        private final Swallower body;
        private final Task<Void> task;
        private int rounds;
        private boolean free;

        Swallowing(long seed, Swallower body) {
            this.seed = seed;
            this.body = body;
            this.task = spawn("swallower " + seed, this::goRound);
        }

        private void goRound() {
            while (!free) {
                if (++rounds > MAX_ROUNDS) {
                    throw new AssertionError("came round " + rounds + " times and more within " + SEEN);
                }
                try {
                    body.round().run();
                } catch (Exception e) {
                    // That is what it does.
                }
            }
        }

        @Override
        public String toString() {
            return "swallower " + seed + " <" + body.words() + ">";
        }
    }
}
