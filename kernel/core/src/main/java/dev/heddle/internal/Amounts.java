package dev.heddle.internal;

import java.util.Locale;

/** Numbers, rates and times as people read them. All ASCII, the same in every locale. */
public final class Amounts {

    private Amounts() {}

    /** A count with thousands separators: {@code 1,234,567}. */
    public static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** A time in three digits: {@code 0.4 ms}, {@code 34 ms}, {@code 1.25 s}, {@code 2:05 min}. */
    public static String time(long nanos) {
        double millis = nanos / 1e6;
        if (millis < 9.95) {
            return String.format(Locale.ROOT, "%.1f ms", millis);
        }
        if (millis < 999.5) {
            return String.format(Locale.ROOT, "%.0f ms", millis);
        }
        double seconds = millis / 1e3;
        if (seconds < 99.95) {
            return String.format(Locale.ROOT, seconds < 9.995 ? "%.2f s" : "%.1f s", seconds);
        }
        long whole = Math.round(seconds);
        if (whole < 3600) {
            return String.format(Locale.ROOT, "%d:%02d min", whole / 60, whole % 60);
        }
        return String.format(Locale.ROOT, "%d:%02d h", whole / 3600, whole / 60 % 60);
    }

    /** A count per second: {@code 8.3/s}, {@code 1,250/s}; zero time gives a dash. */
    public static String rate(long count, long nanos) {
        if (nanos <= 0) {
            return "-";
        }
        double rate = count * 1e9 / nanos;
        return rate < 9.95 ? String.format(Locale.ROOT, "%.1f/s", rate) : count(Math.round(rate)) + "/s";
    }
}
