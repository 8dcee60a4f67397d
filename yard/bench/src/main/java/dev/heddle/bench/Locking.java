package dev.heddle.bench;

import dev.heddle.Heddle;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The countdown of many tutorials: right under a lock, fast and wrong without one. */
final class Locking {

    private static final int TASKS = 100;
    private static final Duration HELD = Duration.ofMillis(1);
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double NEAR_THE_FLOOR = 1.1;

    private Locking() {}

    static List<Benchmark> benchmarks() {
        return List.of(new Benchmark(
                "lock",
                "100 tasks read a number, sleep for a millisecond and write one less; one after the other under a lock, all at"
                        + " once without",
                5,
                9,
                List.of(
                        new Measure("all under a lock", "ms", Target.atMostTimesFloor(NEAR_THE_FLOOR)),
                        new Measure("all without", "ms", Target.atMostTimesFloor(1))),
                List.of(
                        Side.peer("platform threads", () -> () -> both(Locking::platformThreads, Locking::pause)),
                        Side.peer("virtual threads", () -> () -> both(Locking::virtualThreads, Locking::pause)),
                        Kotlin.coroutines("lock", TASKS),
                        Python.asyncio("lock", TASKS),
                        Python.gevent("lock", TASKS),
                        Side.ours("Heddle tasks", () -> () -> both(Locking::tasks, () -> Heddle.sleep(HELD))))));
    }

    private static double[] both(Consumer<Runnable> hundredTimes, Runnable pause) {
        return new double[]{
                millis(hundredTimes, new Countdown(new ReentrantLock(), pause)),
                millis(hundredTimes, new Countdown(null, pause))
        };
    }

    private static double millis(Consumer<Runnable> hundredTimes, Countdown countdown) {
        long start = System.nanoTime();
        hundredTimes.accept(countdown);
        double millis = (System.nanoTime() - start) / NANOS_PER_MILLI;
        if (countdown.lock != null && countdown.left != 0) {
            throw new IllegalStateException(countdown.left + " are left");
        }
        return millis;
    }

    private static final class Countdown implements Runnable {

        private final @Nullable Lock lock;
        private final Runnable pause;
        private volatile int left = TASKS;

        Countdown(@Nullable Lock lock, Runnable pause) {
            this.lock = lock;
            this.pause = pause;
        }

        @Override
        public void run() {
            if (lock == null) {
                step();
                return;
            }
            lock.lock();
            try {
                step();
            } finally {
                lock.unlock();
            }
        }

        private void step() {
            int seen = left;
            pause.run();
            left = seen - 1;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(HELD);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void platformThreads(Runnable body) {
        run(Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory()), body);
    }

    private static void virtualThreads(Runnable body) {
        run(Executors.newVirtualThreadPerTaskExecutor(), body);
    }

    private static void run(ExecutorService executor, Runnable body) {
        try (executor) {
            for (int i = 0; i < TASKS; i++) {
                executor.execute(body);
            }
        }
    }

    private static void tasks(Runnable body) {
        Heddle.run(Loops.PATIENT, () -> Heddle.group(group -> {
            for (int i = 0; i < TASKS; i++) {
                group.spawn(body::run);
            }
        }));
    }
}
