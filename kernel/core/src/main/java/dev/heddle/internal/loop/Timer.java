package dev.heddle.internal.loop;

/** One entry of {@link Timers}. Subclasses say what happens when the time has come. */
public abstract class Timer extends Schedulable {

    static final int NOT_QUEUED = -1;

    /** When to fire, on the engine's clock. */
    public long deadlineNanos;

    /** Breaks ties: equal deadlines fire in the order they were set. Compared by difference, so it may overflow. */
    int sequence;

    /** The place in the heap, or {@link #NOT_QUEUED}, or below that the slot of the wheel. */
    int index = NOT_QUEUED;

    /** The place in the slot of the wheel, while there. */
    int place;

    public final boolean isQueued() {
        return index != NOT_QUEUED;
    }

    /** Runs on the loop's own thread, below the tasks: short, lock-free, no code of users. */
    public abstract void fire();

    /** What is to run after all that is ready when its time has come: it fires by queueing itself, and overrides this. */
    @Override
    public void takeTurn() {
        throw new AssertionError("fires below the tasks");
    }
}
