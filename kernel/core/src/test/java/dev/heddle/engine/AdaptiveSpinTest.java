package dev.heddle.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** A loop spins before it sleeps where other threads have woken it soon, and seldom where that was in vain. */
final class AdaptiveSpinTest {

    private static final long FOREVER = Long.MAX_VALUE;

    private final AdaptiveSpin spin = new AdaptiveSpin(2, false, this::passing);
    private long now;

    @Test
    void loopThatNobodyHasWokenSleepsAtOnce() {
        assertFalse(spin.isDue());
        spin.slept(false);
        assertFalse(spin.isDue());
    }

    @Test
    void loopThatWasWokenSpinsUntilItsOwnEventsEndASleep() {
        spin.slept(true);
        assertTrue(spin.isDue());
        assertTrue(spin.isDue());
        spin.slept(false);
        assertFalse(spin.isDue());
    }

    @Test
    void oneProcessorIsNeverSpunOn() {
        var alone = new AdaptiveSpin(1, true, this::passing);
        assertFalse(alone.isDue());
        alone.slept(true);
        assertFalse(alone.isDue());
    }

    @Test
    void spinsInVainBecomeRareAndOneThatPaysMakesThemUsualAgain() {
        for (int expected : new int[]{1, 3, 7, 15, 31, 31}) {
            assertFalse(spin.await(() -> false, 1));
            assertEquals(expected, sleepsUntilDue());
        }
        for (int i = 0; i < 5; i++) {
            assertTrue(spin.await(() -> true, FOREVER));
            assertEquals(0, sleepsUntilDue());
        }
        assertFalse(spin.await(() -> false, 1));
        assertEquals(1, sleepsUntilDue());
    }

    @Test
    void oneSpinThatPaysAmongManyInVainKeepsThemRare() {
        for (int i = 0; i < 10; i++) {
            assertFalse(spin.await(() -> false, 1));
        }
        assertTrue(spin.await(() -> true, FOREVER));
        assertFalse(spin.await(() -> false, 1));
        assertEquals(31, sleepsUntilDue());
    }

    @Test
    void spinEndsWithTheTimeThatIsLeft() {
        assertFalse(spin.await(() -> false, FOREVER));
        assertEquals(AdaptiveSpin.MAX_NANOS, now, 200);
        int[] looks = new int[1];
        assertFalse(spin.await(() -> looks[0]++ < 0, 0));
        assertEquals(1, looks[0]);
    }

    @Test
    void loopSleepsNowAndThenWhereOnlyGivingTheProcessorAwayHelps() {
        spin.slept(true);
        int sleeps = 0;
        for (int i = 0; i < 10 * AdaptiveSpin.MAX_GIVEN_AWAY; i++) {
            if (spin.isDue()) {
                long end = now + AdaptiveSpin.MAX_NANOS / 2;
                assertTrue(spin.await(() -> now >= end, FOREVER));
            } else {
                sleeps++;
                spin.slept(true);
            }
        }
        assertEquals(9, sleeps);
    }

    /** A clock that goes on when it is looked at. */
    private long passing() {
        now += 100;
        return now;
    }

    private int sleepsUntilDue() {
        int sleeps = 0;
        spin.slept(true);
        while (!spin.isDue()) {
            sleeps++;
            spin.slept(true);
        }
        return sleeps;
    }
}
