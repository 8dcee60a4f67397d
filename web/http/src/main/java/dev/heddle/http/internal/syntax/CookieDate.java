package dev.heddle.http.internal.syntax;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The dates of cookies, which servers write in many ways: the parts are found by their looks (RFC 6265bis, section
 * 5.1.1).
 */
public final class CookieDate {

    private static final Pattern TIME = Pattern.compile("([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[^0-9].*)?");
    private static final Pattern DAY = Pattern.compile("([0-9]{1,2})(?:[^0-9].*)?");
    private static final Pattern YEAR = Pattern.compile("([0-9]{2,4})(?:[^0-9].*)?");
    private static final Pattern DELIMITERS = Pattern.compile("[\\x09\\x20-\\x2F\\x3B-\\x40\\x5B-\\x60\\x7B-\\x7E]+");
    private static final List<String> MONTHS = List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep",
            "oct", "nov", "dec");

    private CookieDate() {}

    /** The date; null if parts are missing or impossible. */
    public static @Nullable Instant parse(String text) {
        Matcher time = null;
        int day = -1;
        int month = -1;
        int year = -1;
        for (String token : DELIMITERS.split(text, -1)) {
            Matcher asTime = TIME.matcher(token);
            Matcher asDay = DAY.matcher(token);
            Matcher asYear = YEAR.matcher(token);
            int asMonth = token.length() < 3 ? -1 : MONTHS.indexOf(token.substring(0, 3).toLowerCase(Locale.ROOT));
            if (time == null && asTime.matches()) {
                time = asTime;
            } else if (day < 0 && asDay.matches()) {
                day = Integer.parseInt(asDay.group(1));
            } else if (month < 0 && asMonth >= 0) {
                month = asMonth + 1;
            } else if (year < 0 && asYear.matches()) {
                year = Integer.parseInt(asYear.group(1));
            }
        }
        if (time == null || day < 0 || month < 0 || year < 0) {
            return null;
        }
        return of(time, day, month, year < 70 ? year + 2000 : year < 100 ? year + 1900 : year);
    }

    private static @Nullable Instant of(Matcher time, int day, int month, int year) {
        if (year < 1601) {
            return null;
        }
        try {
            return LocalDateTime.of(
                    year,
                    month,
                    day,
                    Integer.parseInt(time.group(1)),
                    Integer.parseInt(time.group(2)),
                    Integer.parseInt(time.group(3)))
                    .toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            return null;
        }
    }
}
