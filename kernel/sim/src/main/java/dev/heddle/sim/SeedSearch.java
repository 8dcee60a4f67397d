package dev.heddle.sim;

import dev.heddle.SpawnsForCaller;
import dev.heddle.internal.Checks;
import org.jspecify.annotations.Nullable;

/**
 * The search for a failing seed: runs a body once per seed, and looks for the failing run that is easiest to
 * understand.
 */
@SpawnsForCaller
final class SeedSearch {

    /** How many seeds are tried after the first failure, in search of a shorter one. */
    private static final int MORE = 100;

    /** The place of the seed in a line that repeats a run. */
    static final String SEED = "{seed}";

    private final SimOptions options;
    private final Sim.Body body;
    private final FaultTally tally = new FaultTally();
    private long tried;
    private long failed;
    private long seed;
    private long steps;
    private @Nullable Throwable shortest;

    private SeedSearch(SimOptions options, Sim.Body body) {
        this.options = options;
        this.body = body;
    }

    /** @param replay the line that repeats a run, with {@link #SEED} in the place of its seed */
    static void run(SimOptions options, int count, Sim.Body body, String replay) {
        Checks.atLeast("count", count, 1);
        var search = new SeedSearch(options, body);
        search.tryOut(count);
        search.tally.close();
        if (search.shortest != null) {
            throw Replay.fail(search.shortest, search + replay.replace(SEED, Long.toString(search.seed)));
        }
    }

    private void tryOut(long count) {
        long end = count;
        // An interrupt ends each run at once, so those after it would fail for no reason of theirs.
        while (tried < end && !Thread.currentThread().isInterrupted()) {
            var sim = new Sim(options.withSeed(options.seed() + tried));
            tried++;
            try {
                sim.execute(Sim.asCallable(sim, body));
            } catch (Throwable e) {
                end = failed == 0 ? Math.min(count, tried + MORE) : end;
                note(sim.result(), e);
            }
            tally.add(sim);
        }
    }

    private void note(Sim.Result run, Throwable failure) {
        failed++;
        if (shortest == null || run.steps() < steps) {
            shortest = failure;
            seed = run.seed();
            steps = run.steps();
        }
    }

    @Override
    public String toString() {
        return failed + " of " + tried + " seeds failed, with the fewest steps, " + steps + ", seed " + seed
                + "; replay it with ";
    }
}
