package dev.heddle.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What something takes when nothing disturbs it. */
final class LeastTest {

    private static Least of(double... numbers) {
        Least least = new Least();
        for (double number : numbers) {
            least.add(number);
        }
        return least;
    }

    @Test
    void isSureWhenTheLeastOfThreeHasComeTwice() {
        assertFalse(of(10, 10).isSure());
        assertTrue(of(10, 10, 17).isSure());
        assertTrue(of(17, 10.2, 10).isSure());
        assertFalse(of(10, 11, 17).isSure());
    }

    @Test
    void isUnsureAgainWhenSomethingLessComes() {
        assertFalse(of(17, 17, 17, 10).isSure());
        assertTrue(of(17, 17, 17, 10, 10.1).isSure());
    }

    @Test
    void oneLuckyRoundAndAnyNumberOfDisturbedOnesDoNotCount() {
        assertEquals(10, of(17, 3, 17, 10, 17, 17).value());
    }

    @Test
    void ofOneNumberItIsThat() {
        assertEquals(10, of(10).value());
    }
}
