package dev.heddle.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.DeadlineExceededException;
import dev.heddle.io.TlsException;
import dev.heddle.io.TruncatedException;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Which failures are tried again, when, and which must not be. */
final class RetryTest {

    @Test
    void onlyStatusesThatMayChangeAreTriedAgain() {
        for (int status : new int[]{408, 425, 429, 500, 502, 503, 504}) {
            assertTrue(Retry.isWorthwhile(status, true), "" + status);
        }
        for (int status : new int[]{200, 204, 301, 304, 400, 401, 403, 404, 410, 451, 501, 505}) {
            assertFalse(Retry.isWorthwhile(status, true), "" + status);
        }
    }

    @Test
    void brokenConnectionsAreTriedAgainAndWhatStaysAsItIsIsNot() {
        assertTrue(Retry.isWorthwhile(new BrokenException("reset"), true));
        assertTrue(Retry.isWorthwhile(new TruncatedException("cut off"), true));
        assertFalse(Retry.isWorthwhile(new TlsException("expired"), true));
        assertFalse(Retry.isWorthwhile(new DeadlineExceededException("too late"), true));
        assertFalse(Retry.isWorthwhile(new IllegalArgumentException("no URL"), true));
    }

    @Test
    void whatMustNotArriveTwiceIsTriedAgainOnlyIfItWasNotLookedAt() {
        assertTrue(Retry.isWorthwhile(429, false));
        assertTrue(Retry.isWorthwhile(503, false));
        assertFalse(Retry.isWorthwhile(500, false));
        assertFalse(Retry.isWorthwhile(504, false));
        assertFalse(Retry.isWorthwhile(new BrokenException("reset"), false));
    }

    @Test
    void waitDoublesUpToItsLimitAndIsSpread() {
        Random random = new Random(1);
        for (int failures = 1; failures <= 100; failures++) {
            long full = Math.min(Retry.BACKOFF.max().toNanos(),
                    Retry.BACKOFF.first().toNanos() << Math.min(20, failures - 1));
            for (int i = 0; i < 100; i++) {
                long delay = Retry.delayNanos(failures, random.nextLong(), "");
                assertTrue(delay >= full / 2 && delay <= full, failures + ": " + delay);
            }
        }
    }

    @Test
    void serverThatSaysWhenToComeBackIsBelieved() {
        assertEquals(Duration.ofSeconds(120).toNanos(), Retry.delayNanos(1, 0, "120"));
        assertEquals(Retry.BACKOFF.first().toNanos() / 2, Retry.delayNanos(1, 0, "0"));
    }

    @Test
    void strangeTimeToComeBackIsIgnored() {
        for (String value : new String[]{"Fri, 31 Dec 1999 23:59:59 GMT", "-5", "1e9", "9999999999", "\u0665", " 5"}) {
            assertEquals(Retry.BACKOFF.first().toNanos() / 2, Retry.delayNanos(1, 0, value), value);
        }
    }
}
