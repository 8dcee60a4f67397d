package dev.heddle.quic.internal;

import java.util.function.DoubleSupplier;

/**
 * The pace at which datagrams of a connection leave: its window evenly over a round trip, and not all at once (RFC 9002,
 * section 7.7). A queue on the way that is shorter than the window then need not lose any.
 *
 * <p>They leave in runs, which cost the system less than single ones. It waits for nothing itself: {@link #waitNanos} says
 * for how long the connection is to wait.
 *
 * <p>Threads: one loop's.
 */
final class Pace {

    /** A run has so many bytes, or lasts so long, whichever is more. */
    static final int RUN_BYTES = 4 * QuicheConfig.MAX_DATAGRAM_BYTES;

    static final long RUN_NANOS = 1_000_000;

    /** A little faster than the window would leave, so that it is what bounds a sender, and grows (RFC 9002, section 7.7). */
    private static final double HASTE = 1.25;

    private final DoubleSupplier nanosOfByte;

    /** How long a byte takes, in nanoseconds; 0 while nothing is paced. */
    private double byteNanos;

    private long runNanos;

    /** When all that has left would have left, had it left evenly. */
    private long evenNanos;

    /** Until when nothing may leave, behind a run. */
    private long heldUntilNanos;

    /** Whether all had left that there was to send: what was not used of the pace then is no more. */
    private boolean idle = true;

    /** @param nanosOfByte the least round trip by the bytes of the window, in nanoseconds; 0 if it is not known */
    Pace(DoubleSupplier nanosOfByte) {
        this.nanosOfByte = nanosOfByte;
    }

    /** From now on datagrams are paced: how long a round trip takes is known. */
    void begin(long nowNanos) {
        look();
        evenNanos = nowNanos;
        heldUntilNanos = nowNanos;
    }

    /** How long until another datagram may leave; 0 if it may now. */
    long waitNanos(long nowNanos) {
        if (byteNanos == 0) {
            return 0;
        }
        if (heldUntilNanos <= nowNanos && evenNanos - nowNanos >= runNanos) {
            look();
            heldUntilNanos = evenNanos - nowNanos >= runNanos ? evenNanos : nowNanos;
        }
        return Math.max(0, heldUntilNanos - nowNanos);
    }

    private void look() {
        byteNanos = nanosOfByte.getAsDouble() / HASTE;
        runNanos = Math.max(RUN_NANOS, (long) (RUN_BYTES * byteNanos));
    }

    /** A datagram leaves. */
    void left(long nowNanos, int bytes) {
        // What a timer was late is made good, up to a run.
        evenNanos = Math.max(evenNanos, idle ? nowNanos : nowNanos - runNanos) + (long) (bytes * byteNanos);
        idle = false;
    }

    /** There is nothing more to send for now, or the window has no room. */
    void rest() {
        idle = true;
    }
}
