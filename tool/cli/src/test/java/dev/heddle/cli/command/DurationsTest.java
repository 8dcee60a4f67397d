package dev.heddle.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Durations of the command line, with and without units, and what is none. */
final class DurationsTest {

    @Test
    void unitsAreUnderstood() {
        assertEquals(Duration.ofMillis(500), DurationText.parse("-t", "500ms"));
        assertEquals(Duration.ofSeconds(5), DurationText.parse("-t", "5s"));
        assertEquals(Duration.ofSeconds(90), DurationText.parse("-t", "1.5m"));
        assertEquals(Duration.ofHours(2), DurationText.parse("-t", "2h"));
    }

    @Test
    void bareNumberIsSeconds() {
        assertEquals(Duration.ofMillis(250), DurationText.parse("-t", "0.25"));
    }

    @Test
    void shortestAndTheLongestAreAccepted() {
        assertEquals(Duration.ofNanos(1), DurationText.parse("-t", "0.000000001s"));
        assertEquals(DurationText.MAX, DurationText.parse("-t", "24h"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "s", "5 s", "5S", "5sec", "-5s", "+5s", "1e3s", ".5s", "5.", "\u0665s", "PT5S",
            "1234567890s"})
    void whatIsNoDurationIsRefused(String text) {
        String message = assertThrows(UsageException.class, () -> DurationText.parse("-t", text)).getMessage();

        assertEquals("-t needs a duration such as 500ms, 5s or 2m, not \"" + text + "\"", message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0ms", "0.0s", "25h", "86400.1s", "999999999h"})
    void zeroAndMoreThanADayAreRefused(String text) {
        assertThrows(UsageException.class, () -> DurationText.parse("-t", text));
    }
}
