package dev.heddle.http.internal.server;

import dev.heddle.engine.Engine;
import dev.heddle.http.internal.syntax.HttpDate;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoField;

/**
 * The Date field of responses (RFC 9110, section 6.6.1), made anew once a second. For the tasks of one loop.
 *
 * <p>Whether the second is over is asked of the loop's last look at its clock. So a handler that computes across the
 * end of a second may get the one in which it began: its response is of that time too.
 */
final class DateLine {

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final ServerLoop loop;
    private byte[] line = {};
    private String value = "";
    private long validUntilNanos;

    DateLine(ServerLoop loop) {
        this.loop = loop;
    }

    /** The whole line with its end; the caller does not change it. */
    byte[] bytes() {
        if (line.length == 0 || loop.coarseNanos() - validUntilNanos >= 0) {
            make();
        }
        return line;
    }

    private void make() {
        Engine engine = loop.loop().engine();
        long now = engine.nanoTime();
        Instant wall = engine.now();
        value = HttpDate.format(wall);
        line = ("Date: " + value + "\r\n").getBytes(StandardCharsets.US_ASCII);
        validUntilNanos = now + NANOS_PER_SECOND - wall.get(ChronoField.NANO_OF_SECOND);
    }

    /** The value alone. */
    String value() {
        bytes();
        return value;
    }
}
