package dev.heddle;

import org.jspecify.annotations.Nullable;

/**
 * A guard that holds a task back that would keep its loop to itself: it goes on behind a cancel that it has
 * {@linkplain SwallowedCancel swallowed}, or behind {@linkplain RefusedCalls calls that fail at once}.
 *
 * <p>Threads: the task's own, or its loop's while it is suspended.
 */
final class SpinGuard {

    private final Task<?> task;
    private @Nullable SwallowedCancel swallowed;
    private @Nullable RefusedCalls refused;

    SpinGuard(Task<?> task) {
        this.task = task;
    }

    /** The task goes on behind a cancel that it was told of before; on its own thread. */
    void pauseBehind(CancelScope told) {
        SwallowedCancel again = swallowed(told);
        pause(again.next(task, now()), again);
    }

    /** As {@link #pauseBehind}, where the task waits in foreign code: gives the nanoseconds until it is told again. */
    long nextPause(CancelScope told) {
        return swallowed(told).next(task, now());
    }

    private SwallowedCancel swallowed(CancelScope told) {
        SwallowedCancel around = swallowed == null ? null : swallowed.around(told);
        SwallowedCancel found = around != null && around.scope == told
                ? around
                : new SwallowedCancel(told, around, refused, now());
        swallowed = found;
        return found;
    }

    /** Whether it was reported that the task swallows the cancel that it sees. */
    boolean isToldToSwallow() {
        return swallowed != null && swallowed.isTold() && swallowed.scope.isAround(task.scope);
    }

    /** One more of many calls has failed. Gives way, where many have failed without a look for a cancel. */
    void refused(Throwable refusal) {
        if (refused == null) {
            refused = new RefusedCalls(refusal, now());
        }
        refused.add(refusal);
        if (refused.areUnchecked()) {
            takeBreak(refused);
        }
    }

    /** The task looks for a cancel, and gives way there. */
    void checked() {
        if (refused == null) {
            task.giveWay();
        } else {
            refused.checked();
            takeBreak(refused);
        }
    }

    private void takeBreak(RefusedCalls calls) {
        pause(calls.next(task, now()), calls);
        calls.resumed(now());
        task.lookAround();
    }

    /** A task that waits does not spin. */
    void waited() {
        refused = null;
    }

    /** Gives way for a time, which may be no more than a turn. */
    @SuppressWarnings("ThreadPriorityCheck") // the loop is the scheduler, and its order is known
    private void pause(long nanos, Object what) {
        if (nanos < Pace.MIN_PAUSE_NANOS) {
            Thread.yield();
        } else {
            Pace.pause(task.loop(), nanos, what);
        }
    }

    private long now() {
        return task.loop().nanoTime();
    }
}
