package dev.heddle.bench;

import dev.heddle.Action;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.Waiter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** The heap that a task takes which only waits. */
final class Parking {

    private static final int TASKS = 200_000;
    private static final double FEW_BYTES = 1_000;
    private static final Duration LONG = Duration.ofHours(1);

    private Parking() {}

    static List<Benchmark> benchmarks() {
        return List.of(new Benchmark(
                "parked",
                "200,000 tasks wait; all their heap after a collection, the waiting object included. Frames shrink when"
                        + " compiled, so it is measured warm",
                4,
                5,
                List.of(new Measure("a parked task", "bytes", Target.atMost(FEW_BYTES))),
                List.of(
                        Side.peer("bare park", () -> Parking::bare),
                        Side.ours("Heddle Waiter", () -> Parking::waiting),
                        Side.ours("Heddle sleep", () -> Parking::sleeping))));
    }

    private static double[] bare() {
        BareThreads threads = new BareThreads();
        List<Thread> all = new ArrayList<>(TASKS);
        long before = Heap.usedAfterCollection();
        for (int i = 0; i < TASKS; i++) {
            all.add(threads.start(LockSupport::park));
        }
        threads.drain();
        long used = Heap.usedAfterCollection() - before;
        all.forEach(LockSupport::unpark);
        threads.drain();
        return new double[]{(double) used / TASKS};
    }

    private static double[] waiting() {
        return whileAllWait(() -> new Waiter("the end of the round").await());
    }

    private static double[] sleeping() {
        return whileAllWait(() -> Heddle.sleep(LONG));
    }

    private static double[] whileAllWait(Action wait) {
        return Heddle.run(Loops.PATIENT, () -> {
            long before = Heap.usedAfterCollection();
            return Heddle.group(group -> {
                for (int i = 0; i < TASKS; i++) {
                    group.spawn(wait);
                }
                Heddle.checkpoint();
                long used = Heap.usedAfterCollection() - before;
                for (Task<?> task : group.tasks()) {
                    task.cancel("measured");
                }
                return new double[]{(double) used / TASKS};
            });
        });
    }
}
