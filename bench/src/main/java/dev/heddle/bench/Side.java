package dev.heddle.bench;

import java.util.List;
import java.util.function.Supplier;

/**
 * One who takes part in a benchmark.
 *
 * @param name who it is, for people
 * @param ours whether it is Heddle, for which the targets are
 * @param workload makes what it does; called in the side's own JVM
 * @param jvm options that this JVM gets besides the common ones
 */
record Side(String name, boolean ours, Supplier<? extends Workload> workload, List<String> jvm) {

    static Side ours(String name, Supplier<? extends Workload> workload) {
        return new Side(name, true, workload, List.of());
    }

    static Side peer(String name, Supplier<? extends Workload> workload, String... jvm) {
        return new Side(name, false, workload, List.of(jvm));
    }
}
