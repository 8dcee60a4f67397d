package dev.heddle.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** A loop spins before it sleeps where other threads have woken it soon, and seldom where that was in vain. */
final class AdaptiveSpinTest {

    private final AdaptiveSpin spin = new AdaptiveSpin(2, false);

    @Test
    void loopThatNobodyHasWokenSleepsAtOnce() {
        assertFalse(spin.isDue());
        spin.notWoken();
        assertFalse(spin.isDue());
    }

    @Test
    void loopThatWasWokenSoonSpinsUntilItsOwnEventsWakeIt() {
        spin.wokenAfter(AdaptiveSpin.SOON_NANOS);
        assertTrue(spin.isDue());
        assertTrue(spin.isDue());
        spin.notWoken();
        assertFalse(spin.isDue());
    }

    @Test
    void loopThatWasWokenLateSleepsAtOnce() {
        spin.wokenAfter(AdaptiveSpin.SOON_NANOS);
        spin.wokenAfter(AdaptiveSpin.SOON_NANOS + 1);
        assertFalse(spin.isDue());
    }

    @Test
    void oneProcessorIsNeverSpunOn() {
        var alone = new AdaptiveSpin(1, true);
        assertFalse(alone.isDue());
        alone.wokenAfter(0);
        assertFalse(alone.isDue());
    }

    @Test
    void spinsInVainBecomeRareAndOneThatPaysMakesThemUsualAgain() {
        for (int expected : new int[]{1, 3, 7, 15, 31, 31}) {
            assertFalse(spin.await(() -> false, 1));
            assertEquals(expected, sleepsUntilDue());
        }
        assertTrue(spin.await(() -> true, Long.MAX_VALUE));
        assertEquals(0, sleepsUntilDue());
        assertFalse(spin.await(() -> false, 1));
        assertEquals(1, sleepsUntilDue());
    }

    @Test
    void spinEndsWithTheTimeThatIsLeft() {
        long begun = System.nanoTime();
        assertFalse(spin.await(() -> false, Long.MAX_VALUE));
        assertTrue(System.nanoTime() - begun >= AdaptiveSpin.MAX_NANOS);
        int[] looks = new int[1];
        assertFalse(spin.await(() -> looks[0]++ < 0, 0));
        assertEquals(1, looks[0]);
    }

    private int sleepsUntilDue() {
        int sleeps = 0;
        spin.wokenAfter(0);
        while (!spin.isDue()) {
            sleeps++;
            spin.wokenAfter(0);
        }
        return sleeps;
    }
}
