package dev.heddle.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** Median, least and most of the numbers that came. */
final class SamplesTest {

    @Test
    void medianIsTheMiddleInWhateverOrderTheNumbersCome() {
        assertEquals(3, new Samples(9, 1, 3).median());
    }

    @Test
    void medianOfAnEvenCountIsTheMeanOfTheTwoInTheMiddle() {
        assertEquals(2.5, new Samples(4, 1, 2, 3).median());
    }

    @Test
    void oneNumberIsItsOwnMedianLeastAndMost() {
        Samples one = new Samples(7);
        assertEquals(7, one.median());
        assertEquals(7, one.least());
        assertEquals(7, one.most());
    }

    @Test
    void leastAndTheMostAreTheEnds() {
        Samples samples = new Samples(5, -2, 8, 1);
        assertEquals(-2, samples.least());
        assertEquals(8, samples.most());
    }

    @Test
    void ratioIsTheMedianOfTheRatiosOfTheRounds() {
        assertEquals(1.5, new Samples(3, 6, 8).ratioTo(new Samples(2, 2, 8)));
        assertThrows(IllegalArgumentException.class, () -> new Samples(1).ratioTo(new Samples(1, 2)));
    }

    @Test
    void noNumbersAreRefused() {
        assertThrows(IllegalArgumentException.class, Samples::new);
    }

    @Test
    void roundsThatFailedAreCountedApart() {
        Samples samples = new Samples(3, Workload.CANNOT, 1, 2);
        assertEquals(1, samples.failures());
        assertEquals(4, samples.rounds());
        assertEquals(2, samples.median());
        assertEquals(3, samples.most());
    }

    @Test
    void whoFailedInAllRoundsHasNoNumber() {
        Samples none = new Samples(Workload.CANNOT, Workload.CANNOT);
        assertEquals(2, none.failures());
        assertEquals(Workload.CANNOT, none.median());
    }
}
