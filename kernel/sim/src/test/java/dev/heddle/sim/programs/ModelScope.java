package dev.heddle.sim.programs;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The model of a cancel scope: a state that is looked up each time, from inside out.
 *
 * <p>In the very millisecond of a deadline, and while the end of a failed task cannot be seen from outside, the model does
 * not know: then both are right.
 */
final class ModelScope {

    enum State {
        OPEN,
        UNKNOWN,
        CANCELLED
    }

    static final long NEVER = Long.MAX_VALUE;

    final @Nullable ModelScope parent;
    final boolean shield;
    private final long deadlineNanos;

    /** The millisecond that has it. */
    private final long deadline;

    private boolean cancelled;

    /** A call inside has shown that this or one around it is cancelled. */
    private boolean told;

    /** Something may have cancelled it, which will be known when time passes. */
    boolean perhaps;

    ModelScope(@Nullable ModelScope parent, boolean shield, long deadlineNanos) {
        this.parent = parent;
        this.shield = shield;
        this.deadlineNanos = deadlineNanos;
        deadline = TimeUnit.NANOSECONDS.toMillis(deadlineNanos);
    }

    void cancel() {
        cancelled = true;
    }

    /** A call in here was cancelled, which shows what has happened by now. */
    void told(long now, long nanos) {
        if (state(now) == State.UNKNOWN) {
            told = true;
            for (ModelScope scope = this; scope != null; scope = scope.shield ? null : scope.parent) {
                scope.cancelled |= scope.deadlineNanos <= nanos && !isPerhapsCancelled();
            }
        }
    }

    /** Whether more than a deadline may have cancelled what is inside. */
    private boolean isPerhapsCancelled() {
        for (ModelScope scope = this; scope != null; scope = scope.shield ? null : scope.parent) {
            if (scope.perhaps) {
                return true;
            }
        }
        return false;
    }

    /** Whether code inside is cancelled. */
    State state(long now) {
        boolean unknown = false;
        for (ModelScope scope = this; scope != null; scope = scope.shield ? null : scope.parent) {
            switch (scope.told ? State.CANCELLED : scope.own(now)) {
                case CANCELLED -> {
                    return State.CANCELLED;
                }
                case UNKNOWN -> unknown = true;
                case OPEN -> {}
            }
        }
        return unknown ? State.UNKNOWN : State.OPEN;
    }

    /** Whether code around it is cancelled so that it shows in here. */
    State outside(long now) {
        return shield || parent == null ? State.OPEN : parent.state(now);
    }

    /** Whether this very scope is cancelled. */
    State own(long now) {
        if (cancelled || now > deadline) {
            return State.CANCELLED;
        }
        return perhaps || now == deadline ? State.UNKNOWN : State.OPEN;
    }

    boolean hasDeadlineOver(long now) {
        return now >= deadline;
    }

    /** Whether a cancel from outside is kept away. */
    boolean keepsAway(long now) {
        return state(now) == State.OPEN && isInsideCancelled(now);
    }

    private boolean isInsideCancelled(long now) {
        for (ModelScope scope = this; scope != null; scope = scope.parent) {
            if (scope.own(now) == State.CANCELLED) {
                return true;
            }
        }
        return false;
    }
}
