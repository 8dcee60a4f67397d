package dev.heddle.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Locale;
import org.junit.jupiter.api.Test;

class TextTest {

    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000_000_000L;

    @Test
    void sizesHaveThreeDigitsAndAUnit() {
        assertEquals("0 B", Text.bytes(0));
        assertEquals("1023 B", Text.bytes(1023));
        assertEquals("1.0 KiB", Text.bytes(1024));
        assertEquals("9.9 KiB", Text.bytes(10_188));
        assertEquals("10 KiB", Text.bytes(10_189));
        assertEquals("1023 KiB", Text.bytes(1023 * 1024));
        assertEquals("1.0 MiB", Text.bytes(1024 * 1024 - 1));
        assertEquals("8.0 EiB", Text.bytes(Long.MAX_VALUE));
    }

    @Test
    void timesHaveTheUnitThatFits() {
        assertEquals("0.0 ms", Text.time(0));
        assertEquals("0.4 ms", Text.time(400_000));
        assertEquals("9.9 ms", Text.time(9_949_999));
        assertEquals("10 ms", Text.time(9_950_000));
        assertEquals("999 ms", Text.time(999 * MILLI));
        assertEquals("1.00 s", Text.time(999 * MILLI + MILLI / 2));
        assertEquals("12.3 s", Text.time(12_345 * MILLI));
        assertEquals("2:05 min", Text.time(125 * SECOND));
        assertEquals("1:00 h", Text.time(3600 * SECOND));
        assertEquals("25:59 h", Text.time(25 * 3600 * SECOND + 3599 * SECOND));
    }

    @Test
    void ratesOfNoTimeAreADash() {
        assertEquals("-", Text.rate(5, 0));
        assertEquals("-", Text.byteRate(5, 0));
        assertEquals("2.5/s", Text.rate(5, 2 * SECOND));
        assertEquals("12,500/s", Text.rate(25_000, 2 * SECOND));
        assertEquals("1.0 KiB/s", Text.byteRate(2048, 2 * SECOND));
    }

    @Test
    void countsAgreeWithTheirNouns() {
        assertEquals("0 URLs", Text.count(0, "URL"));
        assertEquals("1 URL", Text.count(1, "URL"));
        assertEquals("1,000 URLs", Text.count(1000, "URL"));
    }

    @Test
    void theLocaleChangesNothing() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            assertEquals("1,234,567", Text.count(1_234_567));
            assertEquals("1.5 KiB", Text.bytes(1536));
            assertEquals("1.25 s", Text.time(1250 * MILLI));
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void controlCharactersCannotReachATerminal() {
        assertEquals("a?[2Jb?c?d", Text.printable("a\u001b[2Jb\nc\u007fd"));
        assertEquals("a?b?c?d", Text.printable("a\u009bb\u2028c\u202ed"));
    }

    @Test
    void harmlessTextStaysAsItIs() {
        String text = "http://b\u00fccher.example/\ud83d\ude00";

        assertSame(text, Text.printable(text));
        assertEquals("\ud83d\ude00?", Text.printable("\ud83d\ude00\u0007"));
    }

    @Test
    void shortTimesHaveThreeDigits() {
        assertEquals("0 us", Text.shortTime(0));
        assertEquals("85 us", Text.shortTime(85_400));
        assertEquals("999 us", Text.shortTime(999_499));
        assertEquals("1.00 ms", Text.shortTime(999_500));
        assertEquals("9.99 ms", Text.shortTime(9_994_000));
        assertEquals("10.0 ms", Text.shortTime(9_995_000));
        assertEquals("99.9 ms", Text.shortTime(99_940_000));
        assertEquals("100 ms", Text.shortTime(99_960_000));
        assertEquals("1.25 s", Text.shortTime(1_250_000_000));
    }
}
