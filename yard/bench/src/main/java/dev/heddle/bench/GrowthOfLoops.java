package dev.heddle.bench;

import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Task;
import java.util.List;
import java.util.function.IntConsumer;

/** The benchmarks of what two loops do in the time of one, where a processor is free for each. */
final class GrowthOfLoops {

    private static final int SWITCHES = 2_000_000;
    private static final int LIVES = 500_000;

    /** Two do 1.9 times as much as one. */
    private static final double MAX = 1 / 1.9;

    private static final Need PROCESSORS = Need.secondProcessor("for the second loop");

    private GrowthOfLoops() {}

    static Benchmark benchmark() {
        return new Benchmark(
                "growth-loops",
                "The same work on one loop, and as much again on a second one beside it, on a processor each",
                5,
                9,
                List.of(
                        new Measure("time with two loops, of that with one", "times", Target.atMost(MAX)),
                        new Measure("time of an operation, one loop", "ns"),
                        new Measure("time of an operation, two loops", "ns")),
                List.of(
                        Side.peer("bare threads, switch", () -> () -> bare(SWITCHES, Switching::bareGiveWay))
                                .needing(PROCESSORS),
                        Side.ours("Heddle checkpoint", () -> () -> ours(SWITCHES, Switching::twoGiveWay))
                                .needing(PROCESSORS),
                        Side.peer("bare threads, start and join", () -> () -> bare(LIVES, Spawning::bareOneByOne))
                                .needing(PROCESSORS),
                        Side.ours("Heddle spawn and join", () -> () -> ours(LIVES, Spawning::tasksOneByOne))
                                .needing(PROCESSORS)));
    }

    private static double[] ours(int operations, IntConsumer work) {
        double one = nanos(() -> Heddle.run(Loops.PATIENT, () -> work.accept(operations)));
        double two = nanos(() -> Heddle.run(Loops.PATIENT.withLoops(2), () -> {
            Loop other = Heddle.currentLoop().siblings().get(1);
            Task<Void> second = other.spawn(() -> work.accept(operations));
            work.accept(operations);
            second.join();
        }));
        return numbers(operations, one, two);
    }

    private static double[] bare(int operations, IntConsumer work) {
        double one = nanos(() -> work.accept(operations));
        double two = nanos(() -> {
            Thread second = Thread.ofPlatform().start(() -> work.accept(operations));
            work.accept(operations);
            BareThreads.join(second);
        });
        return numbers(operations, one, two);
    }

    private static double nanos(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return System.nanoTime() - start;
    }

    /** Two loops do twice as much. */
    private static double[] numbers(int operations, double one, double two) {
        return new double[]{two / 2 / one, one / operations, two / 2 / operations};
    }
}
