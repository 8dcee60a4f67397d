package dev.heddle.http.internal.codec;

import java.time.Duration;

/**
 * The limit on how long a transfer may still wait for the peer: a grace time, and one second more for every {@code
 * rate} bytes moved, but never more than {@code stall} at once.
 *
 * <p>Only waits count, so a handler that thinks for a minute costs the peer nothing. A trickle of bytes is no way out:
 * each byte buys just its share of a second. Nor is a quick start: what it has bought is worth no more than a stall, so
 * a peer of many megabytes, or of a kernel that took them, is not borne for hours.
 */
public final class TransferLimit {

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    /** Far beyond any connection's life, and far from an overflow. */
    private static final Duration MAX = Duration.ofDays(1_000);

    private final int rate;
    private final long stallNanos;

    /** What the peer may still wait in all, if nothing moves. */
    private long leftNanos;

    /**
     * @param rate bytes per second, at least 1
     * @param stall the longest wait at once
     */
    public TransferLimit(Duration grace, int rate, Duration stall) {
        this.rate = rate;
        stallNanos = capped(stall);
        leftNanos = capped(grace);
    }

    private static long capped(Duration time) {
        return time.compareTo(MAX) < 0 ? time.toNanos() : MAX.toNanos();
    }

    /** One whose waits somebody else bounds. */
    public static TransferLimit none() {
        return new TransferLimit(MAX, 1, MAX);
    }

    /**
     * The longest wait from now on.
     *
     * @param nextBytes bytes that the wait is for and that count if it ends well
     */
    public Duration allowance(long nextBytes) {
        return Duration.ofNanos(Math.clamp(leftNanos + worth(nextBytes), 0, stallNanos));
    }

    public void waited(long nanos) {
        leftNanos -= nanos;
    }

    public void moved(long count) {
        leftNanos = Math.max(leftNanos, Math.min(leftNanos + worth(count), stallNanos));
    }

    private long worth(long bytes) {
        return (long) Math.min((double) bytes / rate * NANOS_PER_SECOND, (double) MAX.toNanos());
    }
}
