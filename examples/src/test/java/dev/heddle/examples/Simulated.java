package dev.heddle.examples;

import dev.heddle.sim.LinkOptions;
import dev.heddle.sim.Schedule;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimOptions;
import java.util.List;

/** Runs examples in simulated time, where their sleeps take no time and their output is exact. */
final class Simulated {

    private static final SimOptions NO_DELAYS = SimOptions.DEFAULT.withLink(LinkOptions.INSTANT);

    /** No choices: of several ready tasks the one that waits longest runs, as on a loop in real time. */
    private static final Schedule AS_THEY_COME = Schedule.of();

    private Simulated() {}

    /** What one method of an example prints, line by line. */
    static List<String> outputOf(String example, String method, Object... arguments) {
        return Output.of(
                () -> Sim.run(NO_DELAYS, AS_THEY_COME, sim -> Program.example(example).call(method, arguments)));
    }
}
