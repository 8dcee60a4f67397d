package dev.heddle.bench;

import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.Waiter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

/** The benchmark of what it takes to cancel tasks that all wait, until all of them have ended. */
final class Cancelling {

    private static final int MANY = Counts.million();
    private static final int FEW = MANY / 10;

    private Cancelling() {}

    static Benchmark benchmark() {
        return new Benchmark(
                "cancel",
                "A group of a hundred thousand or a million waiting tasks is cancelled, until all have ended; of bare"
                        + " threads each is interrupted",
                Counts.warmUps(2),
                5,
                List.of(
                        new Measure("CPU of a cancel, among 100,000", "ns", Target.atMost(1_000)),
                        new Measure("CPU of a cancel, among 1,000,000", "ns", Target.atMost(1_000))),
                List.of(
                        Side.peer("bare interrupt", () -> () -> amongFewAndMany(Cancelling::bare)),
                        Kotlin.coroutines("cancel", MANY),
                        Python.asyncio("cancel", MANY),
                        Side.ours("Heddle", () -> () -> amongFewAndMany(Cancelling::group))));
    }

    /** Nanoseconds of each cancel, among few and among many; the collector's and compiler's are in it. */
    private static double[] amongFewAndMany(IntFunction<double[]> cancel) {
        return new double[]{cancel.apply(FEW)[0], cancel.apply(MANY)[0]};
    }

    private static double[] bare(int count) {
        BareThreads threads = new BareThreads();
        List<Thread> all = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            all.add(threads.start(LockSupport::park));
        }
        threads.drain();
        return Clock.processNanosPer(count, () -> {
            all.forEach(Thread::interrupt);
            threads.drain();
        });
    }

    private static double[] group(int count) {
        return Heddle.run(Loops.PATIENT, () -> {
            Task<Void> owner = Heddle.spawn(() -> Heddle.group(group -> {
                for (int i = 0; i < count; i++) {
                    group.spawn(() -> new Waiter("the end of the round").await());
                }
            }));
            Heddle.checkpoint(); // it spawns them
            Heddle.checkpoint(); // and they wait
            return Clock.processNanosPer(count, () -> {
                owner.cancel("measured");
                owner.awaitOutcome();
            });
        });
    }
}
