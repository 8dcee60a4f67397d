package dev.heddle.bench;

import dev.heddle.Heddle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/** The benchmarks of what one costs among ten, a thousand and a million: as much, if nothing looks at the others. */
final class Growth {

    static final double FLAT = 1.1;

    private static final int MAX = Counts.isQuick() ? 100_000 : 1_000_000;
    private static final List<Integer> SIZES = List.of(10, 1_000, MAX);

    /** CPU of one, in nanoseconds. */
    private interface Many {

        /** Does so many at once, so often. */
        double nanos(int count, int times);
    }

    private Growth() {}

    static List<Benchmark> benchmarks() {
        List<Benchmark> all = new ArrayList<>();
        all.add(new Benchmark(
                "growth-spawn",
                "Tasks are spawned, all alive at once, give way, and are joined, a million in all",
                2,
                3,
                measures("CPU of a task", "ns", SIZES, ", among %,d"),
                List.of(
                        Side.peer("bare threads", () -> of(Growth::bareTasks)),
                        Side.ours("Heddle tasks", () -> of(Growth::tasks)))));
        all.add(new Benchmark(
                "growth-timers",
                "Timers of up to a minute are set, all pending at once, and cancelled in another order, a million in all",
                5,
                3,
                measures("CPU of a timer", "ns", SIZES, ", among %,d"),
                List.of(
                        Side.peer(
                                "ScheduledThreadPoolExecutor",
                                () -> of((count, times) -> Timing.nanosAmong(Timing.executor(), count, times))),
                        Side.peer(
                                "Netty HashedWheelTimer",
                                () -> of((count, times) -> Timing.nanosAmong(Timing.wheel(), count, times))),
                        Side.ours(
                                "Heddle callAt",
                                () -> of((count, times) -> Timing.nanosAmong(Timing.loop(), count, times))))));
        List<Measure> parked = new ArrayList<>(measures("start of a task, until it waits", "ns", SIZES, ", among %,d"));
        parked.addAll(measures("a parked task", "bytes", SIZES, ", among %,d"));
        all.add(new Benchmark(
                "growth-parked",
                "Tasks are started and wait, all at once, a million in all; their heap after a collection",
                1,
                3,
                parked,
                List.of(
                        Side.peer("bare park", () -> ofBoth(Parking::bare)),
                        Side.ours("Heddle Waiter", () -> ofBoth(Parking::waiting)),
                        Side.ours("Heddle sleep", () -> ofBoth(Parking::sleeping)))));
        all.addAll(GrowthOfConnections.benchmarks());
        all.add(GrowthOfLoops.benchmark());
        return all;
    }

    /** The cost of one at each size, and before them what the dearest is to the cheapest. */
    static List<Measure> measures(String what, String unit, List<Integer> sizes, String at) {
        List<Measure> measures = new ArrayList<>();
        measures.add(new Measure(what + ", the dearest to the cheapest", "times", Target.atMost(FLAT)));
        for (int size : sizes) {
            measures.add(new Measure(what + String.format(at, size), unit));
        }
        return measures;
    }

    /** The numbers for {@link #measures}; who cannot do all sizes is not compared. */
    static double[] numbers(double... costs) {
        DoubleStream.Builder all = DoubleStream.builder();
        double most = Arrays.stream(costs).max().orElseThrow();
        all.add(most == Workload.CANNOT ? most : most / Arrays.stream(costs).min().orElseThrow());
        Arrays.stream(costs).forEach(all::add);
        return all.build().toArray();
    }

    private static Workload of(Many work) {
        return () -> numbers(SIZES.stream().mapToDouble(size -> work.nanos(size, MAX / size)).toArray());
    }

    private interface Both {

        double[] nanosAndBytes(int count, int times);
    }

    private static Workload ofBoth(Both work) {
        return () -> {
            double[] nanos = new double[SIZES.size()];
            double[] bytes = new double[SIZES.size()];
            for (int i = 0; i < nanos.length; i++) {
                double[] both = work.nanosAndBytes(SIZES.get(i), MAX / SIZES.get(i));
                nanos[i] = both[0];
                bytes[i] = both[1];
            }
            return DoubleStream.concat(Arrays.stream(numbers(nanos)), Arrays.stream(numbers(bytes))).toArray();
        };
    }

    private static double bareTasks(int count, int times) {
        BareThreads threads = new BareThreads();
        threads.start(() -> {
            for (int i = 0; i < times; i++) {
                Spawning.bareAtOnce(threads, count);
            }
        });
        return Clock.processNanosPer(count * times, threads::drain)[0];
    }

    private static double tasks(int count, int times) {
        return Clock.processNanosPer(count * times, () -> Heddle.run(Loops.PATIENT, () -> {
            for (int i = 0; i < times; i++) {
                Spawning.tasksAtOnce(count);
            }
        }))[0];
    }
}
