package dev.heddle.process.internal.codec;

import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The types of the JDK whose text says all of them. The order is part of the protocol, which only one build speaks with
 * itself.
 */
@SuppressWarnings("ImmutableEnumChecker") // the parsers hold nothing
enum Textual {
    BIG_DECIMAL(BigDecimal.class, BigDecimal::new),
    DURATION(Duration.class, Duration::parse),
    INSTANT(Instant.class, Instant::parse),
    LOCAL_DATE(LocalDate.class, LocalDate::parse),
    LOCAL_TIME(LocalTime.class, LocalTime::parse),
    LOCAL_DATE_TIME(LocalDateTime.class, LocalDateTime::parse),
    OFFSET_DATE_TIME(OffsetDateTime.class, OffsetDateTime::parse),
    ZONED_DATE_TIME(ZonedDateTime.class, ZonedDateTime::parse),
    OFFSET_TIME(OffsetTime.class, OffsetTime::parse),
    YEAR(Year.class, text -> Year.of(Integer.parseInt(text))),
    YEAR_MONTH(YearMonth.class, Textual::yearMonth),
    MONTH_DAY(MonthDay.class, MonthDay::parse),
    PERIOD(Period.class, Period::parse),
    ZONE_ID(ZoneId.class, ZoneId::of),
    UUID_(UUID.class, UUID::fromString),
    URI_(URI.class, URI::create),
    PATH(Path.class, Path::of),
    LOCALE(Locale.class, Locale::forLanguageTag);

    private static final Textual[] ALL = values();

    private final Class<?> type;
    private final Function<String, Object> parser;

    Textual(Class<?> type, Function<String, Object> parser) {
        this.type = type;
        this.parser = parser;
    }

    /** Its own parser does not read what it prints of years beyond 9999. */
    private static YearMonth yearMonth(String text) {
        int dash = text.lastIndexOf('-');
        return YearMonth.of(Integer.parseInt(text.substring(0, dash)), Integer.parseInt(text.substring(dash + 1)));
    }

    /** The kind of a value; null if it is none of these. */
    static @Nullable Textual of(Object value) {
        for (Textual kind : ALL) {
            if (kind.type.isInstance(value)) {
                return kind;
            }
        }
        return null;
    }

    /** The kind of a number on the wire; null for one that does not exist. */
    static @Nullable Textual numbered(int number) {
        return number < 0 || number >= ALL.length ? null : ALL[number];
    }

    String text(Object value) {
        return value instanceof Locale locale ? locale.toLanguageTag() : value.toString();
    }

    Object parse(String text) {
        return parser.apply(text);
    }
}
