package dev.heddle.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The benchmarks of what a task costs with each collector of the JVM, with the usual headers of objects and with compact ones. */
final class Collecting {

    /** The choices of JDK 25; the first is the one that it takes by itself on a server. */
    private static final List<String> COLLECTORS = List.of("G1", "Parallel", "Serial", "Z");

    /** Smaller headers of objects. */
    static final String COMPACT = "-XX:+UseCompactObjectHeaders";

    private Collecting() {}

    static List<Benchmark> benchmarks() {
        return List.of(
                new Benchmark(
                        "collectors-spawn",
                        "A task spawns an empty task and joins it, with each collector",
                        8,
                        11,
                        List.of(new Measure("CPU of a life", "ns"), new Measure("time of a life", "ns")),
                        sides(() -> Spawning::spawnJoin)),
                new Benchmark(
                        "collectors-switch",
                        "Two tasks of one loop wake each other and wait, with each collector",
                        8,
                        11,
                        List.of(new Measure("CPU of a switch", "ns"), new Measure("time of a switch", "ns")),
                        sides(() -> Switching::waiter)),
                new Benchmark(
                        "collectors-parked",
                        "A million tasks are started and wait, all their heap after a collection, with each collector",
                        1,
                        2,
                        List.of(
                                new Measure("start of a task, until it waits", "ns"),
                                new Measure("a parked task", "bytes")),
                        sides(() -> Parking::waiting)));
    }

    private static List<Side> sides(Supplier<? extends Workload> workload) {
        List<Side> sides = new ArrayList<>();
        // The floor is what the JVM takes where nobody chooses.
        for (String collector : COLLECTORS) {
            String option = "-XX:+Use" + collector + "GC";
            sides.add(sides.isEmpty()
                    ? Side.peer(collector, workload, option)
                    : Side.ours(collector, workload, option));
            sides.add(Side.ours(collector + ", compact headers", workload, option, COMPACT));
        }
        return sides;
    }
}
