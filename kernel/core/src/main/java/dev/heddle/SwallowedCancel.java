package dev.heddle;

import org.jspecify.annotations.Nullable;

/**
 * A cancel that a task was told of more than once in one scope: it catches the exception and waits again.
 *
 * <p>A cancel is a state, so each of those waits throws at once, and the task would keep its loop to itself for ever. So
 * each delivery but the first has its {@link Pace}: the task gives way before the exception comes.
 *
 * <p>Threads: the task's own, or its loop's while it is suspended.
 */
final class SwallowedCancel {

    /** The outermost of the task's scopes that the cancel reaches. */
    final CancelScope scope;

    /** That of a scope around this one, from which a shield keeps this one apart; null if there is none. */
    private final @Nullable SwallowedCancel outer;

    private final Pace pace;
    private long deliveries = 1;

    /**
     * @param before what the task did before it was cancelled; where that was reported, this is not
     */
    SwallowedCancel(
            CancelScope scope, @Nullable SwallowedCancel outer, @Nullable RefusedCalls before, long nowNanos) {
        this.scope = scope;
        this.outer = outer;
        this.pace = new Pace(nowNanos, before != null && before.isTold());
    }

    /** This one, or the next around it, whose scope is around another; null if there is none. */
    @Nullable SwallowedCancel around(CancelScope inner) {
        SwallowedCancel found = this;
        while (found != null && !found.scope.isAround(inner)) {
            found = found.outer;
        }
        return found;
    }

    /**
     * Counts another delivery, and reports the task if that goes on for long.
     *
     * @return the nanoseconds by which it is held back
     */
    long next(Task<?> task, long nowNanos) {
        deliveries++;
        long pause = pace.next(nowNanos, task.loop().paceLane);
        if (pace.becomesReport(nowNanos)) {
            pace.report(task, "swallows its cancel", deliveries, "(" + task.scope.effectiveReason()
                    + "): let CancelledException and InterruptedException pass where others are caught; clean-up that"
                    + " must wait goes into shield(...)", nowNanos);
        }
        return pause;
    }

    boolean isTold() {
        return pace.isTold();
    }

    @Override
    public String toString() {
        return "going on after its cancel, which it has swallowed " + deliveries + " times";
    }
}
