package dev.heddle.http.internal.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Instant;
import java.time.InstantSource;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Dates are read in the three forms of HTTP, and anything else is none. */
final class HttpDateTest {

    private static final InstantSource NOW = InstantSource.fixed(Instant.parse("2026-11-21T09:00:00Z"));

    private static @Nullable Instant parse(String text) {
        return HttpDate.parse(text, NOW);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            the form that is sent today       | Sun, 06 Nov 1994 08:49:37 GMT        | 1994-11-06T08:49:37Z
            the form of RFC 850               | Sunday, 06-Nov-94 08:49:37 GMT       | 1994-11-06T08:49:37Z
            the form of asctime               | Sun Nov  6 08:49:37 1994             | 1994-11-06T08:49:37Z
            asctime with a day of two digits  | Wed Nov 16 08:49:37 1994             | 1994-11-16T08:49:37Z
            a leap second                     | Sat, 31 Dec 2016 23:59:60 GMT        | 2016-12-31T23:59:59Z
            a leap second in asctime          | Sat Dec 31 23:59:60 2016             | 2016-12-31T23:59:59Z
            a leap day                        | Thu, 29 Feb 2024 00:00:00 GMT        | 2024-02-29T00:00:00Z
            a leap day of RFC 850             | Thursday, 29-Feb-96 00:00:00 GMT     | 1996-02-29T00:00:00Z
            two digits in this century        | Monday, 06-May-24 07:08:09 GMT       | 2024-05-06T07:08:09Z
            two digits fifty years ahead      | Saturday, 21-Nov-76 09:00:00 GMT     | 2076-11-21T09:00:00Z
            two digits further ahead are past | Sunday, 21-Nov-76 09:00:01 GMT       | 1976-11-21T09:00:01Z
            """)
    void dateIsReadInEachForm(String name, String text, Instant expected) {
        assertEquals(expected, parse(text), name);
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "", ",", "Sun", "junk", "Sun,", "Sun, ", "Mon, 06 Nov 1994 08:49:37 GMT", "Monday, 06-Nov-94 08:49:37 GMT",
            "Mon Nov  6 08:49:37 1994", "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 94 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 06 Nov 1994 08:49:37 +0100", "Sun, 06 Nov 1994 08:49:37",
            "sun, 06 nov 1994 08:49:37 gmt", "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:60:37 GMT",
            "Sun, 06 Nov 1994 08:49:61 GMT", "Sat, 31 Feb 2024 00:00:00 GMT", "Sunday, 06-Nov-1994 08:49:37 GMT",
            "Sun, 06-Nov-94 08:49:37 GMT", "Sun Nov 6 08:49:37 1994", "Sun Nov  6 08:49:37 94",
            " Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT ", "Thursday, 29-Feb-97 00:00:00 GMT",
            "1994-11-06T08:49:37Z", "784111777", "Sun, \u0660\u0666 Nov 1994 08:49:37 GMT"
    })
    void whatIsNoneOfThemIsNoDate(String text) {
        assertNull(parse(text));
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        assertEquals("Sun, 06 Nov 1994 08:49:37 GMT", HttpDate.format(Instant.parse("1994-11-06T08:49:37.9Z")));
        var random = new SplittableRandom(1);
        for (int i = 0; i < 10_000; i++) {
            Instant date = Instant.ofEpochSecond(random.nextLong(-2_000_000_000L, 250_000_000_000L));
            assertEquals(date, parse(HttpDate.format(date)));
        }
    }

    @Test
    void yearIsWrittenWithFourDigits() {
        assertEquals("Sat, 01 Jan 0000 00:00:00 GMT", HttpDate.format(Instant.parse("0000-01-01T00:00:00Z")));
        assertEquals("Mon, 03 Mar 0070 04:05:06 GMT", HttpDate.format(Instant.parse("0070-03-03T04:05:06Z")));
        assertEquals("Fri, 31 Dec 9999 23:59:59 GMT", HttpDate.format(Instant.parse("9999-12-31T23:59:59Z")));
        assertEquals("Sat, 01 Jan +10000 00:00:00 GMT", HttpDate.format(Instant.parse("+10000-01-01T00:00:00Z")));
    }

    @Test
    void anyBytesAreADateOrNone() {
        String[] dates = {
                "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"
        };
        var random = new SplittableRandom(2);
        int read = 0;
        for (int i = 0; i < 100_000; i++) {
            var text = new StringBuilder(dates[random.nextInt(dates.length)]);
            for (int wrong = random.nextInt(4); wrong > 0; wrong--) {
                int at = random.nextInt(text.length());
                char c = (char) (random.nextInt(8) == 0 ? random.nextInt(256) : ' ' + random.nextInt(32));
                if (random.nextBoolean()) {
                    text.setCharAt(at, c);
                } else {
                    text.deleteCharAt(at).insert(random.nextInt(text.length()), c);
                }
            }
            read += parse(text.toString()) == null ? 0 : 1;
        }
        assertEquals(true, read > 25_000 && read < 100_000, "read: " + read);
    }
}
