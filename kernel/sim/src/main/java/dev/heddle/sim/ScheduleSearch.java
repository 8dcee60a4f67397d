package dev.heddle.sim;

import dev.heddle.SpawnsForCaller;
import dev.heddle.internal.Checks;
import org.jspecify.annotations.Nullable;

/**
 * The search through the orders of a program's tasks, depth first.
 *
 * <p>Stateless model checking (Godefroid: Model checking for programming languages using VeriSoft, 1997): a running
 * task cannot be put back, so each order is a run of its own from the start, which repeats the choices of the last run
 * up to the one that changes. There is no partial order reduction: it needs to know which steps are independent of each
 * other, and tasks share plain memory.
 */
@SpawnsForCaller
final class ScheduleSearch {

    static final long MAX = 100_000;

    /**
     * So many of the first orders are run twice, and then one now and then: a program that does something else each time
     * does so behind the choice that changes, too, which the next order does not tell.
     */
    private static final int TWICE = 16;

    /** Failures that nobody joins are expected by the thousand, and a task that polls has orders without end. */
    static final SimOptions OPTIONS = SimOptions.DEFAULT
            .withMaxSteps(10_000)
            .withFailureHandler((what, failure) -> {});

    private final SimOptions options;
    private final long most;
    private final Sim.Body body;
    private final Exploration.Findings findings = new Exploration.Findings();

    ScheduleSearch(SimOptions options, long most, Sim.Body body) {
        Checks.atLeast("most", most, 1);
        this.options = options;
        this.most = most;
        this.body = body;
    }

    Exploration run() {
        Script script = Script.first();
        long tried = 0;
        while (script != null && tried < most) {
            tried++;
            tryOut(script);
            if (tried <= TWICE || Long.bitCount(tried) == 1) {
                Script again = script.again();
                var _ = failureOf(new Sim(options, again));
                again.requireFollowed();
            }
            script = script.next();
        }
        return new Exploration(tried, script == null, findings);
    }

    private void tryOut(Script script) {
        var sim = new Sim(options, script);
        Throwable failure = failureOf(sim);
        script.requireFollowed();
        if (failure != null) {
            findings.add(script.schedule(), sim.result().steps(), failure);
        }
    }

    private @Nullable Throwable failureOf(Sim sim) {
        try {
            sim.execute(Sim.asCallable(sim, body));
            return null;
        } catch (Throwable e) {
            return e;
        }
    }
}
