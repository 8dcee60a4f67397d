package dev.heddle.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The numbers of a simulation. */
final class SimRandomTest {

    @Test
    void numbersAreThoseOfSplitMix64() {
        SimRandom random = new SimRandom(0);
        assertEquals(0xE220A8397B1DCDAFL, random.nextLong());
        assertEquals(0x6E789E6AA1B965F4L, random.nextLong());
        assertEquals(0x06C45D188009454FL, random.nextLong());
    }

    @Test
    void numbersAgreeWithTheJdksForAnySeed() {
        for (long seed : new long[]{1, -1, Long.MIN_VALUE, 42}) {
            SimRandom ours = new SimRandom(seed);
            SplittableRandom theirs = new SplittableRandom(seed);
            for (int i = 0; i < 100; i++) {
                assertEquals(theirs.nextLong(), ours.nextLong());
            }
        }
    }

    @Test
    void numbersBelowABoundAreSpreadEvenly() {
        SimRandom random = new SimRandom(3);
        int[] counts = new int[10];
        for (int i = 0; i < 100_000; i++) {
            counts[random.below(10)]++;
        }
        for (int count : counts) {
            assertTrue(count > 9_000 && count < 11_000, () -> "count is " + count);
        }
    }

    @Test
    void boundOfOneGivesZeroAndOneBelowItIsRefused() {
        SimRandom random = new SimRandom(3);
        assertEquals(0, random.below(1));
        assertEquals(0, random.below(1L));
        assertThrows(IllegalArgumentException.class, () -> random.below(0));
        assertThrows(IllegalArgumentException.class, () -> random.below(-1L));
    }

    @Test
    void chancesOfZeroAndOneAreNeverAndAlways() {
        SimRandom random = new SimRandom(3);
        for (int i = 0; i < 1000; i++) {
            assertFalse(random.chance(0));
            assertTrue(random.chance(1));
        }
    }

    @Test
    void timesReachBothEndsOfTheirRange() {
        SimRandom random = new SimRandom(3);
        boolean least = false;
        boolean most = false;
        for (int i = 0; i < 100; i++) {
            long nanos = random.upTo(Duration.ofNanos(2)).toNanos();
            least |= nanos == 0;
            most |= nanos == 2;
            assertTrue(nanos >= 0 && nanos <= 2);
        }
        assertTrue(least && most);
        assertEquals(Duration.ZERO, random.upTo(Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> random.upTo(Duration.ofNanos(-1)));
    }

    @Test
    void oneOfTakesEveryElementInTheEnd() {
        SimRandom random = new SimRandom(3);
        boolean other = false;
        for (int i = 0; i < 100; i++) {
            other |= random.oneOf(List.of("a", "b")).equals("b");
        }
        assertTrue(other);
        assertThrows(IllegalArgumentException.class, () -> random.oneOf(List.of()));
    }

    @Test
    void drawingMoreFromOneStreamDoesNotChangeAnother() {
        SimRandom root = new SimRandom(9);
        SimRandom left = root.split();
        SimRandom right = root.split();
        SimRandom again = new SimRandom(9);
        SimRandom leftAgain = again.split();
        leftAgain.nextLong();
        leftAgain.nextLong();
        assertEquals(right.nextLong(), again.split().nextLong());
        assertNotEquals(left.nextLong(), right.nextLong());
    }
}
