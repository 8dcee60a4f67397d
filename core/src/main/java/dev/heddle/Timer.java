package dev.heddle;

import org.jspecify.annotations.Nullable;

/** One entry of {@link Timers}. Subclasses say what happens when the time has come. */
abstract class Timer {

    static final int NOT_QUEUED = -1;

    /** When to fire, on the engine's clock. */
    long deadlineNanos;

    /** Breaks ties: equal deadlines fire in the order they were set. Compared by difference, so it may overflow. */
    int sequence;

    /** The place in the heap, or {@link #NOT_QUEUED}, or below that the slot of the wheel. */
    int index = NOT_QUEUED;

    /** The neighbours in the slot of the wheel, while there. */
    @Nullable Timer next;

    @Nullable Timer previous;

    final boolean isQueued() {
        return index != NOT_QUEUED;
    }

    /** Runs on the loop's own thread, below the tasks: short, lock-free, no code of users. */
    abstract void fire();
}
