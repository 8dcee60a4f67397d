package dev.heddle.http.server;

import dev.heddle.engine.Engine;
import dev.heddle.http.internal.syntax.HttpDate;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoField;

/**
 * The Date field of responses (RFC 9110, section 6.6.1), made anew once a second. For the tasks of one loop.
 */
final class DateLine {

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
            value = HttpDate.format(wall);
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
