package dev.heddle.http.server;

import dev.heddle.engine.Engine;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.util.Locale;

/**
 * The Date field of responses (RFC 9110, section 6.6.1), made anew once a second. For the tasks of one loop.
 */
final class DateLine {

    /** The preferred form of a date (RFC 9110, section 5.6.7). */
    static final DateTimeFormatter FORMAT = DateTimeFormatter
            .ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final Engine engine;
    private byte[] line = {};
    private String value = "";
    private long validUntilNanos;

    DateLine(Engine engine) {
        this.engine = engine;
    }

    /** The whole line with its end; the caller does not change it. */
    byte[] bytes() {
        long now = engine.nanoTime();
        if (line.length == 0 || now - validUntilNanos >= 0) {
            Instant wall = engine.now();
            value = FORMAT.format(wall);
            line = ("Date: " + value + "\r\n").getBytes(StandardCharsets.US_ASCII);
            validUntilNanos = now + NANOS_PER_SECOND - wall.get(ChronoField.NANO_OF_SECOND);
        }
        return line;
    }

    /** The value alone. */
    String value() {
        bytes();
        return value;
    }
}
