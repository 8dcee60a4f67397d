package dev.heddle;

import dev.heddle.engine.Engine;
import dev.heddle.engine.SimulatedEngine;
import dev.heddle.internal.Affinity;
import dev.heddle.internal.AsksSystem;
import dev.heddle.internal.BoundedLog;
import dev.heddle.internal.Durations;
import dev.heddle.internal.JdkWarning;
import dev.heddle.internal.Throwables;
import dev.heddle.internal.VirtualThreads;
import dev.heddle.internal.diagnosis.WaitTexts;
import dev.heddle.internal.diagnosis.Watchdog;
import dev.heddle.internal.loop.Counters;
import dev.heddle.internal.run.EndTime;
import dev.heddle.internal.sight.Kernel;
import dev.heddle.internal.sight.LoopRecorder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One platform thread that runs many tasks by turns, with one engine for time and I/O.
 *
 * <p>A turn: take what other threads left in the inbox; run what is ready, within a bound; fire the timers that are
 * due; ask the engine for I/O, waiting only when nothing is ready. An idle loop sleeps in its engine.
 *
 * <p>{@link Heddle#run} makes a loop for the time of a body. {@link #start} makes one that goes on until it is closed.
 * {@link #create} makes one that somebody else drives with {@link #step}, such as a test. {@link #guest} makes one that
 * lives in a foreign loop, such as that of a user interface.
 *
 * <p>Threads: below the tasks nothing takes a lock that a task may hold, and no code of users runs. Callbacks run on a
 * virtual thread of the loop.
 */
@AsksSystem("a guest's turns are given in the time of its host")
public final class Loop implements AutoCloseable {

    /** Time for the last callbacks of a loop whose tasks have used up all that there was. */
    private static final long LAST_CALLBACKS_NANOS = TimeUnit.SECONDS.toNanos(1);

    /**
     * Real time for clean-ups behind an engine that has failed twice: they cannot wait for anything, so who takes longer
     * spins.
     */
    private static final long WITHOUT_ENGINE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final String name;
    private final Config config;
    private final Engine engine;
    private final AtomicLong taskIds = new AtomicLong();
    final Callbacks callbacks;
    final Counters counters = new Counters();
    final EndTime end;
    final ExternalWork external = new ExternalWork(this);
    final LoopValues values = new LoopValues(this);
    final OpenCancels openCancels = new OpenCancels(this);
    final Pace.Lane paceLane;
    final Scheduler scheduler;
    final TaskGroup tasks;
    @Nullable Instrumented instrument;

    /** Beside the instruments and not one of them: it hears of each switch, and has to cost next to nothing. */
    @Nullable LoopRecorder recorder;

    /** Where the loop's own thread is pinned to; negative for nowhere. */
    private final int cpu;

    private List<Loop> siblings = List.of(this);
    private @Nullable LoopThread thread;
    private @Nullable GuestMode guest;
    private @Nullable DeadlockException deadlock;

    /** What has brought the loop down; null while nothing has. */
    private volatile @Nullable Throwable failure;

    private volatile String endReason = "the loop ends";

    Loop(Config config, String name) {
        this(config, name, 0);
    }

    /** @param index the place among the loops of a run */
    Loop(Config config, String name, int index) {
        VirtualThreads.requireAccess();
        JdkWarning.tellOnce();
        this.cpu = config.cpus().isEmpty() ? -1 : config.cpus().get(index % config.cpus().size());
        if (cpu >= 0) {
            Affinity.requireAvailable(cpu);
        }
        this.config = config;
        this.name = name;
        this.engine = config.engine().get();
        this.end = new EndTime(engine::nanoTime, config.shutdownTimeout());
        this.paceLane = new Pace.Lane(engine.nanoTime());
        this.callbacks = new Callbacks(this);
        this.instrument = config.instrument() == Config.NO_INSTRUMENT
                ? null
                : new Instrumented(this, config.instrument());
        this.scheduler = new Scheduler(this, engine, counters);
        this.tasks = TaskGroup.background(this, null);
        LiveLoops.add(this);
    }

    // ---- making and ending ----

    /** Makes a loop that has no thread yet: call {@link #step} to drive it and {@link #close} at the end. */
    public static Loop create(Config config) {
        return new Loop(config, config.name());
    }

    /** Makes a loop that runs on a daemon thread of its own until it is closed. */
    public static Loop start(Config config) {
        return start(config, config.name());
    }

    static Loop start(Config config, String name) {
        var loop = new Loop(config, name);
        loop.startThread(() -> false);
        return loop;
    }

    /**
     * Makes a loop that takes its turns on the thread of a foreign loop, such as that of a user interface, until it is
     * closed:
     *
     * <pre>{@code
     * Loop loop = Loop.guest(Config.DEFAULT, EventQueue::invokeLater);
     * button.addActionListener(event -> loop.spawn(() -> label.setText(http.get(url).text())));
     * }</pre>
     *
     * <p>So no task runs at the same time as the host's other events. While nothing is ready, a helper thread waits for
     * I/O and timers. A task is still a thread of its own: code that compares {@code Thread.currentThread()}, as JavaFX
     * does, takes it for a stranger. Give such code to the host: {@code await(CompletableFuture.runAsync(update,
     * host))}.
     *
     * <p>A task that wants a monitor or a {@code ReentrantLock} of another thread has the host wait for it too, for some
     * ten milliseconds: the host may take the same lock for its events, and would stand in line behind the task that only
     * it can run. If it comes to that all the same, the task runs beside the host until its next wait, and the failure
     * handler hears of it; but not where {@link Config#blockedAfter} is zero.
     *
     * <p>{@link #stop} and {@link #close} end it by turns of the host. A close on the host's own thread ends it there
     * and then. If the host refuses a turn, the loop cancels its tasks, ends and reports that.
     *
     * @param host runs what it is given on one platform thread, in order and not at once
     */
    public static Loop guest(Config config, Executor host) {
        var loop = new Loop(config, config.name());
        var started = new GuestMode(loop, Objects.requireNonNull(host));
        loop.guest = started;
        started.start();
        return loop;
    }

    /** Gives the loop a thread that drives it to the end, or until it is stopped before, and then ends it in order. */
    LoopThread startThread(BooleanSupplier end) {
        LoopThread made = makeThread(end, null);
        start(made);
        return made;
    }

    /**
     * The thread of {@link #startThread}, not started yet.
     *
     * @param awaited the task for whose result somebody waits, who hears at once why the end came; null for nobody
     */
    LoopThread makeThread(BooleanSupplier end, @Nullable Task<?> awaited) {
        var made = new LoopThread(this, end, awaited);
        thread = made;
        return made;
    }

    /** Starts the thread. Where none can be had the loop has no thread, and whoever closes it ends it. */
    void start(LoopThread made) {
        boolean started = false;
        try {
            made.start();
            started = true;
        } finally {
            if (!started) {
                thread = null;
            }
        }
    }

    /**
     * Cancels all tasks of the loop, waits for their end and frees everything. Idempotent. Any thread but the loop's
     * own tasks, which would wait for themselves.
     *
     * @throws IllegalStateException if called by a task of this loop
     * @throws LoopFailedException if the loop had come down by an internal error
     */
    @Override
    public void close() {
        if (scheduler.isHere()) {
            throw new IllegalStateException("a task cannot close its own loop; call stop()");
        }
        if (guest != null) {
            guest.close();
        } else if (thread != null) {
            thread.stopAndJoin();
        } else if (!scheduler.isClosed()) {
            finish();
        }
    }

    /** Whether whoever drives it does other work too, between the turns. */
    boolean isOnLentThread() {
        return thread == null;
    }

    /** Looks whether a guest holds up its own host; on a thread that watches. */
    void lookAtHost() {
        if (guest != null) {
            guest.lookForDeadlock();
        }
    }

    /** Bounds the end of a loop with a thread of its own; see {@link LoopThread#limitEnd}. */
    void limitEnd(long latest) {
        if (thread != null) {
            thread.limitEnd(latest);
        }
    }

    /** Asks a loop to end in what another one, which is over, has left of the time for the end of both. */
    void stopBehind(Loop other) {
        stop();
        if (thread != null && other.thread != null) {
            thread.limitEndBehind(other.thread);
        }
    }

    /** Asks a loop with a thread of its own, or of a host, to end, without waiting. Any thread. */
    public void stop() {
        if (guest != null) {
            guest.requestStop();
        } else if (thread != null) {
            thread.requestStop();
        }
    }

    // ---- work ----

    /** Starts a task that the loop owns: it is cancelled when the loop ends. Any thread. */
    public <T> Task<T> spawn(Callable<? extends T> body) {
        return spawnAs(null, body);
    }

    /** Starts a task without a result that the loop owns. Any thread. */
    public Task<Void> spawn(Action body) {
        return spawnAs(null, body);
    }

    /** Starts a task with a name that the loop owns. Any thread. */
    public <T> Task<T> spawn(String name, Callable<? extends T> body) {
        return spawnAs(Objects.requireNonNull(name), body);
    }

    /** Starts a task with a name and without a result that the loop owns. Any thread. */
    public Task<Void> spawn(String name, Action body) {
        return spawnAs(Objects.requireNonNull(name), body);
    }

    private <T> Task<T> spawnAs(@Nullable String name, Callable<? extends T> body) {
        Objects.requireNonNull(body);
        return scheduler.isHere()
                ? tasks.spawnAs(name, body, body)
                : spawnFromOutside(Task.of(tasks, name, body, SpawnSite.of(body, this)));
    }

    private Task<Void> spawnAs(@Nullable String name, Action body) {
        Objects.requireNonNull(body);
        return scheduler.isHere()
                ? tasks.spawnAs(name, body)
                : spawnFromOutside(Task.of(tasks, name, body, SpawnSite.of(body, this)));
    }

    /**
     * This loop for code that wants an executor. Each body becomes a task of the loop, in the loop's time; cancelling
     * its future with {@code true} cancels the task. Failures of {@code execute} are reported as those of tasks that
     * nobody joins.
     *
     * <p>Shutting the executor down ends nothing else of the loop; close it before the loop ends, or what is left is
     * cancelled. Afterwards it refuses with a {@link java.util.concurrent.RejectedExecutionException}. Each call gives
     * another. Any thread.
     */
    public ScheduledExecutorService asExecutorService() {
        return new LoopExecutor(this);
    }

    <T> Task<T> spawnMain(Callable<? extends T> body) {
        return spawnFromOutside(Task.of(tasks, "main", body, SpawnSite.of(body, this)));
    }

    private <T> Task<T> spawnFromOutside(Task<T> task) {
        if (scheduler.isHere()) {
            return tasks.start(task);
        }
        requireOpen(handOver(task));
        task.start();
        return task;
    }

    /**
     * Leaves a new task for this loop, to be started then. Any thread.
     *
     * @return false if the loop has ended, or is about to and will not run the task
     */
    boolean handOver(Task<?> task) {
        var taken = new CompletableFuture<Boolean>();
        boolean left = scheduler.inLoop(() -> {
            if (taken.complete(!tasks.isClosed())) {
                tasks.adopt(task);
            }
        });
        // The last look into the inbox may have been before: the first to decide is right.
        return left && (!scheduler.refusesCalls() || (!taken.complete(false) && taken.join()));
    }

    /**
     * Runs a callback after what is ready now, on a virtual thread of the loop, with the scoped values of the caller.
     *
     * @throws IllegalStateException if the caller is not on this loop
     */
    public Handle callSoon(Runnable callback) {
        requireHere("call callSoon; other threads use callFromThread");
        var handle = new LoopCallback(this, Objects.requireNonNull(callback));
        scheduler.schedule(handle);
        return handle;
    }

    /**
     * Runs a callback after a time, never early.
     *
     * @throws IllegalStateException if the caller is not on this loop
     */
    public Handle callLater(Duration delay, Runnable callback) {
        return callAt(engine.nanoTime() + Durations.toNanos(delay), callback);
    }

    /**
     * Runs a callback at a time of {@link #nanoTime}, never early; callbacks of the same time run in the order of these
     * calls, or in that of the seed in a simulation.
     *
     * @throws IllegalStateException if the caller is not on this loop
     */
    public Handle callAt(long nanoTime, Runnable callback) {
        LoopCallback handle = timer(callback);
        handle.runAt(nanoTime);
        return handle;
    }

    /**
     * Runs a callback again and again, first after one period, until its handle is cancelled or the loop ends.
     *
     * <p>The times are those of a {@link Ticker} that skips missed ticks, so they do not drift: a callback that takes
     * 17 ms of a period of 50 ms runs again 33 ms after its end. One that takes longer than the period runs again at
     * once, when the others had their turn; times that it missed altogether are left out. No run begins before the last
     * one has ended, even if that waits. A run that throws is reported, and the next one comes all the same.
     *
     * @throws IllegalArgumentException if the period is not positive
     * @throws IllegalStateException if the caller is not on this loop
     */
    public Handle callEvery(Duration period, Runnable callback) {
        LoopCallback handle = timer(callback);
        handle.runAtEach(Ticker.every(period));
        return handle;
    }

    private LoopCallback timer(Runnable callback) {
        Objects.requireNonNull(callback);
        requireHere("set a timer");
        return new LoopCallback(this, engine instanceof SimulatedEngine made ? made.timer(callback) : callback);
    }

    /**
     * Runs a callback on this loop. Any thread.
     *
     * <p>What was taken in runs, also when the loop is asked to end meanwhile; only when callbacks before it wait for
     * longer than the {@linkplain Config#shutdownTimeout shutdown timeout}, its handle is done without a run.
     *
     * @throws IllegalStateException if the loop has ended, or is about to and the callback will not run
     */
    public Handle callFromThread(Runnable callback) {
        var handle = new LoopCallback(this, Objects.requireNonNull(callback));
        requireOpen(!scheduler.refusesCalls());
        scheduler.schedule(handle);
        // The last look into the inbox may have been before: whoever claims the callback decides.
        requireOpen(!scheduler.refusesCalls() || !handle.takeBack());
        return handle;
    }

    /**
     * Waits until nothing else on this loop is ready to run and one look at the engine brought nothing: for background
     * work that is in no hurry. Those who wait go on one by one, in order, each when the loop is idle again. A busy
     * loop may never be; {@code moveOnAfter(limit, loop::awaitIdle)} goes on all the same. In the simulator no time
     * passes for it.
     *
     * <p>Cancellation: a cancelled call leaves nothing behind.
     *
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     * @throws IllegalStateException if the caller is no task of this loop
     */
    public void awaitIdle() {
        requireHere("wait for it to be idle");
        Task.current().throwIfCancelled();
        scheduler.awaitIdle();
    }

    /**
     * Takes one turn on the calling thread: for a loop from {@link #create}. Where a task wants a monitor or a
     * {@code ReentrantLock} of another thread, the turn waits for it, for some ten milliseconds at most.
     *
     * @param longest the longest time to wait when nothing is ready
     * @return whether tasks are left that have not ended
     * @throws IllegalStateException on a virtual thread, or if the loop is driven by another thread or has ended
     */
    public boolean step(Duration longest) {
        scheduler.drive(() -> {
            try {
                scheduler.turn(Durations.toNanos(longest), () -> false);
            } catch (Throwable e) {
                failed(e);
                throw e;
            }
        });
        return !tasks.isEmpty();
    }

    // ---- facts ----

    public String name() {
        return name;
    }

    /** The engine: time, order, bytes. For code that builds on it; everybody else uses streams. */
    public Engine engine() {
        return engine;
    }

    /** The engine's clock, in nanoseconds from an arbitrary start. */
    public long nanoTime() {
        return engine.nanoTime();
    }

    /** All loops of the same {@link Heddle#run}, this one included. */
    public List<Loop> siblings() {
        return siblings;
    }

    /**
     * All tasks that have not ended, owners before what they own.
     *
     * <p>Threads: exact on this loop. Elsewhere it is a glance, which waits for nothing: what other threads have spawned
     * is in it when the loop has taken it in, at its next turn, and a task that begins or ends meanwhile may hide others.
     * {@code loop.spawn(loop::allTasks).join()} is exact, and has one task more.
     */
    public List<Task<?>> allTasks() {
        List<Task<?>> all = new ArrayList<>();
        tasks.scope().collectTasks(all, Integer.MAX_VALUE);
        return all;
    }

    /** Whether the loop has ended. */
    public boolean isClosed() {
        return scheduler.isClosed();
    }

    /**
     * Who waits for what on this loop, and what threads wait for. Waits up to a second for an answer of the loop. Any
     * thread.
     *
     * @see WaitReport#capture
     */
    public WaitReport waitReport() {
        return WaitTexts.report(List.of(this));
    }

    public LoopStatistics statistics() {
        return new Statistics(
                counters.turns, counters.ran, counters.spawned, counters.spawned - counters.ended,
                scheduler.readyItems(), scheduler.timers(), counters.polls);
    }

    @Override
    public String toString() {
        return name + " (" + engine.name()
                + (isClosed() ? ", ended)" : ", " + (counters.spawned - counters.ended) + " tasks)");
    }

    /** Has one more instrument see the tasks; on the loop. */
    void addInstrument(Instrument added) {
        instrument = instrument == null ? new Instrumented(this, added) : instrument.with(added);
    }

    /** Takes an instrument off; on the loop. */
    void removeInstrument(Instrument removed) {
        instrument = instrument == null ? null : instrument.without(removed);
    }

    /** A count of what happens here, perhaps a little old. */
    long turnsAsSeenElsewhere() {
        return counters.turns;
    }

    // ---- what a simulated engine asks ----

    /** A simulated engine knows that nothing can happen any more. */
    void stalled() {
        if (deadlock != null) {
            throw deadlock;
        }
        deadlock = new DeadlockException("everything on " + name + " waits and nothing can happen: " + waits());
        tasks.scope().cancelHere("everything waits and nothing can happen");
    }

    // ---- driving ----

    /** Runs turns on the loop's own thread until the end, asked after each. */
    void driveUntil(BooleanSupplier end) {
        if (cpu >= 0) {
            Affinity.pin(cpu);
        }
        scheduler.drive(() -> {
            Watchdog.watch(this);
            while (!end.getAsBoolean()) {
                scheduler.turn(Long.MAX_VALUE, end);
            }
        });
    }

    /** The ordered end: cancel what is left, wait for it, report what nobody asked for, free the engine. */
    void finish() {
        scheduler.drive(() -> {
            try {
                reportFailure();
                long latest = end.begin(); // in here, since the engine may fail at that too
                endTasks(latest);
                endCallbacks(latest);
            } catch (Throwable e) {
                failed(e);
                endWithoutEngine();
                throw e;
            } finally {
                free();
            }
        });
    }

    private void endTasks(long endBy) {
        scheduler.takeInbox(); // who left a body before the end gets it begun
        tasks.scope().cancelHere(endReason());
        turnForShutdown(tasks::isServed, endBy);
        if (tasks.cancelServices(endReason())) {
            turnForShutdown(tasks::isEmpty, endBy);
        }
        scheduler.refuseCalls();
        long spawned = counters.spawned;
        scheduler.takeInbox(); // and so does who was quicker than the end
        if (counters.spawned > spawned) {
            turnForShutdown(tasks::isEmpty, endBy);
        }
        if (!tasks.isEmpty() && !OpenCancels.areTold(allTasks())) {
            reportLeftBehind();
        }
        tasks.close();
    }

    private void endCallbacks(long endBy) {
        scheduler.runLast();
        // Those that keep setting others would go on for ever; but one cut off in a lock, such as a logger's,
        // would keep everybody else out of it for ever.
        long last = counters.ran + scheduler.readyItems();
        turnForShutdown(() -> counters.ran >= last && callbacks.isIdle(), endOfCallbacks(endBy));
        values.end();
    }

    /**
     * The end of a loop that comes down a second time, while it ends: what is ready still cleans up, so far as that does
     * not need the engine, which may not even tell the time any more.
     */
    private void endWithoutEngine() {
        long start = System.nanoTime();
        long longest = Math.min(WITHOUT_ENGINE_NANOS, Durations.toNanos(config.shutdownTimeout()));
        try {
            tasks.scope().cancelHere(endReason());
            tasks.cancelServices(endReason());
            do {
                scheduler.runLast();
            } while (scheduler.hasReady() && System.nanoTime() - start < longest);
        } catch (Throwable e) {
            // The first failure is told; those that wait for the rest are told in any case.
        }
    }

    /** Gives everything back, and tells whoever still waits; what fails here keeps nothing else from being done. */
    private void free() {
        try {
            Watchdog.unwatch(this);
            LiveLoops.remove(this);
            scheduler.refuseCalls();
            tasks.refuseMore();
            tasks.scope().endTasks();
            scheduler.close();
        } finally {
            engine.close();
        }
    }

    /** Callbacks have what the tasks have left of the time, and a little if that is nothing: some are reports. */
    private long endOfCallbacks(long endBy) {
        long little = Math.min(LAST_CALLBACKS_NANOS, Durations.toNanos(config.shutdownTimeout()));
        return Math.max(endBy, engine.nanoTime() + little);
    }

    /** At least one turn, in which tasks hear of their cancel. */
    private void turnForShutdown(BooleanSupplier end, long deadline) {
        for (long left = 1; left > 0 && !end.getAsBoolean(); left = deadline - engine.nanoTime()) {
            scheduler.turn(Math.max(0, deadline - engine.nanoTime()), end);
        }
    }

    private void reportLeftBehind() {
        var leftBehind = new IllegalStateException(waits());
        List<Task<?>> left = allTasks();
        OpenCancels.addStacks(left, leftBehind);
        report(name + " ended, but " + OpenCancels.leftBehind(left), leftBehind);
    }

    /**
     * Who waits for what here. In a callback, since this calls code of users; one that waits itself is not waited for.
     */
    private String waits() {
        var page = new AtomicReference<String>("a toString() of what tasks wait for does not return");
        callbacks.run(new LoopCallback(this, () -> page.set(withWayOut(WaitTexts.reportHere(this)))));
        return page.get();
    }

    /** A wait that belongs to no cycle may be one for a thread that the engine knows nothing of. */
    private static String withWayOut(WaitReport waits) {
        return waits.cycles().isEmpty()
                ? waits + "\nIf a thread outside of the simulation was to end one of these waits, wait for it in offload(...),"
                        + " or by await(...) of a CompletionStage: these a simulation knows of.\n"
                : waits.toString();
    }

    // ---- coming down ----

    /**
     * Notes what brings the loop down: an error below its tasks. The first counts, and is why what is left here ends.
     */
    void failed(Throwable cause) {
        if (failure == null) {
            failure = cause; // first: without a descriptor left, say, the JVM cannot even load what makes the text
            endReason = name + " failed below its tasks";
            endReason = Throwables.text(endReason, cause);
            Kernel.trouble(endReason);
        }
    }

    /** Why what is left here ends. */
    String endReason() {
        return endReason;
    }

    /** What those hear as the cause who ended for such a reason: that the loop has come down; null for another reason. */
    @SuppressWarnings("ReferenceEquality") // of many reasons that may read alike, it is this one
    @Nullable LoopFailedException failureBehind(@Nullable String reason) {
        return failure != null && reason == endReason ? new LoopFailedException(endReason, failure) : null;
    }

    /** Tells whoever closes the loop why it had ended by itself. */
    void throwFailure() {
        if (failure instanceof DeadlockException deadlock) {
            throw deadlock;
        }
        if (failure != null) {
            throw new LoopFailedException(endReason, failure);
        }
    }

    /** Nobody may be there to close it for long; who runs a main task on it hears of it at once. */
    private void reportFailure() {
        if (failure != null && !(failure instanceof DeadlockException) && (thread == null || thread.awaited == null)) {
            report(endReason, failure);
        }
    }

    /** What it was made with. */
    public Config config() {
        return config;
    }

    // ---- for the rest of the kernel ----

    void setSiblings(List<Loop> siblings) {
        this.siblings = siblings;
    }

    long nextTaskId() {
        return taskIds.incrementAndGet();
    }

    /** Whether its tasks are cancelled for good. */
    boolean isEnding() {
        return tasks.scope().isCancelled();
    }

    @Nullable DeadlockException deadlock() {
        return deadlock;
    }

    /** In debug mode, finds calls of other threads that would work by luck. */
    void checkHere(String what) {
        if (config.debug() && (guest == null || !guest.isHostHere())) {
            requireHere(what);
        }
    }

    void requireHere(String what) {
        if (!scheduler.isHere()) {
            throw new IllegalStateException("only code on " + name + " may " + what + "; this is "
                    + Thread.currentThread() + ". To start work there from elsewhere, use loop.spawn(...)");
        }
    }

    private void requireOpen(boolean open) {
        if (!open) {
            throw new IllegalStateException(name + " has ended; it takes no more work");
        }
    }

    /** Tells the handler of a failure, on a virtual thread. */
    void report(String what, Throwable failure) {
        if (isClosed() || Thread.currentThread().isVirtual()) {
            tell(what, failure);
        } else {
            callbacks.run(new LoopCallback(this, () -> tell(what, failure)));
        }
    }

    /**
     * Tells of failures that a cancel carries with it where it ends, since nobody else would hear of them. In a callback,
     * since the handler is code of users, which could not wait in the task that was cancelled.
     */
    void reportCarried(Object who, Throwable cancel) {
        if (CutOff.carriesFailure(cancel)) {
            String what = who + " was cancelled, and its clean-up failed";
            if (isClosed()) {
                tell(what, cancel);
            } else {
                scheduler.schedule(new LoopCallback(this, () -> tell(what, cancel)));
            }
        }
    }

    private void tell(String what, Throwable failure) {
        BoundedLog.report(config.failureHandler(), what, failure);
    }

    /** What the statistics are, at one moment. */
    record Statistics(long turns, long ran, long spawned, long aliveTasks, int readyItems, int timers,
            long polls) implements LoopStatistics {}
}
