package dev.heddle.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Sizes, times and counts as people read them, safe for a terminal and the same in each locale. */
final class TextTest {

    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000_000_000L;

    @Test
    void sizesHaveThreeDigitsAndAUnit() {
        assertEquals("0 B", HumanFormat.bytes(0));
        assertEquals("1023 B", HumanFormat.bytes(1023));
        assertEquals("1.0 KiB", HumanFormat.bytes(1024));
        assertEquals("9.9 KiB", HumanFormat.bytes(10_188));
        assertEquals("10 KiB", HumanFormat.bytes(10_189));
        assertEquals("1023 KiB", HumanFormat.bytes(1023 * 1024));
        assertEquals("1.0 MiB", HumanFormat.bytes(1024 * 1024 - 1));
        assertEquals("8.0 EiB", HumanFormat.bytes(Long.MAX_VALUE));
    }

    @Test
    void timesHaveTheUnitThatFits() {
        assertEquals("0.0 ms", HumanFormat.time(0));
        assertEquals("0.4 ms", HumanFormat.time(400_000));
        assertEquals("9.9 ms", HumanFormat.time(9_949_999));
        assertEquals("10 ms", HumanFormat.time(9_950_000));
        assertEquals("999 ms", HumanFormat.time(999 * MILLI));
        assertEquals("1.00 s", HumanFormat.time(999 * MILLI + MILLI / 2));
        assertEquals("12.3 s", HumanFormat.time(12_345 * MILLI));
        assertEquals("2:05 min", HumanFormat.time(125 * SECOND));
        assertEquals("1:00 h", HumanFormat.time(3600 * SECOND));
        assertEquals("25:59 h", HumanFormat.time(25 * 3600 * SECOND + 3599 * SECOND));
    }

    @Test
    void ratesOfNoTimeAreADash() {
        assertEquals("-", HumanFormat.rate(5, 0));
        assertEquals("-", HumanFormat.byteRate(5, 0));
        assertEquals("2.5/s", HumanFormat.rate(5, 2 * SECOND));
        assertEquals("12,500/s", HumanFormat.rate(25_000, 2 * SECOND));
        assertEquals("1.0 KiB/s", HumanFormat.byteRate(2048, 2 * SECOND));
    }

    @Test
    void countsAgreeWithTheirNouns() {
        assertEquals("0 URLs", HumanFormat.count(0, "URL"));
        assertEquals("1 URL", HumanFormat.count(1, "URL"));
        assertEquals("1,000 URLs", HumanFormat.count(1000, "URL"));
    }

    @Test
    void localeChangesNothing() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            assertEquals("1,234,567", HumanFormat.count(1_234_567));
            assertEquals("1.5 KiB", HumanFormat.bytes(1536));
            assertEquals("1.25 s", HumanFormat.time(1250 * MILLI));
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void controlCharactersCannotReachATerminal() {
        assertEquals("a?[2Jb?c?d", HumanFormat.printable("a\u001b[2Jb\nc\u007fd"));
        assertEquals("a?b?c?d", HumanFormat.printable("a\u009bb\u2028c\u202ed"));
    }

    @Test
    void longTextIsCutAndNoCharacterInHalf() {
        assertEquals("abcdef", HumanFormat.cut("abcdef", 6));
        assertEquals("abc...", HumanFormat.cut("abcdefg", 6));
        assertEquals("ab...", HumanFormat.cut("ab\ud83d\ude00defg", 6));
        assertEquals("?...", HumanFormat.cut("\u001b" + "x".repeat(10_000_000), 4));
    }

    @Test
    void formatsBeyondTheFirstPlaneAreUnsafeToo() {
        assertEquals("a?b", HumanFormat.printable("a" + Character.toString(0xE0001) + "b"));
    }

    @Test
    void harmlessTextStaysAsItIs() {
        String text = "http://b\u00fccher.example/\ud83d\ude00";

        assertSame(text, HumanFormat.printable(text));
        assertEquals("\ud83d\ude00?", HumanFormat.printable("\ud83d\ude00\u0007"));
    }

    @Test
    void shortTimesHaveThreeDigits() {
        assertEquals("0 us", HumanFormat.shortTime(0));
        assertEquals("85 us", HumanFormat.shortTime(85_400));
        assertEquals("999 us", HumanFormat.shortTime(999_499));
        assertEquals("1.00 ms", HumanFormat.shortTime(999_500));
        assertEquals("9.99 ms", HumanFormat.shortTime(9_994_000));
        assertEquals("10.0 ms", HumanFormat.shortTime(9_995_000));
        assertEquals("99.9 ms", HumanFormat.shortTime(99_940_000));
        assertEquals("100 ms", HumanFormat.shortTime(99_960_000));
        assertEquals("1.25 s", HumanFormat.shortTime(1_250_000_000));
    }
}
