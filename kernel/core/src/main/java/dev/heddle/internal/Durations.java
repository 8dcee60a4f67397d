package dev.heddle.internal;

import java.time.Duration;

/** Durations as nanoseconds, without overflow: anything beyond 146 years is for ever. */
public final class Durations {

    public static final long FOREVER = Long.MAX_VALUE / 2;

    private Durations() {}

    /** Zero for a negative duration, {@link #FOREVER} for one too long to count. */
    public static long toNanos(Duration duration) {
        if (duration.isNegative()) {
            return 0;
        }
        if (duration.toSeconds() >= FOREVER / 1_000_000_000L) {
            return FOREVER;
        }
        return duration.toNanos();
    }

    /** The shorter of two. */
    public static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    /** The longer of two. */
    public static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    /** A duration for people: {@code 5 s}, {@code 250 ms}, {@code 1 h 30 min}. */
    public static String words(Duration duration) {
        long nanos = toNanos(duration);
        if (nanos >= 3_600_000_000_000L) {
            long minutes = nanos / 60_000_000_000L % 60;
            return nanos / 3_600_000_000_000L + " h" + (minutes == 0 ? "" : " " + minutes + " min");
        }
        return inUnit(nanos);
    }

    private static String inUnit(long nanos) {
        if (nanos >= 60_000_000_000L && nanos % 60_000_000_000L == 0) {
            return nanos / 60_000_000_000L + " min";
        }
        if (nanos >= 1_000_000_000L) {
            return decimal(nanos, 1_000_000_000L) + " s";
        }
        if (nanos >= 1_000_000L) {
            return decimal(nanos, 1_000_000L) + " ms";
        }
        return nanos == 0 ? "0 s" : decimal(nanos, 1_000L) + " us";
    }

    private static String decimal(long nanos, long unit) {
        long tenths = Math.round(nanos * 10.0 / unit);
        return tenths % 10 == 0 ? Long.toString(tenths / 10) : tenths / 10 + "." + tenths % 10;
    }
}
