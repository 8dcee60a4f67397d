package dev.heddle.sim.programs;

import dev.heddle.Heddle;
import dev.heddle.Instrument;
import dev.heddle.Loop;
import dev.heddle.LoopStatistics;
import dev.heddle.Task;
import dev.heddle.internal.sight.Kernel;
import dev.heddle.sim.QuietSim;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimOptions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The runs of programs in one simulation, one after the other, each in another order and with other faults. */
final class ProgramRun {

    private static final SimOptions OPTIONS = SimOptions.DEFAULT.withMaxSteps(100_000)
            .withMaxVirtualTime(Duration.ofHours(1));

    private final Tally tally;
    private @Nullable Program program;
    private int run;

    /** What was seen, so that no compiler leaves the looking out. */
    private int looked;

    private @Nullable Model model;
    private @Nullable Interpreter interpreter;

    private ProgramRun(Tally tally) {
        this.tally = tally;
    }

    /**
     * A broken rule.
     *
     * @param seed of the simulation
     * @param runs how many runs it took
     * @param what which rule, and how
     * @param steps what had happened in the last run
     */
    record Finding(Program program, long seed, int runs, String what, List<Model.Step> steps) {

        /** Which rule was broken, without how. */
        String kind() {
            return what.substring(0, what.indexOf(": ", what.indexOf(": ") + 1));
        }

        @Override
        public String toString() {
            return what + "\nseed " + seed + ", run " + runs + " of:\n" + program + "what happened:\n"
                    + steps.stream()
                            .map(step -> "%4d ms  %-8s %s\n".formatted(step.time(), step.task(), step.what()))
                            .collect(Collectors.joining());
        }
    }

    /** Runs a program some times; null if no rule was broken. */
    static @Nullable Finding of(Program program, long seed, int runs, Tally tally) {
        return of(List.of(program), seed, runs, tally);
    }

    /** Runs several programs some times each; null if no rule was broken. */
    static @Nullable Finding of(List<Program> programs, long seed, int runs, Tally tally) {
        return new ProgramRun(tally).find(programs, seed, runs);
    }

    private @Nullable Finding find(List<Program> programs, long seed, int runs) {
        String what;
        try {
            QuietSim.run(OPTIONS.withSeed(seed).withFailureHandler((who, failure) -> told(failure)), sim -> {
                Kernel.get().instrument(Heddle.currentLoop(), new Instrument() {
                    @Override
                    public void resumed(Task<?> task) {
                        look(task);
                        if (interpreter != null) {
                            interpreter.resumed(task);
                        }
                    }

                    @Override
                    public void ended(Task<?> task) {
                        look(task);
                        if (interpreter != null) {
                            interpreter.ended(task);
                        }
                    }
                });
                for (Program each : programs) {
                    program = each;
                    for (run = 1; run <= runs; run++) {
                        once(sim, each);
                        if (model != null && model.broken() != null) {
                            return;
                        }
                    }
                }
            });
            what = model == null ? null : model.broken();
        } catch (RuntimeException | Error e) {
            // After a broken rule the rest of the run means nothing.
            what = model == null || model.broken() == null ? "failed: " + e : model.broken();
        }
        return what == null || model == null || program == null
                ? null
                : new Finding(program, seed, run, what, model.steps());
    }

    /** In every second run somebody looks at all that can be seen; the program must not notice. */
    private void look(Task<?> task) {
        if (run % 2 == 0) {
            looked ^= task.state().hashCode() ^ task.toString().hashCode() ^ task.parent().hashCode()
                    ^ task.owned().hashCode() ^ task.waitingFor().hashCode() ^ task.waitingTime().hashCode()
                    ^ (task.isDone() ? 1 : 0) ^ task.loop().statistics().hashCode();
        }
    }

    private void once(Sim sim, Program each) {
        Loop loop = Heddle.currentLoop();
        LoopStatistics before = loop.statistics();
        long start = loop.nanoTime();
        var current = new Model(tally, () -> loop.nanoTime() - start);
        model = current;
        var runs = new Interpreter(current, sim.random());
        interpreter = runs;
        runs.run(each);
        sim.awaitIdle();
        current.over();
        runs.checkHeld();
        LoopStatistics after = loop.statistics();
        current.held("the number of timers", before.timers(), after.timers());
        current.held("the number of tasks", before.aliveTasks(), after.aliveTasks());
    }

    private void told(Throwable failure) {
        if (model != null) {
            model.told(failure);
        }
    }
}
