package dev.heddle;

import dev.heddle.engine.Engine;
import dev.heddle.engine.Engines;
import dev.heddle.internal.Checks;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * The configuration of loops. Immutable; start from {@link #DEFAULT} and change with the {@code with} methods.
 */
public final class Config {

    /** Who finds the addresses of hosts. */
    public enum ResolverChoice {

        /** Heddle's own resolver where it does all that the system's files say, and else the system's. */
        AUTO,

        /** The system's resolver, on threads of its own. */
        SYSTEM,

        /** Heddle's own resolver; what the system's files say and it does not know is passed over. */
        OWN
    }

    /** Sees nothing; loops do not even call it. */
    static final Instrument NO_INSTRUMENT = new Instrument() {};

    /**
     * One loop, the best engine that works here ({@link Engines}), signals handled, reports after 100 ms and of
     * what is held after 10 s, 30 s for the shutdown, failures logged.
     */
    public static final Config DEFAULT = new Config(
            "loop",
            1,
            Engines::create,
            true,
            Duration.ofMillis(100),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            FailureHandler.LOG,
            NO_INSTRUMENT,
            List.of(),
            ResolverChoice.AUTO,
            isDebugWanted());

    private final String name;
    private final int loops;
    private final Supplier<? extends Engine> engine;
    private final boolean signals;
    private final Duration blockedAfter;
    private final Duration heldAfter;
    private final Duration shutdownTimeout;
    private final FailureHandler failureHandler;
    private final Instrument instrument;
    private final List<Integer> cpus;
    private final ResolverChoice resolver;
    private final boolean debug;

    private Config(String name, int loops, Supplier<? extends Engine> engine, boolean signals, Duration blockedAfter,
            Duration heldAfter, Duration shutdownTimeout, FailureHandler failureHandler, Instrument instrument,
            List<Integer> cpus, ResolverChoice resolver, boolean debug) {
        Objects.requireNonNull(name);
        Objects.requireNonNull(engine);
        Objects.requireNonNull(blockedAfter);
        Objects.requireNonNull(heldAfter);
        Objects.requireNonNull(shutdownTimeout);
        Objects.requireNonNull(failureHandler);
        Objects.requireNonNull(instrument);
        Objects.requireNonNull(resolver);
        cpus = List.copyOf(cpus);
        for (int cpu : cpus) {
            if (cpu < 0) {
                throw new IllegalArgumentException("there is no CPU " + cpu);
            }
        }
        Checks.atLeast("loops", loops, 1);
        Checks.notNegative("blockedAfter", blockedAfter);
        Checks.notNegative("heldAfter", heldAfter);
        Checks.notNegative("shutdownTimeout", shutdownTimeout);
        this.name = name;
        this.loops = loops;
        this.engine = engine;
        this.signals = signals;
        this.blockedAfter = blockedAfter;
        this.heldAfter = heldAfter;
        this.shutdownTimeout = shutdownTimeout;
        this.failureHandler = failureHandler;
        this.instrument = instrument;
        this.cpus = cpus;
        this.resolver = resolver;
        this.debug = debug;
    }

    /** The name of the loop; several are numbered. */
    public String name() {
        return name;
    }

    /** How many loops {@link Heddle#run} starts, at least 1. */
    public int loops() {
        return loops;
    }

    /** Makes the engine of each loop. */
    public Supplier<? extends Engine> engine() {
        return engine;
    }

    /**
     * Whether SIGINT, SIGTERM and SIGHUP cancel the main task of {@link Heddle#run}, and the first two force the exit
     * the second time.
     */
    public boolean signals() {
        return signals;
    }

    /**
     * How long a task may hold its loop before that is reported with its stack; zero for no reports of the watchdog at
     * all, which also tells of deadlocks and of tasks that have not ended 5 s after their cancel. While the process is
     * new and loads its classes, the default counts as half a second.
     */
    public Duration blockedAfter() {
        return blockedAfter;
    }

    /**
     * How long a task may wait while it holds a mutex, a lock of the JDK or a token for which another task waits as
     * long, before the watchdog reports it once, with its wait and its line; zero for no such reports.
     */
    public Duration heldAfter() {
        return heldAfter;
    }

    /**
     * How long the end of a loop waits for tasks that were cancelled, and {@link Heddle#run} for its main task after a
     * signal or an interrupt; then they are named and left behind. One bound for all loops of a run; its last quarter
     * is for the clean-up of what the main task does not own, however long that one takes. Graces of servers and
     * processes that stop with the run are cut to end before it.
     */
    public Duration shutdownTimeout() {
        return shutdownTimeout;
    }

    /** Hears of failures that nobody joins. */
    public FailureHandler failureHandler() {
        return failureHandler;
    }

    /** Sees what the tasks do. */
    public Instrument instrument() {
        return instrument;
    }

    /** The CPUs that the loops' own threads are pinned to, by turns, on Linux; none for no pinning. */
    public List<Integer> cpus() {
        return cpus;
    }

    /** Who finds the addresses of hosts. */
    public ResolverChoice resolver() {
        return resolver;
    }

    /** Whether to check more and look closer, at a cost; see {@link #withDebug}. */
    public boolean debug() {
        return debug;
    }

    private static boolean isDebugWanted() {
        return Boolean.getBoolean("heddle.debug") || "1".equals(System.getenv("HEDDLE_DEBUG"));
    }

    public Config withName(String name) {
        return new Config(name, loops, engine, signals, blockedAfter, heldAfter, shutdownTimeout, failureHandler,
                instrument,
                cpus, resolver, debug);
    }

    public Config withLoops(int loops) {
        return new Config(name, loops, engine, signals, blockedAfter, heldAfter, shutdownTimeout, failureHandler,
                instrument,
                cpus, resolver, debug);
    }

    /** With a loop for each processor that the JVM may use, so that {@code startOnAllLoops} of a server takes all. */
    public Config withLoopPerCpu() {
        return withLoops(Runtime.getRuntime().availableProcessors());
    }

    public Config withEngine(Supplier<? extends Engine> engine) {
        return new Config(name, loops, engine, signals, blockedAfter, heldAfter, shutdownTimeout, failureHandler,
                instrument,
                cpus, resolver, debug);
    }

    public Config withSignals(boolean signals) {
        return new Config(name, loops, engine, signals, blockedAfter, heldAfter, shutdownTimeout, failureHandler,
                instrument,
                cpus, resolver, debug);
    }

    public Config withBlockedAfter(Duration blockedAfter) {
        return new Config(name, loops, engine, signals, blockedAfter, heldAfter, shutdownTimeout, failureHandler,
                instrument,
                cpus, resolver, debug);
    }

    public Config withHeldAfter(Duration heldAfter) {
        return new Config(name, loops, engine, signals, blockedAfter, heldAfter, shutdownTimeout, failureHandler,
                instrument,
                cpus, resolver, debug);
    }

    public Config withShutdownTimeout(Duration shutdownTimeout) {
        return new Config(name, loops, engine, signals, blockedAfter, heldAfter, shutdownTimeout, failureHandler,
                instrument,
                cpus, resolver, debug);
    }

    public Config withFailureHandler(FailureHandler failureHandler) {
        return new Config(name, loops, engine, signals, blockedAfter, heldAfter, shutdownTimeout, failureHandler,
                instrument,
                cpus, resolver, debug);
    }

    public Config withInstrument(Instrument instrument) {
        return new Config(name, loops, engine, signals, blockedAfter, heldAfter, shutdownTimeout, failureHandler,
                instrument,
                cpus, resolver, debug);
    }

    /**
     * Pins the threads of loops to CPUs: the first loop of a run to the first, and so on, and around. A loop that is
     * not moved keeps its caches, and its latency steady, as long as nothing else runs on its CPU. Threads that tasks
     * start inherit the pin, as always on Linux; Heddle's workers do not.
     *
     * <p>Making such a loop throws {@link IllegalStateException} where the system cannot pin threads, or has no such
     * CPU for this process.
     */
    public Config withCpus(int... cpus) {
        List<Integer> all = IntStream.of(cpus).boxed().toList();
        return new Config(name, loops, engine, signals, blockedAfter, heldAfter, shutdownTimeout, failureHandler,
                instrument,
                all, resolver, debug);
    }

    /**
     * Who finds the addresses of hosts, where a program wants to decide that; the system property {@code
     * heddle.resolver}, or {@code HEDDLE_RESOLVER} in the environment, decides where it does not.
     */
    public Config withResolver(ResolverChoice resolver) {
        return new Config(name, loops, engine, signals, blockedAfter, heldAfter, shutdownTimeout, failureHandler,
                instrument,
                cpus, resolver, debug);
    }

    /**
     * Looks for the line that spawned a task at every spawn, so that reports are exact also for bodies that are spawned
     * from many lines; and throws where code of another thread looks into groups or scopes of a loop, which may go
     * wrong silently else.
     *
     * <p>On by default with {@code -Dheddle.debug=true}, or the environment variable {@code HEDDLE_DEBUG=1}.
     */
    public Config withDebug(boolean debug) {
        return new Config(name, loops, engine, signals, blockedAfter, heldAfter, shutdownTimeout, failureHandler,
                instrument,
                cpus, resolver, debug);
    }

    @Override
    public String toString() {
        return "Config[name=" + name + ", loops=" + loops + ", engine=" + engine + ", signals=" + signals
                + ", blockedAfter=" + blockedAfter + ", heldAfter=" + heldAfter + ", shutdownTimeout=" + shutdownTimeout
                + ", failureHandler=" + failureHandler + ", instrument=" + instrument + ", cpus=" + cpus + ", resolver="
                + resolver + ", debug=" + debug + "]";
    }
}
