package dev.heddle;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
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
public final class Waiter {

    private static final int OPEN = 0;
    private static final int COMPLETED = 1;
    private static final int CANCELLED = 2;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Waiter.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Object waitingFor;
    private volatile int state;
    private volatile @Nullable Thread thread;

    /**
     * @param waitingFor what the wait is for, as its {@code toString()} reads in a report: {@code reading 127.0.0.1:80}
     */
    public Waiter(Object waitingFor) {
        this.waitingFor = waitingFor;
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
            awaitInThread();
            return;
        }
        begin(task);
        try {
            while (state == OPEN) {
                if (task.isCancelPending() && STATE.compareAndSet(this, OPEN, CANCELLED)) {
                    throw task.cancelledException();
                }
                LockSupport.park();
                task.noticeInterrupt();
            }
        } finally {
            end(task);
        }
    }

    /**
     * Waits like {@link #await}, but a cancel does not end the wait; {@code onCancel} is told once when the enclosing scope
     * is cancelled, so that it can hurry the other side.
     */
    void awaitDespiteCancel(Runnable onCancel) {
        Task<?> task = Task.currentOrNull();
        if (task == null) {
            awaitInThread();
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

    private void awaitInThread() {
        thread = Thread.currentThread();
        try {
            while (state == OPEN) {
                if (!Thread.currentThread().isInterrupted()) {
                    LockSupport.park(this);
                } else if (STATE.compareAndSet(this, OPEN, CANCELLED)) {
                    throw new CancelledException("interrupted while waiting: " + waitingFor);
                }
            }
        } finally {
            thread = null;
        }
    }

    private void begin(Task<?> task) {
        thread = Thread.currentThread();
        task.waiting = this;
    }

    private void end(Task<?> task) {
        task.waiting = null;
        thread = null;
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
        if (waiting != null) {
            LockSupport.unpark(waiting);
        }
        return true;
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
        state = OPEN;
    }

    /** What the wait is for. */
    @Override
    public String toString() {
        return waitingFor.toString();
    }
}
