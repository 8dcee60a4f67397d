package dev.heddle.sim.programs;

import org.jspecify.annotations.Nullable;

/**
 * The model of a cancel scope: a state that is looked up each time, from inside out.
 *
 * <p>At the very instant of a deadline, and while the end of a failed task cannot be seen from outside, the model does
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
    private final long deadline;
    private boolean cancelled;

    /** Something may have cancelled it, which will be known when time passes. */
    boolean perhaps;

    ModelScope(@Nullable ModelScope parent, boolean shield, long deadline) {
        this.parent = parent;
        this.shield = shield;
        this.deadline = deadline;
    }

    void cancel() {
        cancelled = true;
    }

    /** Whether code inside is cancelled. */
    State state(long now) {
        boolean unknown = false;
        for (ModelScope scope = this; scope != null; scope = scope.shield ? null : scope.parent) {
            switch (scope.own(now)) {
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
