package dev.heddle.sim;

import dev.heddle.Action;
import dev.heddle.Config;
import dev.heddle.DeadlockException;
import dev.heddle.Heddle;
import dev.heddle.SpawnsForCaller;
import dev.heddle.Task;
import dev.heddle.internal.Checks;
import dev.heddle.internal.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * One deterministic run of a program: its time jumps, its order is drawn, its network is made up, all from one seed.
 *
 * <pre>{@code
 * Sim.run(42, () -> {
 *     Sim sim = Sim.current();
 *     sim.network().link(LinkOptions.ROUGH);
 *     sim.network().host("server").spawn(() -> serve());
 *     sleep(Duration.ofHours(10_000));          // takes no real time
 * });
 * }</pre>
 *
 * <p>The program needs no change: all that Heddle takes from the outside comes from the simulation. What it does not
 * take through Heddle, such as {@code System.nanoTime()}, JDK sockets or other threads, stays real, and a run that
 * depends on it does not repeat. A lock that another thread has for a moment, as that of a log, changes nothing: the
 * task that wants it waits in real time, for about a second at most, before anything else runs.
 *
 * <p>A run fails, besides by its body: with a {@link DeadlockException} when all tasks wait and nothing can happen,
 * which names the tasks and what they wait for; with the first {@link AssertionError} of a task or callback that nobody
 * else heard of; with a {@link LeftoverException} when streams, listeners or tasks are left over; with a {@link
 * SimLimitException} when it would go on for ever; with an {@link IllegalStateException} when a task waits in real
 * time, as {@code Thread.sleep} does. A failure carries the seed and the line that replays it as a suppressed
 * exception, and that line is printed.
 *
 * <p>Threads: {@code run} is for a platform thread that is on no loop; the rest is for tasks of the simulation.
 */
@SpawnsForCaller
public final class Sim {

    /** Random seeds stay below this, so that they are short to read and to type. */
    private static final long SEEDS = 1_000_000_000;

    private final SimOptions options;
    private final SimRandom random;
    private final SimEngine engine;
    private @Nullable Task<?> main;

    /** The first assertion that has failed where nobody heard of it. */
    private @Nullable AssertionError unheard;

    Sim(SimOptions options) {
        this(options, null);
    }

    /** @param order the order to keep; null for one drawn from the seed */
    Sim(SimOptions options, @Nullable Chooser order) {
        this.options = options;
        var root = new SimRandom(options.seed());
        random = root.split();
        engine = new SimEngine(this, options, root, order);
    }

    /** A body that is given its simulation. */
    @FunctionalInterface
    public interface Body {

        /** Does the work. A checked exception comes out wrapped once, in a {@link dev.heddle.TaskFailedException}. */
        void run(Sim sim) throws Exception;
    }

    /**
     * What a run was.
     *
     * @param seed the seed it was drawn from
     * @param traceHash a hash over all its steps, jumps and network events: equal for the same run, and but for a
     *     chance of 2^-64 only for it
     * @param virtualTime how far its clock went
     * @param steps how often a task or a callback ran
     */
    public record Result(long seed, long traceHash, Duration virtualTime, long steps) {}

    /** Runs a body in a simulation with a random seed. */
    public static <T> T run(Callable<? extends T> body) {
        return run(randomSeed(), body);
    }

    /** Runs a body in a simulation with a random seed. */
    public static void run(Action body) {
        run(randomSeed(), body);
    }

    /** Runs a body in a simulation of this seed. */
    public static <T> T run(long seed, Callable<? extends T> body) {
        return new Sim(SimOptions.DEFAULT.withSeed(seed)).execute(body, replay(seed));
    }

    /** Runs a body in a simulation of this seed. */
    public static void run(long seed, Action body) {
        run(SimOptions.DEFAULT.withSeed(seed), sim -> body.run());
    }

    /** Runs a body in a simulation, and tells what the run was. */
    public static Result run(SimOptions options, Body body) {
        var sim = new Sim(options);
        sim.execute(asCallable(sim, body), replay(options.seed()));
        return sim.result();
    }

    /** Runs a body once, in the order of a schedule that {@link #explore} has found; all else as with seed 0. */
    public static Result run(Schedule schedule, Action body) {
        return run(SimOptions.DEFAULT, schedule, sim -> body.run());
    }

    /**
     * Runs a body once, in the order of a schedule that {@link #explore} has found with the same options.
     *
     * @throws IllegalStateException if the schedule does not fit: the program is another one, or has changed
     */
    public static Result run(SimOptions options, Schedule schedule, Body body) {
        var script = new Script(schedule);
        var sim = new Sim(options, script);
        try {
            sim.execute(asCallable(sim, body), "Sim.run(" + schedule + ", body)");
        } catch (Throwable e) {
            script.tellMisfit(e);
            throw e;
        }
        script.requireFollowed();
        return sim.result();
    }

    /**
     * Runs a body in a simulation of each seed from one on, and fails if any run does: with the failure of the seed
     * that took the fewest steps. How many have failed and the line that replays that seed are printed and ride along
     * as a suppressed exception. After the first failure at most 100 more seeds are tried.
     *
     * @param count how many seeds, at least 1
     */
    public static void seeds(long from, int count, Action body) {
        SeedSearch.run(SimOptions.DEFAULT.withSeed(from), count, sim -> body.run(),
                "Sim.run(" + SeedSearch.SEED + "L, body)");
    }

    /** Runs a body as {@link #seeds(long, int, Action)} does, with options whose seed is the first one. */
    public static void seeds(SimOptions options, int count, Body body) {
        SeedSearch.run(options, count, body, "Sim.run(options.withSeed(" + SeedSearch.SEED + "L), body)");
    }

    /**
     * Runs a small body in every order in which its tasks can run, and fails if any run does: with the failure of the
     * order that took the fewest steps. A line that replays it is printed and rides along as a suppressed exception.
     *
     * <p>For programs of two or three tasks that wait a few times each: the count of orders grows like a factorial. Two
     * tasks that wait three times each have 70 orders, three such tasks 34,650. Only the order is tried out; times,
     * network and random numbers are those of seed 0.
     *
     * @throws SimLimitException if there are more than 100,000 orders, or one takes more than 10,000 steps, as a task
     *     does that polls: the body is too large, and {@link #seeds(long, int, Action)} is for it
     */
    public static Exploration inEveryOrder(Action body) {
        Exploration found = explore(ScheduleSearch.OPTIONS, ScheduleSearch.MAX, sim -> body.run());
        found.throwFailure();
        if (!found.isComplete()) {
            throw new SimLimitException("there are more than " + ScheduleSearch.MAX
                    + " orders; make the body smaller, or run seeds", null);
        }
        return found;
    }

    /**
     * Runs a body in one order of its tasks after the other, depth first, until all were tried or there were enough,
     * and tells what was found. A run that fails does not end the search and is not thrown. No order is left out
     * because another one would do. The first orders are run twice, to see whether the body does the same.
     *
     * @param options what all runs have in common; their seed too
     * @param most most orders to try, at least 1
     * @throws IllegalStateException if the body does not do the same in the same order: it uses real time, other
     *     threads, or what an earlier run has left behind
     */
    public static Exploration explore(SimOptions options, long most, Body body) {
        return new ScheduleSearch(options, most, body).run();
    }

    /**
     * The simulation that the calling task runs in.
     *
     * @throws IllegalStateException if it runs in none
     */
    public static Sim current() {
        if (Heddle.currentLoop().engine() instanceof SimEngine engine) {
            return engine.sim();
        }
        throw new IllegalStateException("this loop is not simulated; start it with Sim.run(...)");
    }

    public long seed() {
        return options.seed();
    }

    public SimNetwork network() {
        return engine.network();
    }

    /** Random numbers for the program under test: the same for the same seed. */
    public SimRandom random() {
        return random;
    }

    /** How much virtual time has passed since the start. */
    public Duration elapsed() {
        return Duration.ofNanos(engine.context().clock.elapsedNanos());
    }

    /**
     * Waits until all other tasks wait and nothing can happen before time passes. Goes before every jump of the clock.
     * Offloaded bodies are waited for; of what else another thread may do nothing is known.
     *
     * <p>Cancellation: a cancelled call has changed nothing.
     *
     * @throws IllegalStateException if the caller is not of this simulation
     */
    public void awaitIdle() {
        if (current() != this) {
            throw new IllegalStateException("only code of this simulation can wait until the rest of it waits");
        }
        engine.idle().park();
    }

    /**
     * Lets time pass while nothing runs, as when a process is stopped and continued: what is due by then happens late,
     * in the order of its deadlines. Does not wait.
     *
     * @param time not negative
     */
    public void freeze(Duration time) {
        Checks.notNegative("time", time);
        engine.moveTo(engine.context().clock.after(Durations.toNanos(time)));
    }

    /**
     * Lets one task not run for a time while others do, as when the system gives its core to somebody else: what it
     * waits for may happen meanwhile, and it finds out late. For the running task that begins at its next wait. Stalls
     * end with the body of the run. Does not wait.
     *
     * @param task one of this simulation
     * @param time not negative; zero ends a stall
     */
    public void stall(Task<?> task, Duration time) {
        Checks.notNegative("time", time);
        if (task.loop().engine() != engine) {
            throw new IllegalArgumentException(task + " is not of this simulation");
        }
        if (!task.isDone()) {
            engine.stalls().stall(task.id(), Durations.toNanos(time));
        }
    }

    /** Sets the wall clock forward or back; the clock of timers and deadlines does not notice. */
    public void shiftWallClock(Duration by) {
        engine.context().clock.shiftWall(by);
    }

    SimEngine engine() {
        return engine;
    }

    /** What the run was until now. */
    public Result result() {
        EventTrace trace = engine.context().trace;
        return new Result(options.seed(), trace.hash(), elapsed(), trace.steps());
    }

    @Override
    public String toString() {
        return "simulation of seed " + options.seed();
    }

    /**
     * Runs the body, once.
     *
     * @param replay the line that repeats this run, for messages
     */
    <T> T execute(Callable<? extends T> body, String replay) {
        try {
            return execute(body);
        } catch (Throwable e) {
            Replay.add(e, this + " failed after " + elapsed() + " of virtual time and " + engine.context().trace.steps()
                    + " steps; replay it with " + replay);
            throw e;
        }
    }

    /** Runs the body, once. A failure comes out without a word about how to repeat it. */
    <T> T execute(Callable<? extends T> body) {
        Config config = Config.DEFAULT
                .withName("sim")
                .withEngine(() -> engine)
                .withSignals(false)
                .withInstrument(engine.instrument())
                // A look at real time, which has no meaning here.
                .withBlockedAfter(Duration.ZERO)
                .withFailureHandler(this::unheard);
        try {
            T value = Heddle.run(config, (Callable<T>) () -> {
                main = Heddle.currentTask();
                try {
                    return body.call();
                } finally {
                    engine.stalls().end();
                }
            });
            checkWaits(null);
            checkLimits(null);
            checkAssertions();
            checkLeftovers();
            return value;
        } catch (SimLimitException e) {
            throw e;
        } catch (Throwable e) {
            checkWaits(e);
            checkLimits(e);
            throw e;
        }
    }

    /** Cancels what runs. Below the tasks. */
    void cancel(String reason) {
        if (main != null) {
            main.cancel(reason);
        }
    }

    static Callable<Object> asCallable(Sim sim, Body body) {
        return () -> {
            body.run(sim);
            return sim;
        };
    }

    /** A run with a wait in real time has failed, whatever its body made of its cancel. */
    private void checkWaits(@Nullable Throwable ending) {
        IllegalStateException refused = engine.refused();
        if (refused != null && refused != ending) {
            if (ending != null) {
                refused.addSuppressed(ending);
            }
            throw refused;
        }
    }

    /** A run that went past a limit has failed too. */
    private void checkLimits(@Nullable Throwable ending) {
        String limit = engine.limits().passed();
        if (limit != null) {
            throw new SimLimitException(limit, ending);
        }
    }

    /** A failure that nobody joined, or of a callback. */
    private void unheard(String what, Throwable failure) {
        if (unheard == null && failure instanceof AssertionError assertion) {
            unheard = assertion;
        }
        options.failureHandler().failed(what, failure);
    }

    /** What a test asserts counts wherever it does. */
    private void checkAssertions() {
        if (unheard != null) {
            throw unheard;
        }
    }

    private void checkLeftovers() {
        if (!options.checkLeftovers()) {
            return;
        }
        List<String> leftovers = new ArrayList<>(engine.leftovers());
        Objects.requireNonNull(main).loop().allTasks().forEach(each -> leftovers.add(each.toString()));
        if (!leftovers.isEmpty()) {
            throw new LeftoverException(leftovers);
        }
    }

    private static long randomSeed() {
        return ThreadLocalRandom.current().nextLong(SEEDS);
    }

    private static String replay(long seed) {
        return "Sim.run(" + seed + "L, body)";
    }
}
