package dev.heddle.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * A test of whether a ratio has grown by a fifth, by tries that come one by one: a sequential test of likelihoods (Wald, Sequential
 * Tests of Statistical Hypotheses, 1945), which adds up how far each is from the middle between as stored and a fifth more.
 *
 * <p>One try that is clear tells that nothing is lost, a loss takes two at least, and no try counts for more than that,
 * however wild. Where tries deviate by 5 %, as on a busy virtual machine, a loss is told where there is none less than once
 * in ten thousand times, and one of a fifth is missed once in two thousand; where by 8 %, once in 300 and once in 36.
 */
final class LossTest {

    /** What is to be seen, as a part of the stored ratio. */
    static final double LOSS = 0.2;

    /** How far from the middle is clear, as a natural logarithm: as stored, or 1.6 % more. */
    private static final double CLEAR = 0.075;

    private final double middle;
    private final List<Double> ratios = new ArrayList<>();
    private double sum;

    LossTest(double stored) {
        this.middle = stored * Math.sqrt(1 + LOSS);
    }

    void add(double ratio) {
        ratios.add(ratio);
        if (!isClear()) {
            sum += Math.clamp(Math.log(ratio / middle), -CLEAR, CLEAR);
        }
    }

    boolean isClear() {
        return sum <= -CLEAR || sum >= 2 * CLEAR;
    }

    /** Whether it is a loss, by what has come. */
    boolean isLoss() {
        return sum > 0;
    }

    /** Of as many tries as have come. */
    int tries() {
        return ratios.size();
    }

    /** The median of what has come, at least one ratio. */
    double median() {
        return new Samples(ratios.stream().mapToDouble(Double::doubleValue).toArray()).median();
    }
}
