package dev.heddle.sim;

import dev.heddle.internal.Durations;
import java.time.Duration;
import java.time.Instant;

/** The time of a simulation. It stands still but for {@link #moveTo}. Reading is for any thread. */
final class VirtualClock {

    private final long originNanos;
    private final Instant wallOrigin;
    private volatile long elapsedNanos;
    private volatile Duration wallShift = Duration.ZERO;

    VirtualClock(long originNanos, Instant wallOrigin) {
        this.originNanos = originNanos;
        this.wallOrigin = wallOrigin;
    }

    /** Time since the start; never overflows. */
    long elapsedNanos() {
        return elapsedNanos;
    }

    /** What the loop sees: wraps around like the system's own clock, so only differences mean something. */
    long nanoTime() {
        return originNanos + elapsedNanos;
    }

    Instant now() {
        return wallOrigin.plus(wallShift).plusNanos(elapsedNanos);
    }

    /** The time since the start that is a delay from now; for ever is the end of all time. */
    long after(long delayNanos) {
        long at = elapsedNanos + Math.max(delayNanos, 0);
        return at < 0 || delayNanos == Durations.FOREVER ? Long.MAX_VALUE : at;
    }

    /** Lets time pass; never goes back. */
    void moveTo(long toNanos) {
        elapsedNanos = Math.max(elapsedNanos, toNanos);
    }

    /** Moves the wall clock only, as an operator or a time server does. */
    void shiftWall(Duration by) {
        wallShift = wallShift.plus(by);
    }
}
