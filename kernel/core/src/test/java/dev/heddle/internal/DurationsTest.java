package dev.heddle.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Durations become nanoseconds within the bounds of the clock, and words for people. */
final class DurationsTest {

    @Test
    void negativeIsNothingAndTooLongIsForEver() {
        assertEquals(0, Durations.toNanos(Duration.ZERO));
        assertEquals(0, Durations.toNanos(Duration.ofNanos(-1)));
        assertEquals(0, Durations.toNanos(Duration.ofSeconds(Long.MIN_VALUE)));
        assertEquals(Durations.FOREVER, Durations.toNanos(Duration.ofSeconds(Long.MAX_VALUE, 999_999_999)));
        assertEquals(Durations.FOREVER, Durations.toNanos(Duration.ofDays(365 * 200)));
        assertEquals(1, Durations.toNanos(Duration.ofNanos(1)));
    }

    @Test
    void wordsAreForPeople() {
        assertEquals("0 s", Durations.words(Duration.ZERO));
        assertEquals("0.5 us", Durations.words(Duration.ofNanos(500)));
        assertEquals("250 ms", Durations.words(Duration.ofMillis(250)));
        assertEquals("1.5 s", Durations.words(Duration.ofMillis(1500)));
        assertEquals("90 s", Durations.words(Duration.ofSeconds(90)));
        assertEquals("2 min", Durations.words(Duration.ofMinutes(2)));
        assertEquals("1 h 30 min", Durations.words(Duration.ofMinutes(90)));
        assertEquals("24 h", Durations.words(Duration.ofDays(1)));
    }
}
