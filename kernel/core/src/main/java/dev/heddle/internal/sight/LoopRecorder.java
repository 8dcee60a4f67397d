package dev.heddle.internal.sight;

import dev.heddle.Task;
import org.jspecify.annotations.Nullable;

/**
 * A recorder of all that one loop does, told in the order in which it happens: what becomes ready does so by what was
 * told before, a task that runs or a part of the loop's turn.
 *
 * <p>Threads: all calls come from the loop's own thread, several of them for each switch between tasks. So they
 * allocate nothing, take no lock and never throw.
 */
public abstract class LoopRecorder {

    /** A task was spawned; its first turn is still to come. */
    public abstract void spawned(Task<?> task);

    /** The running task has ended; asking the task for its state would count as somebody's having seen a failure. */
    public abstract void ended(Task<?> task, Task.State state);

    /**
     * A task or a callback begins to run; what ran before does not run any more.
     *
     * @param task null for a callback
     */
    public abstract void runs(@Nullable Task<?> task);

    /**
     * A task that waited becomes ready; not told of one that gives way.
     *
     * @param task its number; 0 for a callback
     */
    public abstract void ready(long task);

    /**
     * What runs here makes a task ready on another loop, which tells of it when it takes that in.
     *
     * @param task its number there; 0 for a callback
     */
    public abstract void readyElsewhere(LoopRecorder other, long task);

    /**
     * The running task says what it is about from now on.
     *
     * @param label such as the route of a request; null for nothing of that kind
     */
    public abstract void labelled(@Nullable String label);

    /** The loop takes in what other threads have made ready. */
    public abstract void takesFromOthers();

    /**
     * The loop fires the timers that are due.
     *
     * @param lateNanos how late the first of them is
     */
    public abstract void firesTimers(long lateNanos);

    /** The loop asks its engine, and may wait there. */
    public abstract void polls();

    /** The engine has answered. */
    public abstract void polled();
}
