package dev.heddle;

import dev.heddle.internal.AsksSystem;
import dev.heddle.internal.Durations;
import dev.heddle.internal.Handles;
import dev.heddle.internal.loop.EndListener;
import dev.heddle.internal.loop.Timer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One wait, and the moment it is decided: what every waiting call is built on.
 *
 * <pre>
 *              complete()                    the value is committed: await returns, even if a cancel comes now
 *   OPEN ──────────────────▶ COMPLETED
 *     │
 *     └────────────────────▶ CANCELLED        await throws and complete() answers false: give the value to another
 *        cancel seen by await
 * </pre>
 *
 * <p>One atomic step decides, so nothing is lost between a value and a cancel. Cancelling only wakes the task; the task
 * looks at its scope and decides itself.
 *
 * <p>Threads: one task, or one thread outside of loops, awaits; any thread completes. What is written before {@link
 * #complete} is seen after {@link #await}.
 */
@AsksSystem("threads that are no tasks call it too")
public final class Waiter {

    private static final int OPEN = 0;
    private static final int COMPLETED = 1;
    private static final int CANCELLED = 2;

    /** Stands for no deadline. */
    private static final long NEVER = Long.MAX_VALUE;

    private static final VarHandle STATE = Handles.of(MethodHandles.lookup(), Waiter.class, "state", int.class);
    private static final VarHandle THREAD = Handles.of(MethodHandles.lookup(), Waiter.class, "thread", Thread.class);

    private final Object waitingFor;
    private volatile int state;

    /**
     * Whom to wake, once open and awaited. Who makes this or makes it ready again mostly is who waits, and so is written
     * down already then; if it was another, the one who waits replaces it, and the other may be woken for nothing.
     */
    private volatile @Nullable Thread thread;

    /**
     * Refers to the calling thread until the first wait is over; so what lives long makes it when it waits.
     *
     * @param waitingFor what the wait is for, as its {@code toString()} reads in a report: {@code reading 127.0.0.1:80}
     */
    public Waiter(Object waitingFor) {
        this.waitingFor = waitingFor;
        THREAD.set(this, Thread.currentThread()); // no fence: nobody else has this yet
    }

    /**
     * Waits until {@link #complete} is called, or returns at once if it was.
     *
     * <p>Cancellation: a cancelled call leaves this waiter cancelled: {@link #complete} answers false from then on.
     *
     * @throws CancelledException if the enclosing scope is cancelled, or a thread that is no task is interrupted
     */
    public void await() {
        Task<?> task = Task.currentOrNull();
        if (task == null) {
            awaitInThread(NEVER);
            return;
        }
        begin(task);
        try {
            if (state == OPEN) {
                throwIfCancelled(task);
                LockSupport.park();
                awaitOn(task);
            }
        } finally {
            end(task);
        }
    }

    /**
     * What follows the first park, in a method of its own. Where a million tasks wait before the first of them wakes,
     * the compiler has never seen what comes behind; a branch there it would leave to the interpreter, and each of the
     * million would fall back to it, at ten microseconds each. A call it compiles all the same.
     */
    private void awaitOn(Task<?> task) {
        task.noticeInterrupt();
        while (state == OPEN) {
            throwIfCancelled(task);
            LockSupport.park();
            task.noticeInterrupt();
        }
    }

    private void throwIfCancelled(Task<?> task) {
        if (task.isCancelPending() && STATE.compareAndSet(this, OPEN, CANCELLED)) {
            throw task.deliverCancel();
        }
    }

    /**
     * Waits until {@link #complete} is called, but not longer than told. When the time has passed the wait is still
     * open: await again, or give it up with {@link #cancel}.
     *
     * <p>Cancellation: as {@link #await}.
     *
     * @param limit zero or less only looks, behind a turn of the loop's other tasks
     * @return whether it was completed
     * @throws CancelledException if the enclosing scope is cancelled, or a thread that is no task is interrupted
     */
    public boolean awaitWithin(Duration limit) {
        long nanos = Durations.toNanos(limit);
        if (state == OPEN) {
            Fiber fiber = Fiber.of(Thread.currentThread());
            if (nanos == 0) {
                look(fiber);
            } else if (fiber == null) {
                awaitInThread(System.nanoTime() + nanos);
            } else if (fiber.task == null) {
                awaitInCallback(fiber.loop, nanos);
            } else {
                awaitUntil(fiber.task, fiber.loop.nanoTime() + nanos);
            }
        }
        return state == COMPLETED;
    }

    /** What asks again and again with no time left must not keep its loop to itself. */
    @SuppressWarnings("ThreadPriorityCheck") // the loop is the scheduler, and its order is known
    private void look(@Nullable Fiber fiber) {
        if (fiber == null) {
            return;
        }
        if (fiber.task == null) {
            Thread.yield();
        } else {
            fiber.task.giveWay();
            if (state == OPEN) {
                throwIfCancelled(fiber.task);
            }
        }
    }

    /** In the time of its loop, as a task does. */
    private void awaitInCallback(Loop loop, long nanos) {
        var alarm = new Alarm(Thread.currentThread());
        loop.scheduler.addTimer(alarm, loop.nanoTime() + nanos);
        try {
            awaitInThread(NEVER, alarm);
        } finally {
            loop.scheduler.removeTimer(alarm);
        }
    }

    private void awaitUntil(Task<?> task, long deadlineNanos) {
        Loop loop = task.loop();
        var alarm = new Alarm(Thread.currentThread());
        int begun = loop.scheduler.coarseTime();
        loop.scheduler.addTimer(alarm, deadlineNanos);
        begin(task);
        try {
            if (state == OPEN && !alarm.rung) {
                throwIfCancelled(task);
                LockSupport.park();
                awaitOn(task, alarm);
            }
        } finally {
            end(task);
            loop.scheduler.removeTimer(alarm);
            task.pausedIn(state == OPEN ? this : null, begun);
        }
    }

    /** As the other one, until an alarm. */
    private void awaitOn(Task<?> task, Alarm alarm) {
        task.noticeInterrupt();
        while (state == OPEN && !alarm.rung) {
            throwIfCancelled(task);
            LockSupport.park();
            task.noticeInterrupt();
        }
    }

    /**
     * Waits like {@link #await}, but neither a cancel nor an interrupt ends the wait; {@code onCancel} is told once
     * when it comes, so that it can hurry the other side. An interrupted thread stays interrupted.
     */
    void awaitDespiteCancel(Runnable onCancel) {
        Task<?> task = Task.currentOrNull();
        if (task == null) {
            awaitInThreadDespiteInterrupt(onCancel);
            return;
        }
        boolean told = false;
        begin(task);
        try {
            while (state == OPEN) {
                if (!told && task.isCancelPending()) {
                    told = true;
                    onCancel.run();
                    continue;
                }
                LockSupport.park();
                task.noticeInterrupt();
            }
        } finally {
            end(task);
        }
    }

    private void awaitInThread(long deadlineNanos) {
        awaitInThread(deadlineNanos, null);
    }

    private void awaitInThread(long deadlineNanos, @Nullable Alarm alarm) {
        thread = Thread.currentThread();
        try {
            while (state == OPEN && (alarm == null || !alarm.rung)) {
                if (Thread.currentThread().isInterrupted()) {
                    if (STATE.compareAndSet(this, OPEN, CANCELLED)) {
                        throw new CancelledException("interrupted while waiting: " + waitingFor);
                    }
                } else if (deadlineNanos == NEVER) {
                    LockSupport.park(this);
                } else {
                    long left = deadlineNanos - System.nanoTime();
                    if (left <= 0) {
                        return;
                    }
                    LockSupport.parkNanos(this, left);
                }
            }
        } finally {
            thread = null;
        }
    }

    private void awaitInThreadDespiteInterrupt(Runnable onInterrupt) {
        boolean interrupted = false;
        thread = Thread.currentThread();
        try {
            while (state == OPEN) {
                if (Thread.interrupted() && !interrupted) {
                    interrupted = true;
                    onInterrupt.run();
                } else {
                    LockSupport.park(this);
                }
            }
        } finally {
            thread = null;
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Whoever completes sees whom to wake, or is seen by the look at the state that follows: by a fence between the two,
     * unless whom to wake was written down before this was open.
     */
    private void begin(Task<?> task) {
        Thread mine = Thread.currentThread();
        if (thread != mine) {
            thread = mine;
        }
        task.waiting = this;
    }

    /** Only to keep no thread alive: who still sees it wakes a thread needlessly. So no fence is paid for. */
    private void end(Task<?> task) {
        task.waiting = null;
        task.waited();
        THREAD.setRelease(this, (Thread) null);
    }

    /**
     * Commits the wait and wakes whoever waits. Any thread.
     *
     * @return true if this call decided it; false if it was cancelled or completed before
     */
    public boolean complete() {
        if (!STATE.compareAndSet(this, OPEN, COMPLETED)) {
            return false;
        }
        Thread waiting = thread;
        if (waiting != null && waiting != Thread.currentThread()) { // who completes his own wait is awake
            LockSupport.unpark(waiting);
        }
        return true;
    }

    /**
     * Gives the wait up: {@link #complete} answers false from then on. For whoever awaits it, between two waits.
     *
     * @return true if this call decided it; false if it was completed or cancelled before
     */
    public boolean cancel() {
        return STATE.compareAndSet(this, OPEN, CANCELLED);
    }

    /** Whether the wait is still undecided. */
    public boolean isOpen() {
        return state == OPEN;
    }

    /** Whether {@link #complete} has decided it. */
    public boolean isCompleted() {
        return state == COMPLETED;
    }

    /** Makes it ready for another wait; only while nobody awaits it and nobody may still complete the last one. */
    public void reset() {
        THREAD.set(this, Thread.currentThread()); // the next line's fence is for both
        state = OPEN;
    }

    /**
     * Has this completed by the end of a task or promise, at once if it has ended: for calls that wait for several
     * things. Never waits.
     *
     * @return forgets it, for when something else has decided this
     * @throws IllegalStateException if a task would wait for itself
     */
    public Runnable completeAtEndOf(Joinable<?> joined) {
        return completeAtEndOf(joined, () -> {});
    }

    /**
     * Has this completed by the end of a task or promise as {@link #completeAtEndOf(Joinable)} does, and says so first.
     *
     * @param first runs before this is completed, in the thread that ends the other; it neither waits nor throws
     * @return forgets it, for when something else has decided this
     * @throws IllegalStateException if a task would wait for itself
     */
    public Runnable completeAtEndOf(Joinable<?> joined, Runnable first) {
        JoinWait.refuseSelf(joined);
        var listener = new Completion(first);
        switch (joined) {
            case Task<?> task -> task.listen(listener);
            case Promise<?> promise -> promise.addListener(listener);
        }
        return () -> {
            listener.forgotten = true;
            switch (joined) {
                case Task<?> task -> task.unlisten(listener);
                case Promise<?> promise -> promise.forgetListener();
            }
        };
    }

    /**
     * Picks one of several equally good ways for the calling code to go on. On a loop by its engine's random numbers,
     * so that a simulation repeats it.
     *
     * @param ways at least 1
     * @return a number from 0 to {@code ways - 1}
     */
    public static int pick(int ways) {
        Fiber fiber = Fiber.of(Thread.currentThread());
        long random = fiber == null
                ? ThreadLocalRandom.current().nextLong()
                : fiber.loop.engine().random();
        return (int) Math.unsignedMultiplyHigh(random, ways);
    }

    /** What the wait is for, which may be an object of users. */
    Object waitingFor() {
        return waitingFor;
    }

    /** Who of a loop waits; null before it does, and later. Any thread. */
    @Nullable Fiber fiber() {
        Thread known = thread; // who made this may not wait
        Fiber fiber = known == null ? null : Fiber.of(known);
        if (fiber == null) {
            return null;
        }
        boolean waits = fiber.task == null ? LockSupport.getBlocker(known) == this : fiber.task.waiting == this;
        return waits ? fiber : null;
    }

    /** What the wait is for. */
    @Override
    public String toString() {
        return waitingFor.toString();
    }

    /** The completion by the end of a task or promise. */
    private final class Completion implements EndListener {
        private final Runnable first;
        private volatile boolean forgotten;

        Completion(Runnable first) {
            this.first = first;
        }

        @Override
        public void ended() {
            if (!forgotten) {
                first.run();
                complete();
            }
        }

        @Override
        public boolean isForgotten() {
            return forgotten;
        }
    }

    /** Wakes a task whose limit has passed. */
    private static final class Alarm extends Timer {
        private final Thread thread;
        private boolean rung;

        Alarm(Thread thread) {
            this.thread = thread;
        }

        @Override
        public void fire() {
            rung = true;
            LockSupport.unpark(thread);
        }
    }
}
