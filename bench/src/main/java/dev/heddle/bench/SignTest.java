package dev.heddle.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * Whether numbers that come one by one are mostly above a bound, told as soon as it is clear: a sequential test of signs
 * (Wald, Sequential Tests of Statistical Hypotheses, 1945). One number, however wild, counts once.
 *
 * <p>It ends when those on one side are {@value #LEAD} more than those on the other. Where a quarter of all numbers are on
 * the wrong side it is wrong once in 28 times, where a tenth are once in 730, and seldom needs more than four numbers.
 */
final class SignTest {

    private static final int LEAD = 3;

    private final double bound;
    private final List<Double> numbers = new ArrayList<>();

    /** How many more are above than below. */
    private int lead;

    SignTest(double bound) {
        this.bound = bound;
    }

    void add(double number) {
        numbers.add(number);
        if (!isClear()) {
            lead += number > bound ? 1 : -1;
        }
    }

    boolean isClear() {
        return Math.abs(lead) >= LEAD;
    }

    /** Whether those above are more, by what has come. */
    boolean isAbove() {
        return lead > 0;
    }

    /** The median of what has come, at least one number. */
    double median() {
        return new Samples(numbers.stream().mapToDouble(Double::doubleValue).toArray()).median();
    }
}
