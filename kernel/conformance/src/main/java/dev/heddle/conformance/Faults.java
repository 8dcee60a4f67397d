package dev.heddle.conformance;

import java.time.Duration;

/**
 * The faults of the bytes that pass through a {@link FaultProxy} in one direction. Delay, jitter, rate and cutting are
 * harmless: every byte arrives, in order. The others lose something.
 */
public final class Faults {

    /** No limit of the rate. */
    public static final long UNLIMITED = Long.MAX_VALUE;

    /** Pieces are not cut. */
    public static final int WHOLE = Integer.MAX_VALUE;

    /** What never happens. */
    public static final long NEVER = Long.MAX_VALUE;

    /** Nothing goes wrong. */
    public static final Faults NONE = new Faults(
            Duration.ZERO, Duration.ZERO, UNLIMITED, WHOLE, NEVER, NEVER, NEVER, 0);

    private final Duration delay;
    private final Duration jitter;
    private final long bytesPerSecond;
    private final int pieceBytes;
    private final long stallAfterBytes;
    private final long endAfterBytes;
    private final long resetAfterBytes;
    private final double corruption;

    private Faults(Duration delay, Duration jitter, long bytesPerSecond, int pieceBytes, long stallAfterBytes,
            long endAfterBytes, long resetAfterBytes, double corruption) {
        checkTime("delay", delay);
        checkTime("jitter", jitter);
        checkAtLeast("bytesPerSecond", bytesPerSecond, 1);
        checkAtLeast("pieceBytes", pieceBytes, 1);
        checkAtLeast("stallAfterBytes", stallAfterBytes, 0);
        checkAtLeast("endAfterBytes", endAfterBytes, 0);
        checkAtLeast("resetAfterBytes", resetAfterBytes, 0);
        if (!(corruption >= 0 && corruption <= 1)) {
            throw new IllegalArgumentException("corruption is " + corruption + ", must be from 0 to 1");
        }
        this.delay = delay;
        this.jitter = jitter;
        this.bytesPerSecond = bytesPerSecond;
        this.pieceBytes = pieceBytes;
        this.stallAfterBytes = stallAfterBytes;
        this.endAfterBytes = endAfterBytes;
        this.resetAfterBytes = resetAfterBytes;
        this.corruption = corruption;
    }

    /** How much later everything arrives; zero or more. */
    public Duration delay() {
        return delay;
    }

    /** The most that is added to the delay, drawn anew for what comes together; the order is kept; zero or more. */
    public Duration jitter() {
        return jitter;
    }

    /** The most that passes; at least 1, {@link #UNLIMITED} for no limit. */
    public long bytesPerSecond() {
        return bytesPerSecond;
    }

    /**
     * The longest piece that is written at once, at least 1; lengths are drawn, and each power of two below is as
     * likely as another, so 1 is byte by byte and {@link #WHOLE} leaves all as it comes.
     */
    public int pieceBytes() {
        return pieceBytes;
    }

    /** After how many bytes reading stops for ever, so that the writer finds no more room; or {@link #NEVER}. */
    public long stallAfterBytes() {
        return stallAfterBytes;
    }

    /** After how many bytes the receiver sees a clean end; the rest is thrown away; or {@link #NEVER}. */
    public long endAfterBytes() {
        return endAfterBytes;
    }

    /** After how many bytes the connection is reset for both sides; or {@link #NEVER}. */
    public long resetAfterBytes() {
        return resetAfterBytes;
    }

    /** The chance of each byte to become another one; 0 to 1. */
    public double corruption() {
        return corruption;
    }

    private static void checkTime(String name, Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException(name + " is " + value + ", must not be negative");
        }
    }

    private static void checkAtLeast(String name, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " is " + value + ", must be at least " + least);
        }
    }

    /** Whether every byte arrives, in order, as long as both sides go on. */
    public boolean isHarmless() {
        return stallAfterBytes == NEVER && endAfterBytes == NEVER && resetAfterBytes == NEVER && corruption == 0;
    }

    /** These faults with another delay. */
    public Faults withDelay(Duration delay) {
        return new Faults(delay, jitter, bytesPerSecond, pieceBytes, stallAfterBytes, endAfterBytes, resetAfterBytes,
                corruption);
    }

    /** These faults with another jitter. */
    public Faults withJitter(Duration jitter) {
        return new Faults(delay, jitter, bytesPerSecond, pieceBytes, stallAfterBytes, endAfterBytes, resetAfterBytes,
                corruption);
    }

    /** These faults with another rate. */
    public Faults withBytesPerSecond(long bytesPerSecond) {
        return new Faults(delay, jitter, bytesPerSecond, pieceBytes, stallAfterBytes, endAfterBytes, resetAfterBytes,
                corruption);
    }

    /** These faults with pieces of another length. */
    public Faults withPieceBytes(int pieceBytes) {
        return new Faults(delay, jitter, bytesPerSecond, pieceBytes, stallAfterBytes, endAfterBytes, resetAfterBytes,
                corruption);
    }

    /** These faults with another place to stall. */
    public Faults withStallAfterBytes(long stallAfterBytes) {
        return new Faults(delay, jitter, bytesPerSecond, pieceBytes, stallAfterBytes, endAfterBytes, resetAfterBytes,
                corruption);
    }

    /** These faults with another early end. */
    public Faults withEndAfterBytes(long endAfterBytes) {
        return new Faults(delay, jitter, bytesPerSecond, pieceBytes, stallAfterBytes, endAfterBytes, resetAfterBytes,
                corruption);
    }

    /** These faults with another place to reset. */
    public Faults withResetAfterBytes(long resetAfterBytes) {
        return new Faults(delay, jitter, bytesPerSecond, pieceBytes, stallAfterBytes, endAfterBytes, resetAfterBytes,
                corruption);
    }

    /** These faults with another chance of each byte to become another one. */
    public Faults withCorruption(double corruption) {
        return new Faults(delay, jitter, bytesPerSecond, pieceBytes, stallAfterBytes, endAfterBytes, resetAfterBytes,
                corruption);
    }

    @Override
    public String toString() {
        return "Faults[delay=" + delay + ", jitter=" + jitter + ", bytesPerSecond=" + bytesPerSecond + ", pieceBytes="
                + pieceBytes + ", stallAfterBytes=" + stallAfterBytes + ", endAfterBytes=" + endAfterBytes
                + ", resetAfterBytes=" + resetAfterBytes + ", corruption=" + corruption + "]";
    }
}
