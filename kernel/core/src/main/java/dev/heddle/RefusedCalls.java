package dev.heddle;

import dev.heddle.internal.Throwables;
import java.util.concurrent.TimeUnit;

/**
 * Calls of a task that fail at once, one after the other, because what they are made on is closed or broken: it catches
 * the failure and calls again.
 *
 * <p>Such a task would keep its loop to itself for ever. It gives way before each further call, and what has gone on so
 * for 100 ms of its own time without a wait has its {@link Pace}: who tells a room of many thousand that are gone comes
 * through before.
 *
 * <p>Threads: the task's own.
 */
final class RefusedCalls {

    /** So many in a row, without a wait between, are no news that is passed on. */
    static final int MANY = 32;

    /** For so long a task may go on without a pause. */
    private static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Pace pace;
    private Throwable last;
    private long count = MANY;
    private long busyNanos;

    /** How many have failed since one looked for a cancel first, as a waiting call should. */
    private int unchecked;

    RefusedCalls(Throwable first, long nowNanos) {
        this.last = first;
        this.pace = new Pace(nowNanos, false);
    }

    /** A failure is made of what cannot be called any more. Any thread; for tasks it counts. */
    static void note(Throwable refusal) {
        Task<?> task = Task.currentOrNull();
        if (task != null) {
            task.noteRefused(refusal);
        }
    }

    /** One more. */
    void add(Throwable refusal) {
        last = refusal;
        count++;
        unchecked++;
    }

    /** Whether none looks for a cancel before it fails, so that the failure itself has to give way. */
    boolean areUnchecked() {
        return unchecked > Scheduler.MAX_CALLS_PER_RUN;
    }

    /** One looks for a cancel, and gives way there. */
    void checked() {
        unchecked = 0;
    }

    /**
     * Says how long the next call is held back, and reports the task if that goes on for long.
     *
     * @return the nanoseconds; 0 for a turn of the others
     */
    long next(Task<?> task, long nowNanos) {
        busyNanos += Math.max(pace.roundNanos(nowNanos), Pace.MIN_ROUND_NANOS);
        if (busyNanos < GRACE_NANOS) {
            return 0;
        }
        long pause = pace.next(nowNanos, task.loop().paceLane);
        if (pace.becomesReport(nowNanos)) {
            pace.report(task, "repeats a call that fails at once", count,
                    "(" + Throwables.text(last) + "): leave the loop around it where that is caught", nowNanos);
        }
        return pause;
    }

    boolean isTold() {
        return pace.isTold();
    }

    /** Goes on behind a turn of the others. */
    void resumed(long nowNanos) {
        pace.resumed(nowNanos);
    }

    @Override
    public String toString() {
        return "going on after " + count + " calls that failed at once";
    }
}
