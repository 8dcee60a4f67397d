package dev.heddle.sim;

import java.time.Duration;

/** Jumps of the wall clock by the fault plan. Looked at whenever time passes; no events, so a plan alone keeps no run alive. */
final class ClockJumps {

    private static final long NONE = -1;

    private final World world;
    private final SimRandom random;
    private long dueNanos = NONE;

    ClockJumps(World world, SimRandom random) {
        this.world = world;
        this.random = random;
    }

    /** Time has passed. However much it was, that is one jump at most: nobody could have seen more. */
    void timePassed() {
        Duration every = world.faults.clockJumpEvery();
        if (every.isZero()) {
            dueNanos = NONE;
            return;
        }
        long now = world.clock.elapsedNanos();
        if (dueNanos != NONE && dueNanos <= now) {
            jump();
            dueNanos = NONE;
        }
        if (dueNanos == NONE) {
            dueNanos = world.clock.after(1 + random.below(2 * every.toNanos()));
        }
    }

    private void jump() {
        long most = world.faults.clockJumpBy().toNanos();
        long nanos = random.upToNanos(2 * most) - most;
        world.clock.shiftWall(Duration.ofNanos(nanos));
        world.trace.clockJump(nanos);
    }
}
