package dev.heddle.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Numbers against a bound: told as soon as it is clear, and seldom wrong. */
final class SignTestTest {

    private static SignTest of(double... numbers) {
        SignTest test = new SignTest(10);
        for (double number : numbers) {
            test.add(number);
        }
        return test;
    }

    @Test
    void threeMoreOnASideAreClear() {
        assertFalse(of(11, 12).isClear());
        assertTrue(of(11, 12, 10.1).isClear());
        assertTrue(of(11, 12, 10.1).isAbove());
        assertTrue(of(9, 11, 9, 9, 10).isClear());
        assertFalse(of(9, 11, 9, 9, 10).isAbove());
    }

    @Test
    void whatIsClearStaysSoWhateverComes() {
        assertTrue(of(11, 11, 11, 9, 9, 9, 9, 9).isAbove());
        assertEquals(9, of(11, 11, 11, 9, 9, 9, 9, 9).median());
    }

    @Test
    void wildNumberCountsOnce() {
        assertFalse(of(9, 1e9, 9, 9, 9).isAbove());
        assertEquals(9, of(9, 1e9, 9, 9, 9).median());
    }

    /** How often it is wrong where so many of a hundred numbers are on the wrong side: once in so many runs or less. */
    @ParameterizedTest
    @CsvSource({"25, 27", "10, 600"})
    void isSeldomWrong(int wrong, int runs) {
        Random random = new Random(3);
        int misses = 0;
        int all = 100_000;
        for (int i = 0; i < all; i++) {
            SignTest test = new SignTest(10);
            while (!test.isClear()) {
                test.add(random.nextInt(100) < wrong ? 11 : 9);
            }
            misses += test.isAbove() ? 1 : 0;
        }
        assertTrue(misses > 0 && misses <= all / runs, misses + " of " + all);
    }
}
