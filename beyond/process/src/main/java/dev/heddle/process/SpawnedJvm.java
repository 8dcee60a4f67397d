package dev.heddle.process;

import dev.heddle.CancelledException;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Promise;
import dev.heddle.internal.AsksSystem;
import dev.heddle.process.internal.Offloading;
import dev.heddle.process.internal.codec.Output;
import dev.heddle.process.internal.codec.Work;
import dev.heddle.process.internal.work.Marshaller;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A child JVM that runs one body, and the thread that drives it: starts it, gives it the body and the classes it lacks,
 * and waits for its exit code.
 *
 * <p>Threads: the driver's own; that thread is a daemon if the child is, and so decides whether this JVM waits.
 */
@AsksSystem("processes live in real time")
final class SpawnedJvm implements JvmProcess.Running {

    /** The exit code of a child whose body could not begin. */
    private static final int FAILED = 1;

    /** It starts while the JVM may be starting too. */
    private static final Duration BLOCKED_AFTER = Duration.ofSeconds(1);

    /** Those that may live, for the end of this JVM. */
    private static final Set<SpawnedJvm> ALIVE = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(SpawnedJvm::endAll, "end of child processes"));
    }

    private final String name;
    private final ProcessOptions options;
    private final WorkerProcess.Start start;
    private final Output work;
    private final Promise<Integer> exit;
    private final Promise<WorkerProcess.Launched> started = new Promise<>();

    /** Whoever wanted it was cancelled before it was there. */
    private volatile boolean unwanted;

    private SpawnedJvm(String name, ProcessOptions options, RemoteAction body, Promise<Integer> exit) {
        this.name = name;
        this.options = options;
        Marshaller marshaller = Marshaller.of(options.maxBytes(), options.formats());
        this.work = marshaller.encode(
                "the body", new Work(new Spawned(name, body), List.of(), Work.carried(options.context())));
        this.start = WorkerProcess.Start.of(
                name, options.jvmArguments(), marshaller, options.output(), options.grace());
        this.exit = exit;
    }

    /**
     * Starts one and waits until the system has made its process.
     *
     * @param exit gets the exit code
     */
    static SpawnedJvm start(String name, ProcessOptions options, RemoteAction body, Promise<Integer> exit) {
        // Not by a loop, since a child would inherit the processor that it may be bound to.
        return Offloading.call(new SpawnedJvm(name, options, body, exit)::launched);
    }

    private SpawnedJvm launched() {
        var driver = new Thread(null, this::drive, name, 0, false);
        driver.setDaemon(options.daemon());
        driver.start();
        try {
            started.join();
        } catch (CancelledException e) {
            unwanted = true;
            if (started.isDone()) {
                kill();
            }
            throw e;
        }
        return this;
    }

    // ---- the driver ----

    private void drive() {
        Throwable failure = null;
        try {
            Heddle.run(Config.DEFAULT.withName(name).withSignals(false).withBlockedAfter(BLOCKED_AFTER), this::live);
        } catch (WorkerDiedException e) {
            failure = e.exitCode().isPresent() ? null : e;
        } catch (Throwable e) {
            failure = e;
        }
        if (started.isDone()) {
            end(failure);
        } else {
            started.fail(cannotStart(failure));
        }
    }

    private void live() throws Exception {
        WorkerProcess child = WorkerProcess.start(start, this::started);
        child.during(() -> child.run(work).get());
    }

    private void started(WorkerProcess.Launched launched) {
        ALIVE.add(this);
        started.complete(launched);
        if (unwanted) {
            kill();
        }
    }

    private WorkerDiedException cannotStart(@Nullable Throwable why) {
        return why instanceof WorkerDiedException died
                ? died
                : new WorkerDiedException(name, -1, "could not be started: " + why, null, List.of(), why);
    }

    private void end(@Nullable Throwable failure) {
        kill();
        // No interrupt of this thread can be meant: it belongs to the child.
        int code = started.join().process().onExit().join().exitValue();
        try {
            if (failure != null) {
                code = FAILED;
                print(failure);
            }
        } finally {
            ALIVE.remove(this);
            exit.complete(code);
        }
    }

    private void print(Throwable failure) {
        var trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        trace.toString().lines().forEach(line -> start.output().print(true, line));
    }

    // ---- for others ----

    @Override
    public boolean isHere() {
        return start.output().isPrintingHere();
    }

    @Override
    public long pid() {
        return started.join().process().pid();
    }

    @Override
    public void terminate() {
        started.join().process().destroy();
    }

    @Override
    public void kill() {
        started.join().kill();
    }

    /** Asks all to end, when this JVM does, and kills those that take too long. */
    private static void endAll() {
        List<SpawnedJvm> left = List.copyOf(ALIVE);
        left.forEach(SpawnedJvm::terminate);
        long start = System.nanoTime();
        for (SpawnedJvm each : left) {
            long grace = TimeUnit.NANOSECONDS.convert(each.options.grace());
            try {
                each.started.join().process().waitFor(grace - (System.nanoTime() - start), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                // Then it is killed now.
            }
            each.kill();
        }
    }
}
