package dev.heddle.bench;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * One who takes part in a benchmark, in a process of its own.
 *
 * @param name who it is, for people; no two sides of a benchmark share one
 * @param ours whether it is Heddle, for which the targets are
 * @param program what the process is
 * @param steady whether it is as quick at first as later, since no compiler works beside it
 * @param needs what must be there for it to take part
 */
record Side(String name, boolean ours, Program program, boolean steady, List<Need> needs) {

    /** What the process of a side is. */
    sealed interface Program {}

    /**
     * A JVM with {@link Worker} in it.
     *
     * @param workload makes what it does; called in that JVM
     * @param options what this JVM gets besides the common options
     * @param observable whether it has the module {@code observe}, as all programs of Heddle's commands have
     * @param launcher a command that becomes the JVM, whose own follows it; empty for none
     */
    record Jvm(Supplier<? extends Workload> workload, List<String> options, boolean observable, List<String> launcher)
            implements
                Program {

        Jvm(Supplier<? extends Workload> workload, List<String> options, boolean observable) {
            this(workload, options, observable, List.of());
        }
    }

    /**
     * Another program, which does as {@link Worker} does: a round for each line that it reads, answered by a line of
     * numbers.
     *
     * @param line the command and its arguments
     */
    record Command(List<String> line) implements Program {}

    static Side ours(String name, Supplier<? extends Workload> workload, String... options) {
        return new Side(name, true, new Jvm(workload, List.of(options), true), false, List.of());
    }

    static Side peer(String name, Supplier<? extends Workload> workload, String... options) {
        return new Side(name, false, new Jvm(workload, List.of(options), true), false, List.of());
    }

    /** Heddle as well, but into which nobody can look: the floor of what it costs that somebody could. */
    static Side unobservable(Supplier<? extends Workload> workload, String... options) {
        return new Side("module absent", false, new Jvm(workload, List.of(options), false), false, List.of());
    }

    static Side command(String name, List<String> line) {
        return new Side(name, false, new Command(line), false, List.of());
    }

    /** The same, whose JVM is started by a command that becomes it. */
    Side launchedBy(List<String> launcher) {
        if (!(program instanceof Jvm jvm)) {
            throw new IllegalStateException(name + " is no JVM");
        }
        return new Side(name, ours, new Jvm(jvm.workload(), jvm.options(), jvm.observable(), launcher), steady, needs);
    }

    Side named(String other) {
        return new Side(other, ours, program, steady, needs);
    }

    /** The same, of which little has to be warmed up: a server in C, or in Python. */
    Side asSteady() {
        return new Side(name, ours, program, true, needs);
    }

    Side needing(Need need) {
        return new Side(name, ours, program, steady, Stream.concat(needs.stream(), Stream.of(need)).toList());
    }

    /** What to do to get what is missing; empty if the side can take part. */
    List<String> missing() {
        return needs.stream().filter(need -> !need.isThere().getAsBoolean()).map(Need::advice).toList();
    }
}
