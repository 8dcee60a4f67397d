package dev.heddle.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tries against a stored ratio: told as soon as it is clear, and seldom wrong. */
final class LossTestTest {

    private static final int MAX_TRIES = 6;

    private static LossTest of(double... ratios) {
        LossTest test = new LossTest(1);
        for (double ratio : ratios) {
            test.add(ratio);
        }
        return test;
    }

    @Test
    void oneTryTellsThatNothingIsLost() {
        assertTrue(of(1).isClear());
        assertFalse(of(1).isLoss());
    }

    @Test
    void lossTakesTwoTries() {
        assertFalse(of(1.2).isClear());
        assertTrue(of(1.2, 1.2).isClear());
        assertTrue(of(1.2, 1.2).isLoss());
    }

    @Test
    void wildTryCountsOnce() {
        assertFalse(of(1e9).isClear());
        assertFalse(of(1e9, 1, 1).isLoss());
        assertTrue(of(1.2, 1e-9, 1.2, 1.2).isLoss());
    }

    @Test
    void whatIsClearStaysSoWhateverComes() {
        assertTrue(of(1.2, 1.2, 1, 1, 1, 1, 1).isLoss());
        assertEquals(1, of(1.2, 1.2, 1, 1, 1, 1, 1).median());
        assertEquals(7, of(1.2, 1.2, 1, 1, 1, 1, 1).tries());
    }

    /** How often of ten thousand times it tells a loss, where tries differ by so much from each other. */
    @ParameterizedTest
    @CsvSource({"0.05, 0, 0, 1", "0.05, 0.2, 9990, 10000", "0.08, 0, 1, 60", "0.08, 0.2, 9600, 9999"})
    void isSeldomWrong(double deviation, double loss, int atLeast, int atMost) {
        Random random = new Random(3);
        int losses = 0;
        for (int i = 0; i < 10_000; i++) {
            LossTest test = new LossTest(1);
            while (!test.isClear() && test.tries() < MAX_TRIES) {
                test.add((1 + loss) * Math.exp(deviation * random.nextGaussian()));
            }
            losses += test.isLoss() ? 1 : 0;
        }
        assertTrue(losses >= atLeast && losses <= atMost, losses + " of 10,000");
    }
}
