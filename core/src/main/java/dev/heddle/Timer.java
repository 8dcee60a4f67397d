package dev.heddle;

/** One entry of {@link Timers}. Subclasses say what happens when the time has come. */
abstract class Timer {

    static final int NOT_QUEUED = -1;

    /** When to fire, on the engine's clock. */
    long deadlineNanos;

    /** Breaks ties: equal deadlines fire in the order they were set. */
    long sequence;

    /** The place in the heap, or {@link #NOT_QUEUED}. */
    int index = NOT_QUEUED;

    final boolean isQueued() {
        return index != NOT_QUEUED;
    }

    /** Runs on the loop's own thread, below the tasks: short, lock-free, no code of users. */
    abstract void fire();
}
