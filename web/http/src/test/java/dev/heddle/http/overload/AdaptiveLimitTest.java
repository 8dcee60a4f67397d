package dev.heddle.http.overload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The limit goes up where all of it is used and little is slow, and down where much is. */
final class AdaptiveLimitTest {

    private static final long GOAL = 100;

    private final AdaptiveLimit limit = new AdaptiveLimit(12, 4, 20, GOAL, 0);

    private long now;

    /** Fills the limit and lets all of them end after a time. */
    private void round(int count, long nanos, boolean whole) {
        long start = now;
        for (int i = 0; i < count; i++) {
            assertTrue(limit.enter(false));
        }
        now += nanos;
        for (int i = 0; i < count; i++) {
            limit.leave(start, nanos, whole, now);
        }
        now++;
    }

    @Test
    void growsByOneForEachRoundThatUsesAllOfItUpToTheMost() {
        for (int expected = 12; expected < 20; expected++) {
            assertEquals(expected, limit.limit());
            round(expected, GOAL, true);
        }
        round(20, GOAL, true);
        assertEquals(20, limit.limit());
    }

    @Test
    void doesNotGrowWhereItIsNotUsed() {
        for (int i = 0; i < 50; i++) {
            round(11, 1, true);
        }
        assertEquals(12, limit.limit());
    }

    @Test
    void slowRoundsLowerItByASixthDownToTheLeast() {
        int[] expected = {10, 8, 6, 5, 4, 4};
        for (int each : expected) {
            while (limit.limit() > each) {
                round(limit.limit(), GOAL + 1, true);
            }
            assertEquals(each, limit.limit());
        }
        round(4, GOAL + 1, true);
        assertEquals(4, limit.limit());
    }

    @Test
    void oneOfTenMayBeSlow() {
        round(11, GOAL, true);
        round(1, GOAL + 1, true);
        assertEquals(12, limit.limit());
    }

    @Test
    void slowRequestsOfALimitThatIsNotUsedSayNothing() {
        for (int i = 0; i < 50; i++) {
            round(5, GOAL * 10, true);
        }
        assertEquals(12, limit.limit());
    }

    @Test
    void requestsFromBeforeAStepDownAreNotCountedAgain() {
        for (int i = 0; i < 12; i++) {
            assertTrue(limit.enter(false));
        }
        for (int i = 0; i < 11; i++) {
            limit.leave(0, GOAL + 1, true, 200);
            assertTrue(limit.enter(false));
        }
        now = 200;
        limit.leave(0, GOAL + 1, true, now);
        assertEquals(10, limit.limit());
        for (int i = 0; i < 11; i++) {
            limit.leave(199, GOAL * 5, true, 700);
        }
        assertEquals(10, limit.limit());
        assertEquals(0, limit.running());
    }

    @Test
    void whatFailedFastSaysNothingAndWhatFailedLateWasSlow() {
        for (int i = 0; i < 50; i++) {
            round(12, 1, false);
        }
        assertEquals(12, limit.limit());
        round(12, GOAL + 1, false);
        assertEquals(10, limit.limit());
    }

    @Test
    void priorityHasAReserveWhichEndsToo() {
        for (int i = 0; i < 12; i++) {
            assertTrue(limit.enter(false));
        }
        assertFalse(limit.enter(false));
        for (int i = 0; i < 8; i++) {
            assertTrue(limit.enter(true));
        }
        assertFalse(limit.enter(true));
        assertEquals(20, limit.running());
    }

    @Test
    void fewOldRequestsAreForgotten() {
        round(9, GOAL + 1, true);
        now += 20_000_000_000L;
        round(3, GOAL + 1, true);
        assertEquals(12, limit.limit());
    }
}
