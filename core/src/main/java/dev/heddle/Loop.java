package dev.heddle;

import dev.heddle.engine.Engine;
import dev.heddle.internal.VirtualThreads;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One platform thread that runs many tasks by turns, with one engine for time and I/O.
 *
 * <p>A turn: take what other threads left in the inbox; run what is ready, within a bound; fire the timers that are due; ask
 * the engine for I/O, waiting only when nothing is ready. An idle loop sleeps in its engine.
 *
 * <p>{@link Heddle#run} makes a loop for the time of a body. {@link #start} makes one that goes on until it is closed. {@link
 * #create} makes one that somebody else drives with {@link #step}, such as a user interface or a test.
 *
 * <p>Threads: below the tasks nothing takes a lock that a task may hold, and no code of users runs. Callbacks run on a virtual
 * thread of the loop.
 */
public final class Loop implements AutoCloseable {

    /** Items that run between two looks at the engine, so that I/O is never starved. */
    static final int MOST_PER_TURN = 256;

    /** Items that run between two looks at the clock. */
    private static final int CLOCK_EVERY = 16;

    /** Time after which a turn's running ends early. */
    private static final long MOST_NANOS_PER_TURN = 2_000_000;

    private static final VarHandle ASLEEP;
    private static final VarHandle RUNNING;
    private static final VarHandle BEAT;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            ASLEEP = lookup.findVarHandle(Loop.class, "asleep", boolean.class);
            RUNNING = lookup.findVarHandle(Loop.class, "running", Fiber.class);
            BEAT = lookup.findVarHandle(Loop.class, "beat", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final String name;
    private final Config config;
    private final Engine engine;
    private final AtomicLong taskIds = new AtomicLong();
    private final Inbox inbox = new Inbox();
    private final RunQueue ready = new RunQueue();
    private final Timers timers = new Timers();
    final Callbacks callbacks = new Callbacks(this);
    final Counters counters = new Counters();
    final TaskGroup tasks;

    /** The thread that drives the loop now. Others may read an old value, but never their own thread by mistake. */
    private @Nullable Thread driver;

    /** What runs now; the watchdog reads it together with the beat, which counts the mounts. */
    private @Nullable Fiber running;

    private long beat;

    /** The fiber that is made ready in order to run at once, past the queue. */
    private @Nullable Fiber direct;

    /** Work outside the loop whose end will wake it. */
    private int externals;

    private volatile boolean asleep;
    private volatile boolean closed;
    private List<Loop> siblings = List.of(this);
    private @Nullable LoopThread thread;
    private @Nullable DeadlockException deadlock;

    Loop(Config config, String name) {
        VirtualThreads.requireAccess();
        this.config = config;
        this.name = name;
        this.engine = config.engine().get();
        this.tasks = TaskGroup.background(this, null);
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
        Loop loop = new Loop(config, name);
        loop.startThread(() -> false);
        return loop;
    }

    /** Gives the loop a thread that drives it to the end, or until it is stopped before, and then ends it in order. */
    LoopThread startThread(BooleanSupplier end) {
        LoopThread started = new LoopThread(this, end);
        thread = started;
        started.start();
        return started;
    }

    /**
     * Cancels all tasks of the loop, waits for their end and frees everything. Idempotent. Any thread but the loop's own
     * tasks, which would wait for themselves.
     *
     * @throws IllegalStateException if called by a task of this loop
     * @throws LoopFailedException if the loop had come down by an internal error
     */
    @Override
    public void close() {
        if (isHere()) {
            throw new IllegalStateException("a task cannot close its own loop; call stop()");
        }
        if (thread != null) {
            thread.stopAndJoin();
        } else if (!closed) {
            finish();
        }
    }

    /** Asks a loop with a thread of its own to end, without waiting. Any thread. */
    public void stop() {
        if (thread != null) {
            thread.requestStop();
        }
    }

    // ---- work ----

    /** Starts a task that the loop owns: it is cancelled when the loop ends. Any thread. */
    public <T> Task<T> spawn(Callable<? extends T> body) {
        return spawn(null, body, body);
    }

    /** Starts a task without a result that the loop owns. Any thread. */
    public Task<Void> spawn(Action body) {
        return spawn(null, TaskGroup.asCallable(body), body);
    }

    <T> Task<T> spawnMain(Callable<? extends T> body) {
        return spawn("main", body, body);
    }

    private <T> Task<T> spawn(@Nullable String taskName, Callable<? extends T> body, Object site) {
        Objects.requireNonNull(body);
        if (isHere()) {
            return tasks.spawnAs(taskName, body, site);
        }
        Task<T> task = new Task<>(tasks, taskName, body, SpawnSite.of(site));
        requireOpen(inLoop(() -> tasks.adopt(task)));
        task.start();
        return task;
    }

    /**
     * Runs a callback after what is ready now, on a virtual thread of the loop.
     *
     * @throws IllegalStateException if the caller is not on this loop
     */
    public Handle callSoon(Runnable callback) {
        requireHere("call callSoon; other threads use callFromThread");
        Handle handle = new Handle(this, Objects.requireNonNull(callback));
        ready.add(handle);
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
     * calls.
     *
     * @throws IllegalStateException if the caller is not on this loop
     */
    public Handle callAt(long nanoTime, Runnable callback) {
        requireHere("set a timer");
        Handle handle = new Handle(this, Objects.requireNonNull(callback));
        handle.runAt(nanoTime);
        return handle;
    }

    /**
     * Runs a callback on this loop. Any thread.
     *
     * @throws IllegalStateException if the loop has ended
     */
    public Handle callFromThread(Runnable callback) {
        Handle handle = new Handle(this, Objects.requireNonNull(callback));
        requireOpen(!closed);
        schedule(handle);
        return handle;
    }

    /**
     * Takes one turn on the calling thread: for a loop from {@link #create}.
     *
     * @param longest the longest time to wait when nothing is ready
     * @return whether tasks are left that have not ended
     * @throws IllegalStateException on a virtual thread, or if the loop is driven by another thread or has ended
     */
    public boolean step(Duration longest) {
        drive(() -> turn(Durations.toNanos(longest), () -> false));
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

    /** All tasks that have not ended, owners before what they own. Exact for tasks of this loop only. */
    public List<Task<?>> allTasks() {
        List<Task<?>> all = new ArrayList<>();
        tasks.scope().collectTasks(all);
        return all;
    }

    /** Whether the loop has ended. */
    public boolean isClosed() {
        return closed;
    }

    public LoopStatistics statistics() {
        return new LoopStatistics(
                counters.turns,
                counters.ran,
                counters.spawned,
                counters.spawned - counters.ended,
                ready.size(),
                timers.size(),
                counters.polls);
    }

    @Override
    public String toString() {
        return name + " (" + engine.name()
                + (closed ? ", ended)" : ", " + (counters.spawned - counters.ended) + " tasks)");
    }

    // ---- the turn, on the driving thread ----

    /** One turn; the engine is not asked, so nothing waits, when the running has brought the end. */
    private void turn(long mostNanos, BooleanSupplier end) {
        counters.turns++;
        takeInbox();
        runReady();
        fireDue();
        if (!end.getAsBoolean()) {
            poll(ready.size() > 0 ? 0 : mostNanos);
        }
    }

    private void takeInbox() {
        Ready item = inbox.takeAll();
        while (item != null) {
            Ready next = item.nextInInbox;
            item.nextInInbox = null;
            if (item instanceof SystemCall call) {
                call.run(this);
            } else {
                ready.add(item);
            }
            item = next;
        }
    }

    private void runReady() {
        long end = 0;
        for (int ran = 1; ready.size() > 0; ran++) {
            Ready item = ready.size() == 1 ? ready.take() : ready.take(engine.pick(ready.size()));
            engine.trace(item.traceId());
            counters.ran++;
            item.run(this);
            if (ran % CLOCK_EVERY == 0) {
                long now = engine.nanoTime();
                end = end == 0 ? now + MOST_NANOS_PER_TURN : end;
                if (ran >= MOST_PER_TURN || now - end >= 0) {
                    return;
                }
            }
        }
    }

    private void fireDue() {
        if (timers.size() == 0) {
            return;
        }
        long now = engine.nanoTime();
        Timer due = timers.takeDue(now);
        while (due != null) {
            due.fire();
            due = timers.takeDue(now);
        }
    }

    private void poll(long mostNanos) {
        long timeout = mostNanos;
        if (timeout > 0 && timers.size() > 0) {
            timeout = Math.min(timeout, Math.max(0, timers.nearest() - engine.nanoTime()));
        }
        counters.polls++;
        if (timeout == 0) {
            engine.poll(0, false);
            return;
        }
        asleep = true;
        boolean possible = engine.poll(inbox.isEmpty() ? timeout : 0, engine.isSimulated() && waitsForOutside());
        asleep = false;
        Watchdog.loopAwake();
        if (!possible && inbox.isEmpty() && ready.size() == 0) {
            stalled();
        }
    }

    /** Whether real time or another thread may still wake a task; asked only where time is simulated. */
    private boolean waitsForOutside() {
        if (externals > 0) {
            return true;
        }
        for (Task<?> task : allTasks()) {
            if (task.isInTimedForeignWait()) {
                return true;
            }
        }
        return false;
    }

    /** A simulated engine knows that nothing can happen any more. */
    private void stalled() {
        DeadlockException found = new DeadlockException(WaitReport.of(this));
        if (deadlock != null) {
            throw deadlock;
        }
        deadlock = found;
        tasks.scope().cancelHere("everything waits and nothing can happen");
    }

    /** Runs a fiber until it waits, yields or ends. */
    void mount(Fiber fiber) {
        RUNNING.setRelease(this, fiber);
        BEAT.setRelease(this, beat + 1);
        try {
            fiber.resume();
        } finally {
            RUNNING.setRelease(this, (Fiber) null);
        }
        if (fiber.task != null) {
            fiber.task.suspended();
        }
    }

    /** Makes a fiber ready and runs it at once, before what is in the queue. */
    void mountNow(Fiber fiber, Runnable makeReady) {
        direct = fiber;
        try {
            makeReady.run();
        } finally {
            direct = null;
        }
        mount(fiber);
    }

    // ---- driving ----

    /** Runs turns until the end, asked after each. */
    void driveUntil(BooleanSupplier end) {
        drive(() -> {
            Watchdog.watch(this);
            while (!end.getAsBoolean()) {
                turn(Long.MAX_VALUE, end);
            }
        });
    }

    /** The ordered end: cancel what is left, wait for it, report what nobody asked for, free the engine. */
    void finish() {
        drive(() -> {
            try {
                tasks.scope().cancelHere("the loop ends");
                long deadline = engine.nanoTime() + Durations.toNanos(config.shutdownTimeout());
                while (!tasks.isEmpty() && deadline - engine.nanoTime() > 0) {
                    turn(deadline - engine.nanoTime(), tasks::isEmpty);
                }
                if (!tasks.isEmpty()) {
                    reportLeftBehind();
                }
                tasks.close();
                takeInbox();
                runReady(); // the callbacks of the last tasks
                callbacks.close();
            } finally {
                Watchdog.unwatch(this);
                closed = true;
                takeInboxOfClosed();
                engine.close();
            }
        });
    }

    private void reportLeftBehind() {
        report(
                name + " ended, but these tasks ignore their cancel and are left behind",
                new IllegalStateException(WaitReport.of(this)));
    }

    private void drive(Runnable turns) {
        Thread current = Thread.currentThread();
        if (current.isVirtual()) {
            throw new IllegalStateException("a loop is driven by a platform thread, not by " + current);
        }
        if (closed) {
            throw new IllegalStateException(name + " has ended");
        }
        if (driver != null) {
            throw new IllegalStateException(name + " is driven by " + driver + " already");
        }
        driver = current;
        try {
            turns.run();
        } finally {
            driver = null;
        }
    }

    // ---- for the rest of the kernel ----

    Config config() {
        return config;
    }

    void setSiblings(List<Loop> siblings) {
        this.siblings = siblings;
    }

    long nextTaskId() {
        return taskIds.incrementAndGet();
    }

    @Nullable Fiber running() {
        return running;
    }

    @Nullable Fiber runningAsSeenElsewhere() {
        return (Fiber) RUNNING.getAcquire(this);
    }

    boolean isAsleep() {
        return asleep;
    }

    long beatAsSeenElsewhere() {
        return (long) BEAT.getAcquire(this);
    }

    @Nullable DeadlockException deadlock() {
        return deadlock;
    }

    void externalBegins() {
        externals++;
    }

    void externalEnds() {
        externals--;
    }

    /** Whether the calling code runs on this loop's thread, in a task, a callback or below them. */
    boolean isHere() {
        return VirtualThreads.currentCarrier() == driver && driver != null;
    }

    void requireHere(String what) {
        if (!isHere()) {
            throw new IllegalStateException("only code on " + name + " may " + what + "; this is "
                    + Thread.currentThread() + ". To start work there from elsewhere, use loop.spawn(...)");
        }
    }

    private void requireOpen(boolean open) {
        if (!open) {
            throw new IllegalStateException(name + " has ended; it takes no more work");
        }
    }

    /** Queues an item that has become ready. Any thread. */
    void schedule(Ready item) {
        if (isHere()) {
            if (item != direct) {
                ready.add(item);
            }
            return;
        }
        inbox.push(item);
        if (asleep && ASLEEP.compareAndSet(this, true, false)) {
            engine.wake();
        }
        if (closed) {
            takeInboxOfClosed();
        }
    }

    /**
     * Makes a short call of ours on the loop: now, if the caller is there, else at its next turn.
     *
     * @return false if the loop has ended and the call is not made
     */
    boolean inLoop(Runnable call) {
        if (isHere()) {
            call.run();
            return true;
        }
        if (closed) {
            return false;
        }
        schedule(new SystemCall(call));
        return true;
    }

    /** Calls that raced with the end are still made, so that nobody waits for ever; nothing else can run any more. */
    private void takeInboxOfClosed() {
        Ready item = inbox.takeAll();
        while (item != null) {
            if (item instanceof SystemCall call) {
                call.run(this);
            }
            item = item.nextInInbox;
        }
    }

    void addTimer(Timer timer, long deadlineNanos) {
        timers.add(timer, deadlineNanos);
    }

    void removeTimer(Timer timer) {
        timers.remove(timer);
    }

    /** Runs a callback soon; on the loop. */
    void runCallback(Runnable callback) {
        ready.add(new Handle(this, callback));
    }

    /** Tells the handler of a failure, on a virtual thread. */
    void report(String what, Throwable failure) {
        if (closed || Thread.currentThread().isVirtual()) {
            tell(what, failure);
        } else {
            callbacks.run(new Handle(this, () -> tell(what, failure)));
        }
    }

    private void tell(String what, Throwable failure) {
        try {
            config.failureHandler().failed(what, failure);
        } catch (Throwable e) {
            e.addSuppressed(failure);
            FailureHandler.LOG.failed("the failure handler failed; suppressed: " + what, e);
        }
    }
}
