package dev.heddle.sim.programs;

import dev.heddle.Config;
import dev.heddle.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A search for a body that a loop takes in and never begins: several loops with threads of their own, into which other
 * threads and their own tasks leave bodies until after their ends.
 */
final class SpawnerSearch {

    private static final int LOOPS = 3;
    private static final int SPAWNERS = 3;
    private static final int WAYS = 4;
    private static final long LONGEST_NANOS = 300_000;
    private static final Config CONFIG = Config.DEFAULT.withSignals(false).withShutdownTimeout(Duration.ofSeconds(30));

    private final AtomicLong left = new AtomicLong();
    private final AtomicLong accepted = new AtomicLong();

    private SpawnerSearch() {}

    /**
     * Runs so many rounds, each with loops of its own.
     *
     * @return what was lost, for people; null if there is nothing
     */
    static @Nullable String hunt(long rounds) {
        var search = new SpawnerSearch();
        for (long seed = 1; seed <= rounds; seed++) {
            search.round(new SplittableRandom(seed));
            if (search.left.get() != 0) {
                return search.left + " of " + search.accepted + " bodies never began, in round " + seed;
            }
        }
        return null;
    }

    private void round(SplittableRandom random) {
        List<Loop> loops = new ArrayList<>();
        for (int i = 0; i < LOOPS; i++) {
            loops.add(Loop.start(CONFIG));
        }
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < SPAWNERS; i++) {
            SplittableRandom mine = random.split();
            threads.add(Thread.ofPlatform().start(() -> spawnUntilTheEnd(loops, mine)));
        }
        for (Loop loop : loops) {
            long pause = random.nextLong(LONGEST_NANOS);
            threads.add(Thread.ofPlatform().start(() -> {
                LockSupport.parkNanos(pause);
                loop.close();
            }));
        }
        threads.forEach(SpawnerSearch::join);
    }

    /** Each loop in its turn, until none takes any more. */
    private void spawnUntilTheEnd(List<Loop> loops, SplittableRandom random) {
        List<Loop> open = new ArrayList<>(loops);
        while (!open.isEmpty()) {
            Loop loop = open.get(random.nextInt(open.size()));
            Loop other = loops.get(random.nextInt(LOOPS));
            int way = random.nextInt(WAYS);
            Runnable body = random.nextBoolean() ? () -> {} : () -> leave(other, way, () -> {});
            if (!leave(loop, way, body)) {
                open.remove(loop);
            }
            LockSupport.parkNanos(random.nextInt(2) * 1_000);
        }
    }

    private boolean leave(Loop loop, int way, Runnable body) {
        Runnable counted = () -> {
            left.decrementAndGet();
            body.run();
        };
        try {
            switch (way) {
                case 0 -> loop.spawn(counted::run);
                case 1 -> loop.asExecutorService().execute(counted);
                case 2 -> loop.asExecutorService().submit(counted);
                default -> loop.callFromThread(counted);
            }
            left.incrementAndGet();
            accepted.incrementAndGet();
            return true;
        } catch (IllegalStateException | RejectedExecutionException e) {
            return false; // it has ended
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
