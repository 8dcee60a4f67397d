package dev.heddle.http.internal.syntax;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The dates of HTTP (RFC 9110, section 5.6.7): written in one form, read in all three.
 *
 * <pre>
 *   Sun, 06 Nov 1994 08:49:37 GMT     the preferred form
 *   Sunday, 06-Nov-94 08:49:37 GMT    of RFC 850
 *   Sun Nov  6 08:49:37 1994          of asctime in C
 * </pre>
 *
 * <p>A cookie has others.
 */
public final class HttpDate {

    /** A year of two digits is never further in the future. */
    private static final int MAX_YEARS_AHEAD = 50;

    private static final int CENTURY = 100;

    /** Years beyond have a sign or more digits. */
    private static final int MAX_YEAR = 9999;

    private static final String[] DAYS = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    private static final String[] MONTHS = {
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    };

    private HttpDate() {}

    /** The date in the preferred form, in whole seconds. */
    public static String format(Instant date) {
        LocalDateTime time = LocalDateTime.ofEpochSecond(date.getEpochSecond(), 0, ZoneOffset.UTC);
        int year = time.getYear();
        if (year < 0 || year > MAX_YEAR) {
            return Forms.PREFERRED.format(date);
        }
        var text = new StringBuilder("Sun, 06 Nov 1994 08:49:37 GMT".length());
        text.append(DAYS[time.getDayOfWeek().getValue() - 1]).append(", ");
        twoDigits(text, time.getDayOfMonth()).append(' ').append(MONTHS[time.getMonthValue() - 1]).append(' ');
        twoDigits(twoDigits(text, year / CENTURY), year % CENTURY).append(' ');
        twoDigits(text, time.getHour()).append(':');
        twoDigits(text, time.getMinute()).append(':');
        return twoDigits(text, time.getSecond()).append(" GMT").toString();
    }

    private static StringBuilder twoDigits(StringBuilder text, int value) {
        return text.append((char) ('0' + value / 10)).append((char) ('0' + value % 10));
    }

    /**
     * Reads a date in any of the three forms; null if it is none, such as a day that does not exist or is another of
     * its week.
     *
     * @param clock knows the century of a year of two digits
     */
    public static @Nullable Instant parse(String text, InstantSource clock) {
        // A leap second is allowed, but no such time is known here.
        String known = text.replace(":60 ", ":59 ");
        int comma = known.indexOf(',');
        try {
            if (comma < 0) {
                return Instant.from(Forms.ASCTIME.parse(known));
            }
            if (comma == "Sun".length()) {
                return Instant.from(Forms.PREFERRED.parse(known));
            }
            LocalDateTime date = dated(LocalDateTime.parse(known.substring(comma + 1), Forms.RFC_850), clock);
            String day = date.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
            return day.equals(known.substring(0, comma)) ? date.toInstant(ZoneOffset.UTC) : null;
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** The latest year with the two digits that is not too far ahead. */
    private static LocalDateTime dated(LocalDateTime read, InstantSource clock) {
        LocalDateTime latest = LocalDateTime.ofInstant(clock.instant(), ZoneOffset.UTC).plusYears(MAX_YEARS_AHEAD);
        int year = latest.getYear() / CENTURY * CENTURY + read.getYear() % CENTURY;
        LocalDateTime date = LocalDateTime.of(
                year, read.getMonth(), 1, read.getHour(), read.getMinute(), read.getSecond())
                .withDayOfMonth(read.getDayOfMonth());
        return date.isAfter(latest) ? date.minusYears(CENTURY) : date;
    }

    /** Apart, since the JDK's formatters take a server's first answer many times as long as what is written here. */
    private static final class Forms {

        private static final DateTimeFormatter PREFERRED = strict("EEE, dd MMM uuuu HH:mm:ss 'GMT'");
        private static final DateTimeFormatter ASCTIME = strict("EEE MMM ppd HH:mm:ss uuuu");

        /** Behind the day of the week, of which this form has the whole name. */
        private static final DateTimeFormatter RFC_850 = new DateTimeFormatterBuilder()
                .appendPattern(" dd-MMM-")
                .appendValueReduced(ChronoField.YEAR, 2, 2, 2000)
                .appendPattern(" HH:mm:ss 'GMT'")
                .toFormatter(Locale.ENGLISH)
                .withResolverStyle(ResolverStyle.STRICT);

        private Forms() {}

        private static DateTimeFormatter strict(String pattern) {
            return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH)
                    .withResolverStyle(ResolverStyle.STRICT).withZone(ZoneOffset.UTC);
        }
    }
}
