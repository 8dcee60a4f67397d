package dev.heddle;

import dev.heddle.internal.CancelChecks;
import dev.heddle.internal.Holds;
import dev.heddle.internal.VirtualThreads;
import dev.heddle.internal.loop.Schedulable;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A virtual thread of a loop, seen from below: the scheduler of exactly one thread.
 *
 * <p>The JDK calls {@link #execute} whenever the thread becomes ready, from whatever thread made it so; the fiber then
 * queues itself on its loop. Being the thread's scheduler, it is also how code finds out in which task it runs, without
 * a thread local.
 *
 * <p>A virtual thread that a task starts by itself inherits this scheduler from the JDK. It is no task of ours, so its
 * continuation goes on to the JDK's own scheduler.
 */
final class Fiber extends Schedulable implements Executor, Runnable, Holds.OfScheduler, CancelChecks {

    private static final int SCHEDULED = -1;

    final Loop loop;
    final Thread thread;

    /** The task that lives on this thread, or null for a thread that runs callbacks. */
    final @Nullable Task<?> task;

    private @Nullable Runnable continuation;

    /** What the thread holds; null if it never held anything. */
    private @Nullable Holds holds;

    /**
     * The loop's coarse time when it was last mounted, or {@link #SCHEDULED} while it is queued or about to be. A stale
     * answer costs at most one needless interrupt. One number for both, because there is a fiber for each task.
     */
    private int mountedAt;

    /** The thread of a task. */
    Fiber(Loop loop, Task<?> task, @Nullable String name) {
        this.loop = loop;
        this.task = task;
        this.thread = VirtualThreads.create(this, name, this);
    }

    /** A thread that runs callbacks. */
    Fiber(Loop loop, String name, Runnable callbacks) {
        this.loop = loop;
        this.task = null;
        this.thread = VirtualThreads.create(this, name, () -> runCallbacks(callbacks));
    }

    /** The fiber of a thread, or null for any thread that is not one of a loop's. */
    static @Nullable Fiber of(Thread thread) {
        if (thread.isVirtual()
                && VirtualThreads.schedulerOf(thread) instanceof Fiber fiber
                && fiber.thread == thread) {
            return fiber;
        }
        return null;
    }

    /** What the thread of a task does, from its start to its end. What bodies throw is answered further inside. */
    @Override
    public void run() {
        try {
            if (task != null) {
                task.live();
            }
        } catch (Throwable e) {
            loop.scheduler.escaped(e);
        }
    }

    /** The same for a thread of callbacks; given to it here, so that a task's fiber has no field for them. */
    private void runCallbacks(Runnable callbacks) {
        try {
            callbacks.run();
            endHolding();
        } catch (Throwable e) {
            loop.scheduler.escaped(e);
        }
    }

    @Override
    public void execute(Runnable ready) {
        if (continuation == null) {
            continuation = ready;
            mountedAt = SCHEDULED; // it has not waited
            if (task != null && task.body() instanceof TaskGroup.ThreadBody) {
                task.threadStarts();
            }
        } else if (ready != continuation) {
            VirtualThreads.defaultScheduler().execute(ready);
            return;
        }
        Instrumented told = loop.instrument;
        if (told != null && task != null) {
            told.ready(task); // which may ask how long it has waited
        }
        mountedAt = SCHEDULED;
        loop.scheduler.schedule(this);
    }

    // ---- the checks for a cancel, noted by its task ----

    @Override
    public boolean areOf(Thread thread) {
        return this.thread == thread && task != null;
    }

    @Override
    public int noted() {
        return Objects.requireNonNull(task).notedChecks();
    }

    @Override
    public void note(int notes) {
        Objects.requireNonNull(task).noteChecks(notes);
    }

    @Override
    public @Nullable String reason() {
        return Objects.requireNonNull(task).scope.effectiveReason();
    }

    // ---- what it holds ----

    @Override
    public @Nullable Holds holds() {
        if (Thread.currentThread() != thread) {
            return null;
        }
        if (holds == null) {
            holds = new Holds(false);
        }
        return holds;
    }

    /** The thread comes to its end; on it. */
    void endHolding() {
        if (holds != null) {
            holds.end(thread);
        }
    }

    /** The thread begins a body of which it holds no more at its end, and gives what it holds itself; on it. */
    @Nullable Holds beginHolding() {
        Holds outer = holds;
        holds = new Holds(true);
        return outer;
    }

    /** The body has ended; on its thread. */
    void endHolding(@Nullable Holds outer) {
        endHolding();
        holds = outer;
    }

    /** The loop has ended, and leaves the thread behind that waits, or was about to run. On any thread. */
    void endHoldingWithLoop(@Nullable Waiter waiting) {
        Holds.Held given = waiting != null && waiting.isCompleted() && waiting.waitingFor() instanceof Holds.Held held
                ? held
                : null;
        if (holds == null && given == null) {
            return;
        }
        Thread teller = VirtualThreads.create(VirtualThreads.defaultScheduler(), "end of " + loop.name(), () -> {
            endHolding();
            if (given != null) {
                given.holderEnded(thread, false);
            }
        });
        VirtualThreads.start(teller);
    }

    /** Whether the thread is neither running nor queued: it waits for something. */
    boolean isSuspended() {
        return mountedAt != SCHEDULED && loop.scheduler.running() != this && thread.isAlive();
    }

    /** Whether it runs now; a glance from any thread. */
    boolean isRunning() {
        return loop.scheduler.runningAsSeenElsewhere() == this;
    }

    /** For how long it has been suspended, coarsely; -1 if it is not. */
    long suspendedNanos() {
        int since = mountedAt;
        return since == SCHEDULED || !isSuspended() ? -1 : loop.scheduler.nanosSinceCoarse(since);
    }

    /** Whether it is suspended in code that is not ours; of a callback that is only known of its own waits. */
    boolean isInForeignWait() {
        return task == null ? isSuspended() : task.isInForeignWait();
    }

    /** Whether it waits for a time that the system's clock measures; waits of ours never do. */
    boolean isInTimedWait() {
        return isSuspended() && thread.getState() == Thread.State.TIMED_WAITING;
    }

    @Override
    public void takeTurn() {
        loop.scheduler.mount(this);
    }

    /** Runs the thread until it waits, yields or ends. */
    void resume() {
        mountedAt = loop.scheduler.coarseTime();
        if (task != null && thread.isInterrupted()) {
            task.resumesInterrupted(); // what throws an InterruptedException has forgotten it
        }
        Runnable mounted = continuation;
        if (mounted != null) {
            mounted.run();
        }
    }

    @Override
    public long traceId() {
        return task == null ? 0 : task.id();
    }

    @Override
    public String what() {
        return task == null ? super.what() : task.toString();
    }
}
