package dev.heddle.http.internal.codec;

import java.time.Duration;

/**
 * The limit on how long a transfer may still wait for the peer: a grace time, and one second more for every {@code
 * rate} bytes moved.
 *
 * <p>Only waits count, so a handler that thinks for a minute costs the peer nothing. A trickle of bytes is no way out:
 * each byte buys just its share of a second.
 */
public final class TransferLimit {

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    /** Far beyond any connection's life, and far from an overflow. */
    private static final Duration MAX = Duration.ofDays(1_000);

    private final long graceNanos;
    private final int rate;
    private long waitedNanos;
    private long bytes;

    /**
     * @param rate bytes per second, at least 1
     */
    public TransferLimit(Duration grace, int rate) {
        graceNanos = grace.compareTo(MAX) < 0 ? grace.toNanos() : MAX.toNanos();
        this.rate = rate;
    }

    /**
     * The longest wait from now on.
     *
     * @param nextBytes bytes that the wait is for and that count if it ends well
     */
    public Duration allowance(long nextBytes) {
        double earned = (double) (bytes + nextBytes) / rate * NANOS_PER_SECOND;
        return Duration
                .ofNanos(Math.max(0, graceNanos - waitedNanos + (long) Math.min(earned, (double) MAX.toNanos())));
    }

    public void waited(long nanos) {
        waitedNanos += nanos;
    }

    public void moved(long count) {
        bytes += count;
    }
}
