package dev.heddle.bench;

import dev.heddle.Action;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.Waiter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** What it takes to start a task that only waits, and to keep it. */
final class Parking {

    private static final int TASKS = Counts.million();
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
                5,
                List.of(
                        new Measure("start of a task, until it waits", "ns", Target.atMost(TWO_SECONDS_FOR_ALL)),
                        new Measure("a parked task", "bytes", Target.atMost(FEW_BYTES))),
                List.of(
                        Side.peer("bare park", () -> Parking::bare),
                        Kotlin.coroutines("parked", TASKS),
                        Python.asyncio("parked", TASKS),
                        Python.gevent("parked", FEWER).named("gevent, 100,000 greenlets"),
                        Side.ours("Heddle Waiter", () -> Parking::waiting),
                        Side.ours("Heddle sleep", () -> Parking::sleeping))));
    }

    private static double[] bare() {
        BareThreads threads = new BareThreads();
        List<Thread> all = new ArrayList<>(TASKS);
        long before = Heap.usedAfterCollection();
        long start = System.nanoTime();
        for (int i = 0; i < TASKS; i++) {
            all.add(threads.start(LockSupport::park));
        }
        threads.drain();
        double[] costs = costs(start, before);
        all.forEach(LockSupport::unpark);
        threads.drain();
        return costs;
    }

    static double[] waiting() {
        return whileAllWait(() -> new Waiter("the end of the round").await());
    }

    private static double[] sleeping() {
        return whileAllWait(() -> Heddle.sleep(LONG));
    }

    private static double[] whileAllWait(Action wait) {
        return Heddle.run(Loops.PATIENT, () -> {
            long before = Heap.usedAfterCollection();
            long start = System.nanoTime();
            return Heddle.group(group -> {
                for (int i = 0; i < TASKS; i++) {
                    group.spawn(wait);
                }
                Heddle.checkpoint();
                double[] costs = costs(start, before);
                for (Task<?> task : group.tasks()) {
                    task.cancel("measured");
                }
                return costs;
            });
        });
    }

    private static double[] costs(long startNanos, long bytesBefore) {
        double nanos = System.nanoTime() - startNanos;
        double bytes = Heap.usedAfterCollection() - bytesBefore;
        return new double[]{nanos / TASKS, bytes / TASKS};
    }
}
