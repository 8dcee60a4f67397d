package dev.heddle.http.internal.client.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.http.Headers;
import dev.heddle.http.internal.client.call.Alternatives.Place;
import dev.heddle.http.internal.codec.ClientUrl.Origin;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Alt-Svc says (RFC 7838). */
final class AlternativesTest {

    private static final Origin ORIGIN = new Origin(true, "a.example", 443);
    private static final long DAY = TimeUnit.DAYS.toNanos(1);

    private final Alternatives known = new Alternatives();

    private boolean learn(String field, long now) {
        return known.learn(ORIGIN, Headers.of("Alt-Svc", field), now);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "h3=\":443\"                                      | a.example       | 443",
            "h3=\":443\"; ma=86400, h3-29=\":443\"; ma=86400  | a.example       | 443",
            "h2=\"b.example:1\", h3=\"b.example:8443\"        | b.example       | 8443",
            "h3-29=\":1\",h3=\":2\";ma=5; persist=1           | a.example       | 2",
            "h3=\"[2001:db8::1]:443\"                         | 2001:db8::1     | 443",
            "h3=\":1\", h3=\":2\"                             | a.example       | 1",
    })
    void placesOfHttp3AreLearnt(String field, String host, int port) {
        assertTrue(learn(field, 0));
        assertEquals(new Place(host, port), known.find(ORIGIN, 1));
        assertFalse(learn(field, 2), "it is known");
    }

    @ParameterizedTest
    @ValueSource(strings = {"clear", "h2=\":443\"", "h3-29=\":443\"", "h3=443", "h3=\":0\"", "h3=\":65536\"",
            "h3=\":\"", "",
            "xh3=\":443\"", "h3=\":443"})
    void whatIsNoPlaceOfHttp3TakesItBack(String field) {
        assertTrue(learn("h3=\":443\"", 0));
        assertFalse(learn(field, 1));
        assertNull(known.find(ORIGIN, 2));
    }

    @Test
    void silenceChangesNothing() {
        assertTrue(learn("h3=\":443\"", 0));
        assertFalse(known.learn(ORIGIN, Headers.EMPTY, 1));
        assertEquals(new Place("a.example", 443), known.find(ORIGIN, 2));
    }

    @Test
    void placesEndWithTheirTime() {
        learn("h3=\":443\"; ma=10", 0);
        assertEquals(new Place("a.example", 443), known.find(ORIGIN, TimeUnit.SECONDS.toNanos(9)));
        assertNull(known.find(ORIGIN, TimeUnit.SECONDS.toNanos(10)));
        assertTrue(learn("h3=\":443\"", DAY), "it is new again");
        assertEquals(new Place("a.example", 443), known.find(ORIGIN, 2 * DAY - 1));
        assertNull(known.find(ORIGIN, 2 * DAY));
    }

    @Test
    void oneThatDoesNotWorkIsLeftAloneForLongerEachTime() {
        long now = 0;
        for (int seconds : List.of(10, 20, 40, 80, 160, 300, 300)) {
            assertTrue(learn("h3=\":443\"", now), "it is new again");
            known.failed(ORIGIN, now);
            now += TimeUnit.SECONDS.toNanos(seconds);
            assertFalse(learn("h3=\":443\"", now - 1));
            assertNull(known.find(ORIGIN, now - 1));
        }
        assertTrue(learn("h3=\":443\"", now));
        known.worked(ORIGIN, 1);
        known.failed(ORIGIN, now);
        assertTrue(learn("h3=\":443\"", now + TimeUnit.SECONDS.toNanos(10)));
    }

    @Test
    void oneMissIsNoVerdictAndTheSecondIsOne() {
        learn("h3=\":443\"", 0);
        known.missed(ORIGIN, 1);
        assertEquals(new Place("a.example", 443), known.find(ORIGIN, 2));
        assertTrue(learn("h3=\":443\"", 2), "it is tried once more");
        known.missed(ORIGIN, 3);
        assertNull(known.find(ORIGIN, 4));
        long later = TimeUnit.SECONDS.toNanos(11);
        assertTrue(learn("h3=\":443\"", later));
        known.missed(ORIGIN, later);
        assertNull(known.find(ORIGIN, later), "it has not worked since");
        assertFalse(learn("h3=\":443\"", later + TimeUnit.SECONDS.toNanos(19)));
    }

    @Test
    void missesBetweenSuccessesDoNotAddUp() {
        learn("h3=\":443\"", 0);
        for (int i = 0; i < 5; i++) {
            known.missed(ORIGIN, i);
            known.worked(ORIGIN, 1);
        }
        assertFalse(learn("h3=\":443\"", 6));
        assertEquals(new Place("a.example", 443), known.find(ORIGIN, 7));
    }

    @Test
    void headStartIsHalfAsLongAgainAsItLastTook() {
        assertEquals(Duration.ofMillis(300), known.headStart(ORIGIN));
        learn("h3=\":443\"", 0);
        assertEquals(Duration.ofMillis(300), known.headStart(ORIGIN));
        known.worked(ORIGIN, TimeUnit.MILLISECONDS.toNanos(60));
        assertEquals(Duration.ofMillis(90), known.headStart(ORIGIN));
        known.worked(ORIGIN, TimeUnit.MILLISECONDS.toNanos(1));
        assertEquals(Alternatives.MIN_HEAD_START, known.headStart(ORIGIN));
        known.missed(ORIGIN, 1);
        assertEquals(Duration.ofMillis(300), known.headStart(ORIGIN), "it may need longer now");
        known.worked(ORIGIN, TimeUnit.SECONDS.toNanos(1));
        assertEquals(Alternatives.MAX_HEAD_START, known.headStart(ORIGIN));
    }

    @Test
    void noMoreThanAThousandOriginsAreKept() {
        for (int i = 0; i < 3_000; i++) {
            known.learn(new Origin(true, "host" + i, 443), Headers.of("Alt-Svc", "h3=\":443\"; ma=60"), 0);
        }
        assertFalse(learn("h3=\":443\"", 1));
        assertTrue(learn("h3=\":443\"", TimeUnit.MINUTES.toNanos(2)), "the others are over");
    }
}
