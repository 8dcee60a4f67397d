package dev.heddle.bench;

import dev.heddle.Action;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.Waiter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** The benchmarks of what it takes to start a task that only waits, and to keep it. */
final class Parking {

    private static final int TASKS = Counts.isGate() ? 100_000 : Counts.million();
    private static final int FEWER = 100_000;
    private static final double TWO_SECONDS_FOR_ALL = 2e9 / TASKS;
    private static final double FEW_BYTES = 800;
    private static final Duration LONG = Duration.ofHours(1);

    private Parking() {}

    static List<Benchmark> benchmarks() {
        return List.of(new Benchmark(
                "parked",
                "A million tasks are started and wait; all their heap after a collection, the waiting object included, in"
                        + " Python the growth of the process. Frames shrink when compiled, so it is measured warm",
                2,
                3,
                List.of(
                        new Measure("start of a task, until it waits", "ns", Target.atMost(TWO_SECONDS_FOR_ALL)),
                        new Measure("a parked task", "bytes", Target.atMost(FEW_BYTES))),
                List.of(
                        Side.peer("bare park", () -> Parking::bare),
                        Kotlin.coroutines("parked", TASKS),
                        Python.asyncio("parked", TASKS),
                        Python.gevent("parked", FEWER).named("gevent, 100,000 greenlets"),
                        Side.ours("Heddle Waiter", () -> Parking::waiting),
                        Side.ours("Heddle sleep", () -> Parking::sleeping),
                        Side.peer("bare park, compact headers", () -> Parking::bare, Collecting.COMPACT),
                        Kotlin.coroutines("parked", TASKS, Collecting.COMPACT)
                                .named("Kotlin coroutines, compact headers"),
                        Side.ours("Heddle Waiter, compact headers", () -> Parking::waiting, Collecting.COMPACT),
                        Side.ours("Heddle sleep, compact headers", () -> Parking::sleeping, Collecting.COMPACT))));
    }

    private static double[] bare() {
        return bare(TASKS, 1);
    }

    /** So many threads wait at once, so often; the bytes are those of the last. */
    static double[] bare(int count, int times) {
        BareThreads threads = new BareThreads();
        Costs costs = new Costs(count, times);
        for (int i = 0; i < times; i++) {
            List<Thread> all = new ArrayList<>(count);
            costs.start();
            for (int j = 0; j < count; j++) {
                all.add(threads.start(LockSupport::park));
            }
            threads.drain();
            costs.stop();
            all.forEach(LockSupport::unpark);
            threads.drain();
        }
        return costs.each();
    }

    static double[] waiting() {
        return waiting(TASKS, 1);
    }

    static double[] waiting(int count, int times) {
        return whileAllWait(count, times, () -> new Waiter("the end of the round").await());
    }

    private static double[] sleeping() {
        return sleeping(TASKS, 1);
    }

    static double[] sleeping(int count, int times) {
        return whileAllWait(count, times, () -> Heddle.sleep(LONG));
    }

    private static double[] whileAllWait(int count, int times, Action wait) {
        return Heddle.run(Loops.PATIENT, () -> {
            Costs costs = new Costs(count, times);
            for (int i = 0; i < times; i++) {
                costs.start();
                Heddle.group(group -> {
                    for (int j = 0; j < count; j++) {
                        group.spawn(wait);
                    }
                    Heddle.checkpoint();
                    costs.stop();
                    for (Task<?> task : group.tasks()) {
                        task.cancel("measured");
                    }
                });
            }
            return costs.each();
        });
    }

    /** What so many cost that start at once, so often; the heap is looked at the last time. */
    private static final class Costs {

        private final int count;
        private final int times;
        private int started;
        private long start;
        private double nanos;
        private double bytes;

        Costs(int count, int times) {
            this.count = count;
            this.times = times;
        }

        void start() {
            started++;
            if (started == times) {
                bytes = -Heap.usedAfterCollection();
            }
            start = System.nanoTime();
        }

        void stop() {
            nanos += System.nanoTime() - start;
            if (started == times) {
                bytes += Heap.usedAfterCollection();
            }
        }

        /** Nanoseconds of a start, until it waits, and bytes. */
        double[] each() {
            return new double[]{nanos / times / count, bytes / count};
        }
    }
}
