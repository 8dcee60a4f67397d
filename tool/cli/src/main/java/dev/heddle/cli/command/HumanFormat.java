package dev.heddle.cli.command;

import dev.heddle.internal.Amounts;
import java.util.Locale;

/**
 * Numbers, sizes and times as people read them, and text made safe for a terminal. All ASCII, the same in every locale.
 */
public final class HumanFormat {

    private static final String[] SIZES = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private HumanFormat() {}

    /** A count with thousands separators: {@code 1,234,567}. */
    public static String count(long count) {
        return Amounts.count(count);
    }

    /** A count with its noun: {@code 1 URL}, {@code 2 URLs}. */
    public static String count(long count, String noun) {
        return count(count) + " " + noun + (count == 1 ? "" : "s");
    }

    /** A size in at most four digits: {@code 512 B}, {@code 1.5 KiB}, {@code 312 MiB}. */
    public static String bytes(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        double size = bytes;
        int unit = -1;
        // Half a digit below the step, so that nothing is printed as "1024 KiB".
        while (size >= 1023.5 && unit < SIZES.length - 1) {
            size /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, size < 9.95 ? "%.1f %s" : "%.0f %s", size, SIZES[unit]);
    }

    /** A time in three digits: {@code 0.4 ms}, {@code 34 ms}, {@code 1.25 s}, {@code 2:05 min}. */
    public static String time(long nanos) {
        return Amounts.time(nanos);
    }

    /** A short time in three digits: {@code 85 us}, {@code 1.25 ms}, {@code 34.1 ms}; longer ones as {@link #time}. */
    public static String shortTime(long nanos) {
        if (nanos < 999_500) {
            return Math.round(nanos / 1e3) + " us";
        }
        double millis = nanos / 1e6;
        return millis < 99.95
                ? String.format(Locale.ROOT, millis < 9.995 ? "%.2f ms" : "%.1f ms", millis)
                : time(nanos);
    }

    /** A time of whole microseconds, milliseconds or seconds, such as a mark of an axis: {@code 20 us}, {@code 5 ms}. */
    public static String roundTime(long nanos) {
        return nanos < 1_000_000
                ? nanos / 1_000 + " us"
                : nanos < 1_000_000_000 ? nanos / 1_000_000 + " ms" : nanos / 1_000_000_000 + " s";
    }

    /** A count per second: {@code 8.3/s}, {@code 1,250/s}; zero time gives a dash. */
    public static String rate(long count, long nanos) {
        return Amounts.rate(count, nanos);
    }

    /** Bytes per second; zero time gives a dash. */
    public static String byteRate(long bytes, long nanos) {
        return nanos <= 0 ? "-" : bytes((long) (bytes * 1e9 / nanos)) + "/s";
    }

    /**
     * The text with everything that could move a cursor, colour a terminal, or break a line replaced by {@code ?}: it
     * may come from a stranger's server or list.
     */
    public static String printable(String text) {
        return text.codePoints().anyMatch(HumanFormat::isUnsafe) ? replaced(text) : text;
    }

    private static String replaced(String text) {
        var safe = new StringBuilder(text.length());
        text.codePoints().forEach(c -> safe.appendCodePoint(isUnsafe(c) ? '?' : c));
        return safe.toString();
    }

    /**
     * The text, safe for a terminal and cut where it is longer than so many characters, which three dots show.
     *
     * @param max at least 3
     */
    public static String cut(String text, int max) {
        if (text.length() <= max) {
            return printable(text);
        }
        int end = max - 3;
        boolean halves = end > 0 && Character.isHighSurrogate(text.charAt(end - 1));
        return printable(text.substring(0, halves ? end - 1 : end)) + "...";
    }

    /** Whether a character could move a cursor, colour a terminal, or break a line. */
    public static boolean isUnsafe(int c) {
        return switch (Character.getType(c)) {
            // Formats include the marks that reverse the reading direction.
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
