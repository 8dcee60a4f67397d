package dev.heddle.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;

/**
 * Rounds of a job queue: jobs are put in one at a time by eight callers, others in batches; all of them are done, eight
 * at a time; then some are put in at a steady rate, and the time from when a job was due to its handler is measured.
 */
final class JobRounds implements Workload {

    static final int ONES = Counts.isQuick() ? 500 : Counts.of(2_000, 10_000);
    static final int BATCHED = Counts.isQuick() ? 3_000 : Counts.of(10_000, 40_000);
    static final int SECONDS = Counts.isQuick() ? 1 : Counts.of(3, 10);
    static final int BATCH = 1_000;

    private static final int RATE = 200;
    private static final double NANOS_PER_MICRO = 1e3;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final long SETTLE_MILLIS = 500;
    private static final int PERCENT = 100;
    private static final int HIGH = 99;

    private final JobQueue queue;

    JobRounds(JobQueue queue) {
        this.queue = queue;
    }

    @Override
    public double[] round() throws Exception {
        double alone = alone();
        long start = System.nanoTime();
        for (int put = 0; put < BATCHED; put += BATCH) {
            queue.putAll(BATCH);
        }
        double together = (System.nanoTime() - start) / NANOS_PER_MICRO / BATCHED;
        double done = done(ONES + BATCHED);
        double[] late = late(RATE * SECONDS);
        return new double[]{alone, together, done, late[late.length / 2], late[late.length * HIGH / PERCENT],
                Double.NaN};
    }

    private double alone() throws Exception {
        var left = new AtomicInteger(ONES);
        long start = System.nanoTime();
        try (ExecutorService callers = Executors.newFixedThreadPool(JobQueue.AT_A_TIME)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < JobQueue.AT_A_TIME; i++) {
                all.add(callers.submit(() -> {
                    while (left.getAndDecrement() > 0) {
                        queue.put(0);
                    }
                    return null;
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        }
        return (System.nanoTime() - start) / NANOS_PER_MICRO / ONES;
    }

    /** From the first call of a handler to the last: what it takes to start a worker is not in it. */
    private double done(int jobs) throws Exception {
        var left = new CountDownLatch(jobs);
        var begun = new AtomicLong();
        LongConsumer handler = _ -> {
            if (begun.get() == 0) {
                begun.compareAndSet(0, System.nanoTime());
            }
            left.countDown();
        };
        try (AutoCloseable _ = queue.work(handler, true)) {
            left.await();
            return (System.nanoTime() - begun.get()) / NANOS_PER_MICRO / jobs;
        }
    }

    private double[] late(int jobs) throws Exception {
        var left = new CountDownLatch(jobs);
        double[] late = new double[jobs];
        var next = new AtomicInteger();
        LongConsumer handler = due -> {
            late[next.getAndIncrement()] = (System.nanoTime() - due) / NANOS_PER_MILLI;
            left.countDown();
        };
        try (AutoCloseable _ = queue.work(handler, false);
                ExecutorService callers = Executors.newFixedThreadPool(JobQueue.AT_A_TIME)) {
            Thread.sleep(SETTLE_MILLIS);
            long start = System.nanoTime();
            for (int i = 0; i < jobs; i++) {
                long due = start + i * NANOS_PER_SECOND / RATE;
                for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                    LockSupport.parkNanos(wait);
                }
                var _ = callers.submit(() -> {
                    queue.put(due);
                    return null;
                });
            }
            left.await();
        }
        Arrays.sort(late);
        return late;
    }

    @Override
    public void close() {
        queue.close();
    }
}
