package dev.heddle.process;

import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.Promise;
import dev.heddle.Task;
import dev.heddle.Waiter;
import dev.heddle.engine.Engine;
import dev.heddle.internal.sight.Kernel;
import dev.heddle.internal.sight.WaitHints;
import dev.heddle.process.internal.Shielded;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A body that runs in a JVM of its own.
 *
 * <pre>{@code
 * try (JvmProcess child = JvmProcess.spawn(() -> work(n))) {
 *     int code = child.join();                      // waits; the loop's other tasks go on
 * }
 * }</pre>
 *
 * <pre>
 *   running ──its body ends: 0 │ throws: 1 │ exit(n): n │ signal n: 128 + n──▶ ended
 * </pre>
 *
 * <p>The body travels as that of a {@link ProcessPool} does, with the values it has captured. It gives no result; for
 * results use the pool, or what both processes share. The child ends as a program does: when its body and its other
 * threads that are no daemons have ended. What the body throws is printed on the child's standard error.
 *
 * <p>A child never outlives this JVM, whatever ends that. One that is no {@linkplain ProcessOptions#daemon daemon}
 * keeps this JVM from ending by itself; what is left when it ends in order is asked to end, and killed after its grace
 * time. So are children of children.
 *
 * <p>In a simulation the child is a task that the spawning task owns. Then values are copied as well, but static fields
 * are shared, {@code System.exit} ends the simulation with all else, what the child prints has no prefix, and a body
 * that never waits cannot be ended.
 *
 * <p>Threads: any task or thread. Cancellation: a cancelled {@link #join} leaves the child running; a cancelled {@link
 * #close} ends it. To test code that uses it, run it in the simulator.
 */
public final class JvmProcess implements AutoCloseable {

    private static final AtomicLong NUMBERS = new AtomicLong();

    /** By their numbers, so that the oldest is first; and some that have ended, until the next spawn. */
    private static final Map<Long, JvmProcess> ALIVE = new ConcurrentSkipListMap<>();

    private final String name;
    private final Duration grace;
    private final Promise<Integer> exit;
    private final Running host;

    /** The run that it is simulated in; null for a process of the system. */
    private final @Nullable Object world;

    private JvmProcess(String name, Duration grace, Promise<Integer> exit, Running host, @Nullable Object world) {
        this.name = name;
        this.grace = grace;
        this.exit = exit;
        this.host = host;
        this.world = world;
    }

    /** What runs the body. Told to end again, or after the end, it does nothing. */
    interface Running {

        long pid();

        /** Whether the calling code is what its end may wait for: its body, or the listener to what it prints. */
        boolean isHere();

        void terminate();

        void kill();
    }

    /** Starts a child with {@link ProcessOptions#DEFAULT}, as {@link #spawn(ProcessOptions, RemoteAction)}. */
    public static JvmProcess spawn(RemoteAction body) {
        return spawn(ProcessOptions.DEFAULT, body);
    }

    /**
     * Starts a child that runs a body. Gives it back as soon as its process is there; the body begins when the JVM in
     * it is up.
     *
     * <p>Cancellation: a cancelled call leaves no process.
     *
     * @throws CannotTravelException if the body cannot travel; nothing is started
     * @throws dev.heddle.io.LimitExceededException if the body is longer than the options allow; nothing is started
     * @throws WorkerDiedException if the process cannot be started
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public static JvmProcess spawn(ProcessOptions options, RemoteAction body) {
        Objects.requireNonNull(body);
        CancelScope.throwIfCancelled();
        Object world = simulation();
        long number = NUMBERS.incrementAndGet();
        String name = options.name().isEmpty()
                ? "child-" + (world == null ? number : SpawnedTask.number())
                : options.name();
        var exit = new Promise<Integer>();
        Running host = world == null
                ? SpawnedJvm.start(name, options, body, exit)
                : SpawnedTask.start(name, options, body, exit);
        var child = new JvmProcess(name, options.grace(), exit, host, world);
        ALIVE.values().removeIf(other -> !other.isAlive());
        ALIVE.put(number, child);
        return child;
    }

    /** The simulation that the calling code runs in; null for the real world. */
    static @Nullable Object simulation() {
        return Task.ofThread(Thread.currentThread())
                .map(task -> task.loop().engine())
                .filter(Engine::isSimulated)
                .orElse(null);
    }

    /** The children of this JVM that have not ended, the oldest first; in a simulation those of the simulation. */
    public static List<JvmProcess> children() {
        Object world = simulation();
        return ALIVE.values().stream().filter(child -> child.world == world && child.isAlive()).toList();
    }

    /** The name that the options have given it, or {@code child-1} and so on. */
    public String name() {
        return name;
    }

    /** The number of its process in the system; a made-up one in a simulation. */
    public long pid() {
        return host.pid();
    }

    /** Whether it has not ended. */
    public boolean isAlive() {
        return !exit.isDone();
    }

    /** Its exit code, 128 and the number for a signal; empty while it runs. Never waits. */
    public OptionalInt exitCode() {
        return exit.isDone() ? OptionalInt.of(exit.join()) : OptionalInt.empty();
    }

    /**
     * Waits for its end; again and again if wanted.
     *
     * <p>Cancellation: a cancelled call leaves the child running.
     *
     * @return the exit code: 0 if the body has ended, 1 if it has thrown, what was given to {@code System.exit}, or 128
     *     and the number of the signal that ended it. Any of them is 0 if somebody else in this JVM took it from the
     *     system, such as native code that waits for any child: Java says 0 then, and a {@link
     *     dev.heddle.os.Subprocess} of a Linux engine that it is not known
     * @throws IllegalStateException if called by its own {@linkplain ProcessOptions#output output}, or its body in a
     *     simulation, which would wait for itself
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     */
    public int join() {
        if (host.isHere()) {
            throw new IllegalStateException(
                    this + " cannot be joined by its own output or body: it would wait for itself");
        }
        if (!exit.isDone()) {
            awaitWithin(null);
        }
        return exit.join();
    }

    /**
     * Waits for its end, but not longer than told.
     *
     * <p>Cancellation: a cancelled call leaves the child running.
     *
     * @return the exit code as of {@link #join}; empty if it still runs
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     */
    public OptionalInt joinWithin(Duration limit) {
        awaitWithin(Objects.requireNonNull(limit));
        return exitCode();
    }

    /** Waits for its end; null for no limit. */
    private void awaitWithin(@Nullable Duration limit) {
        CancelScope.throwIfCancelled();
        var waiter = new Waiter(new Ending());
        Runnable forget = waiter.completeAtEndOf(exit);
        try {
            if (limit == null) {
                waiter.await();
            } else {
                waiter.awaitWithin(limit);
            }
        } finally {
            forget.run();
        }
    }

    /** What who joins it waits for. */
    private final class Ending implements WaitHints {

        @Override
        public long process() {
            return world == null ? pid() : 0; // a simulation has none
        }

        @Override
        public String toString() {
            return "the end of " + JvmProcess.this;
        }
    }

    /**
     * Asks it to end, by SIGTERM: its shutdown hooks run, a {@code Heddle.run} in it is cancelled. Waits for nothing.
     */
    public void terminate() {
        host.terminate();
    }

    /**
     * Ends it at once, by SIGKILL, with what it has started: nothing of it runs any more. Waits for nothing. Does nothing
     * once it has ended, whoever has its number by then. Threads: any.
     */
    public void kill() {
        host.kill();
    }

    /**
     * Waits for its end. Idempotent.
     *
     * <p>Cancellation: asks it to end as {@link #terminate} does and kills it after its grace time; its end is awaited,
     * and the cancel passes on.
     *
     * @throws IllegalStateException as for {@link #join}
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     */
    @Override
    public void close() {
        try {
            join();
        } catch (CancelledException e) {
            // An interrupt while it ends kills it at once.
            Shielded.get(this::endWithinGrace);
            Shielded.giveBack(e);
        }
    }

    private int endWithinGrace() {
        try {
            terminate();
            joinWithin(Kernel.withinStop(grace));
        } finally {
            kill();
        }
        return join();
    }

    /** {@code child-1 (process 4711)} and how it ended. */
    @Override
    public String toString() {
        OptionalInt code = exitCode();
        return name + " (process " + pid() + (code.isPresent() ? ", exit code " + code.getAsInt() : "") + ")";
    }
}
