package dev.heddle.sim;

import dev.heddle.Action;
import dev.heddle.Config;
import dev.heddle.DeadlockException;
import dev.heddle.Heddle;
import dev.heddle.Task;
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
 * <p>The program needs no change: all that Heddle takes from the outside comes from the simulation. What it does not take
 * through Heddle, such as {@code System.nanoTime()}, JDK sockets or other threads, stays real, and a run that depends on it
 * does not repeat.
 *
 * <p>A run fails, besides by its body: with a {@link DeadlockException} when all tasks wait and nothing can happen, which
 * names the tasks and what they wait for; with a {@link LeftoverException} when streams, listeners or tasks are left over;
 * with a {@link SimLimitException} when it would go on for ever. A failure carries the seed and the line that replays it as
 * a suppressed exception, and that line is printed.
 *
 * <p>Threads: {@code run} is for a platform thread that is on no loop; the rest is for tasks of the simulation.
 */
public final class Sim {

    /** Random seeds stay below this, so that they are short to read and to type. */
    private static final long SEEDS = 1_000_000_000;

    private final SimOptions options;
    private final SimRandom random;
    private final SimEngine engine;
    private @Nullable Task<?> main;

    Sim(SimOptions options) {
        this.options = options;
        SimRandom root = new SimRandom(options.seed());
        random = root.split();
        engine = new SimEngine(this, options, root);
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
     * @param traceHash a hash over all its steps, jumps and network events: equal for the same run, and but for a chance of
     *     2^-64 only for it
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
        Sim sim = new Sim(options);
        sim.execute(asCallable(sim, body), replay(options.seed()));
        return sim.result();
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
        return Duration.ofNanos(engine.world().clock.elapsedNanos());
    }

    /**
     * Waits until all other tasks wait and nothing can happen before time passes. Goes before every jump of the clock.
     *
     * <p>Cancellation: a cancelled call has changed nothing.
     */
    public void awaitIdle() {
        engine.idle().await();
    }

    /**
     * Lets time pass while nothing runs, as when a process is stopped and continued: what is due by then happens late, in
     * the order of its deadlines. Does not wait.
     *
     * @param time not negative
     */
    public void freeze(Duration time) {
        Checks.notNegative("time", time);
        VirtualClock clock = engine.world().clock;
        clock.moveTo(clock.after(Checks.nanos(time)));
        engine.world().trace.jump(clock.elapsedNanos());
    }

    /** Sets the wall clock forward or back; the clock of timers and deadlines does not notice. */
    public void shiftWallClock(Duration by) {
        engine.world().clock.shiftWall(by);
    }

    SimEngine engine() {
        return engine;
    }

    /** What the run was until now. */
    public Result result() {
        Trace trace = engine.world().trace;
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
        Config config = Config.DEFAULT
                .withName("sim")
                .withEngine(() -> engine)
                .withSignals(false)
                // A look at real time, which has no meaning here.
                .withBlockedAfter(Duration.ZERO)
                .withFailureHandler(options.failureHandler());
        try {
            T value = Heddle.run(config, (Callable<T>) () -> {
                main = Heddle.currentTask();
                return body.call();
            });
            checkLimits();
            checkLeftovers();
            return value;
        } catch (Throwable e) {
            String limit = engine.limits().passed();
            if (limit != null && !(e instanceof SimLimitException)) {
                SimLimitException told = new SimLimitException(limit, e);
                tell(told, replay);
                throw told;
            }
            tell(e, replay);
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

    /** A run that went past a limit has failed, whatever its body made of its cancel. */
    private void checkLimits() {
        String limit = engine.limits().passed();
        if (limit != null) {
            throw new SimLimitException(limit, null);
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

    private void tell(Throwable failure, String replay) {
        Replay line = new Replay(this + " failed after " + elapsed() + " of virtual time and "
                + engine.world().trace.steps() + " steps; replay it with " + replay);
        failure.addSuppressed(line);
        System.err.println(line.getMessage());
    }

    private static long randomSeed() {
        return ThreadLocalRandom.current().nextLong(SEEDS);
    }

    private static String replay(long seed) {
        return "Sim.run(" + seed + "L, body)";
    }
}
