package dev.heddle;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Times of day and year, in the five fields of Unix: minute, hour, day of the month, month, day of the week. With six
 * fields the first is the second.
 *
 * <p>A field is {@code *}, a number, a range {@code 1-5}, any of these with a step {@code *}{@code /15}, or several
 * with commas. Months and days have English names of three letters, too; Sunday is 0 and 7. If both the day of the
 * month and of the week are restricted, one of them is enough. A time that the clocks skip in spring comes as much
 * later; one that they repeat in autumn comes once, or, where each hour of a day is meant, twice.
 *
 * <pre>{@code
 * CronTicker nightly = Cron.of("0 3 * * *", ZoneId.of("Europe/Zurich")).ticker();
 * while (true) {
 *     report(nightly.awaitTick());
 * }
 * }</pre>
 *
 * <p>Threads: any; immutable.
 *
 * @see <a href="https://pubs.opengroup.org/onlinepubs/9799919799/utilities/crontab.html">crontab, POSIX.1-2024</a>
 */
public final class Cron {

    private static final List<String> MONTHS = List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep",
            "oct", "nov", "dec");
    private static final List<String> DAYS = List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");

    /** Between two 29th of February on the same day of the week there are at most so many years. */
    private static final int MAX_YEARS = 40;

    private final String expression;
    private final ZoneId zone;
    private final BitSet seconds;
    private final BitSet minutes;
    private final BitSet hours;
    private final BitSet days;
    private final BitSet months;
    private final BitSet weekdays;

    /** Whether one of the two kinds of days is enough. */
    private final boolean eitherDay;

    private Cron(String expression, ZoneId zone) {
        this.expression = expression;
        this.zone = zone;
        String[] fields = expression.trim().split("\\s+", -1);
        if (fields.length != 5 && fields.length != 6) {
            throw wrong("has " + fields.length
                    + " fields, not minute, hour, day, month, weekday, nor these behind the second");
        }
        int first = fields.length - 5;
        seconds = field(first == 0 ? "0" : fields[0], 0, 59, List.of());
        minutes = field(fields[first], 0, 59, List.of());
        hours = field(fields[first + 1], 0, 23, List.of());
        days = field(fields[first + 2], 1, 31, List.of());
        months = field(fields[first + 3], 1, 12, MONTHS);
        weekdays = field(fields[first + 4], 0, 7, DAYS);
        if (weekdays.get(7)) {
            weekdays.set(0);
        }
        eitherDay = !fields[first + 2].startsWith("*") && !fields[first + 4].startsWith("*");
        if (search(Instant.EPOCH) == null) {
            throw wrong("never comes");
        }
    }

    /**
     * Reads an expression.
     *
     * @param zone whose clocks are meant
     * @throws IllegalArgumentException if it is none, or a time that never comes
     */
    public static Cron of(String expression, ZoneId zone) {
        return new Cron(expression, zone);
    }

    /** A ticker at these times, from now on. On a loop. */
    public CronTicker ticker() {
        return new CronTicker(Heddle.currentLoop(), this);
    }

    /** The five or six fields. */
    public String expression() {
        return expression;
    }

    /** Whose clocks are meant. */
    public ZoneId zone() {
        return zone;
    }

    /** The first time after another. */
    public Instant next(Instant after) {
        return Objects.requireNonNull(search(after));
    }

    private @Nullable Instant search(Instant after) {
        return hours.cardinality() == 24 ? searchEachHour(after) : searchHours(after);
    }

    /** Goes by the hours that pass, so that none is left out where a clock is put back. */
    private @Nullable Instant searchEachHour(Instant after) {
        ZonedDateTime time = after.atZone(zone).truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
        int lastYear = time.getYear() + MAX_YEARS;
        while (time.getYear() <= lastYear) {
            if (!months.get(time.getMonthValue()) || !hasDay(time.toLocalDate())) {
                time = time.toLocalDate().plusDays(1).atStartOfDay(zone);
            } else {
                int second = minutes.get(time.getMinute()) ? seconds.nextSetBit(time.getSecond()) : -1;
                if (second >= 0) {
                    return time.withSecond(second).toInstant();
                }
                time = time.truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
            }
        }
        return null;
    }

    /** Goes by what a clock on the wall shows, so that what it skips or repeats comes once. */
    private @Nullable Instant searchHours(Instant after) {
        LocalDateTime time = LocalDateTime.ofInstant(after, zone).truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
        int lastYear = time.getYear() + MAX_YEARS;
        while (time.getYear() <= lastYear) {
            if (!months.get(time.getMonthValue())) {
                time = time.truncatedTo(ChronoUnit.DAYS).withDayOfMonth(1).plusMonths(1);
            } else if (!hasDay(time.toLocalDate())) {
                time = time.truncatedTo(ChronoUnit.DAYS).plusDays(1);
            } else if (!hours.get(time.getHour())) {
                time = time.truncatedTo(ChronoUnit.HOURS).plusHours(1);
            } else {
                int second = minutes.get(time.getMinute()) ? seconds.nextSetBit(time.getSecond()) : -1;
                if (second < 0) {
                    time = time.truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
                    continue;
                }
                time = time.withSecond(second);
                Instant found = time.atZone(zone).toInstant();
                if (found.isAfter(after)) {
                    return found;
                }
                time = time.plusSeconds(1);
            }
        }
        return null;
    }

    private boolean hasDay(LocalDate date) {
        boolean day = days.get(date.getDayOfMonth());
        boolean weekday = weekdays.get(date.getDayOfWeek().getValue() % 7);
        return eitherDay ? day || weekday : day && weekday;
    }

    private BitSet field(String text, int min, int max, List<String> names) {
        BitSet values = new BitSet();
        for (String part : text.split(",", -1)) {
            String[] steps = part.split("/", -1);
            String[] bounds = steps[0].split("-", -1);
            if (steps.length > 2 || bounds.length > 2) {
                throw wrong("has the field " + text);
            }
            boolean all = steps[0].equals("*");
            int from = all ? min : number(bounds[0], min, max, names);
            int to = all || (bounds.length == 1 && steps.length == 2)
                    ? max
                    : number(bounds[bounds.length - 1], min, max, names);
            int step = steps.length == 2 ? number(steps[1], 1, max, List.of()) : 1;
            if (from > to) {
                throw wrong("has the range " + part);
            }
            for (int value = from; value <= to; value += step) {
                values.set(value);
            }
        }
        return values;
    }

    private int number(String text, int min, int max, List<String> names) {
        int name = names.indexOf(text.toLowerCase(Locale.ROOT));
        int value = name >= 0 ? name + (names.size() == 12 ? 1 : 0) : digits(text);
        if (value < min || value > max) {
            throw wrong("has " + text + ", which is not between " + min + " and " + max);
        }
        return value;
    }

    private static int digits(String text) {
        if (text.isEmpty() || text.length() > 4 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        return Integer.parseInt(text);
    }

    private IllegalArgumentException wrong(String why) {
        return new IllegalArgumentException("the cron expression \"" + expression + "\" " + why);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Cron that && expression.equals(that.expression) && zone.equals(that.zone);
    }

    @Override
    public int hashCode() {
        return Objects.hash(expression, zone);
    }

    @Override
    public String toString() {
        return expression + " in " + zone;
    }
}
