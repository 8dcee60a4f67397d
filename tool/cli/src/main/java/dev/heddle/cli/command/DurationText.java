package dev.heddle.cli.command;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as people write them on a command line: {@code 500ms}, {@code 5s}, {@code 1.5m}, {@code 2h}; a bare number
 * is seconds.
 */
public final class DurationText {

    /** The longest duration that is accepted: nobody waits longer for a page, and nanoseconds still fit. */
    public static final Duration MAX = Duration.ofDays(1);

    private static final Pattern SHAPE = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?)(ms|s|m|h)?");

    private DurationText() {}

    /**
     * Reads a duration.
     *
     * @param option the option it belongs to, for the message
     * @throws UsageException if it is none, is zero, or is longer than {@link #MAX}
     */
    public static Duration parse(String option, String text) {
        Matcher matcher = SHAPE.matcher(text);
        if (!matcher.matches()) {
            throw new UsageException(
                    option + " needs a duration such as 500ms, 5s or 2m, not \"" + HumanFormat.printable(text) + "\"");
        }
        String unit = matcher.group(2);
        long unitNanos = switch (unit == null ? "s" : unit) {
            case "ms" -> 1_000_000L;
            case "m" -> 60_000_000_000L;
            case "h" -> 3_600_000_000_000L;
            default -> 1_000_000_000L;
        };
        BigDecimal nanos = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unitNanos));
        if (nanos.signum() == 0 || nanos.compareTo(BigDecimal.valueOf(MAX.toNanos())) > 0) {
            throw new UsageException(option + " needs a duration above 0 and up to 24h, not \"" + text + "\"");
        }
        return Duration.ofNanos(Math.max(1, nanos.longValue()));
    }
}
