package dev.heddle.internal.sight;

import dev.heddle.Instrument;
import dev.heddle.Task;
import org.jspecify.annotations.Nullable;

/**
 * An instrument that is set on a loop while somebody looks at it, and hears more than those of users: who has become
 * ready, what a task is about, and when a callback has run. One that throws is taken off, and the failure is reported.
 */
public interface TaskWatch extends Instrument {

    /**
     * A task has become ready to run: it waited, or begins. On the thread of who woke it.
     *
     * @param here whether that is the loop's own thread; it may be any
     */
    default void ready(Task<?> task, boolean here) {}

    /**
     * The running task says what it is about from now on.
     *
     * @param label such as the route of a request; null if it is about nothing of that kind any more
     */
    default void labelled(Task<?> task, @Nullable String label) {}

    /**
     * A body that a task has offloaded, or given to a pool of threads, goes on, or waits, gives way or ends. On the
     * thread that carries it.
     *
     * @param body the thread that it runs in: its own virtual one, or one of the pool
     * @param runs whether it goes on
     */
    default void offloaded(Task<?> task, Thread body, boolean runs) {}

    /** A callback has run until it waited, gave way or ended; below the tasks. */
    default void calledBack() {}
}
