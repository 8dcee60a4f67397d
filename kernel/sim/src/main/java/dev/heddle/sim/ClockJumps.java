package dev.heddle.sim;

import java.time.Duration;

/**
 * The jumps of the wall clock by the fault plan. Looked at whenever time passes; no events, so a plan alone keeps no
 * run alive.
 */
final class ClockJumps {

    private static final long NONE = -1;

    private final SimContext context;
    private final SimRandom random;
    private long dueNanos = NONE;

    ClockJumps(SimContext context, SimRandom random) {
        this.context = context;
        this.random = random;
    }

    /** Time has passed. However much it was, that is one jump at most: nobody could have seen more. */
    void timePassed() {
        Duration every = context.faults.clockJumpEvery();
        if (every.isZero()) {
            dueNanos = NONE;
            return;
        }
        long now = context.clock.elapsedNanos();
        if (dueNanos != NONE && dueNanos <= now) {
            jump();
            dueNanos = NONE;
        }
        if (dueNanos == NONE) {
            dueNanos = context.clock.after(1 + random.below(2 * every.toNanos()));
        }
    }

    private void jump() {
        long most = context.faults.clockJumpBy().toNanos();
        long nanos = random.upToNanos(2 * most) - most;
        context.clock.shiftWall(Duration.ofNanos(nanos));
        context.trace.clockJump(nanos);
        context.tally.struck(FaultKind.CLOCK_JUMP);
    }
}
