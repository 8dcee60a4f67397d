package dev.heddle.bench;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The numbers of one measure of one side, a number a round. Rounds in which it failed, {@link Workload#CANNOT}, are
 * told apart.
 */
final class Samples {

    private static final double[] FAILED = {Workload.CANNOT};

    private final double[] inTurn;
    private final double[] sorted;
    private final int failures;

    /** At least one number. */
    Samples(double... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("no samples");
        }
        inTurn = values.clone();
        double[] numbers = Arrays.stream(values).filter(value -> value != Workload.CANNOT).toArray();
        sorted = numbers.length == 0 ? FAILED.clone() : numbers;
        failures = values.length - numbers.length;
        Arrays.sort(sorted);
    }

    int rounds() {
        return inTurn.length;
    }

    /** In how many rounds it failed. */
    int failures() {
        return failures;
    }

    /** Whether there is a number: it has not failed in all rounds. */
    boolean isNumber() {
        return failures < inTurn.length;
    }

    double least() {
        return sorted[0];
    }

    double most() {
        return sorted[sorted.length - 1];
    }

    /** The middle one, or the mean of the two in the middle. */
    double median() {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /**
     * The median of the ratios of each round: a machine that has slow minutes has both sides of a round in them, where the
     * medians of the two might be of different minutes.
     *
     * @param floor the numbers of another side in the same rounds
     * @return {@link Workload#CANNOT} if it has no number; NaN if the other has none, or none in the same round
     */
    double ratioTo(Samples floor) {
        if (inTurn.length != floor.inTurn.length) {
            throw new IllegalArgumentException(
                    inTurn.length + " rounds cannot be compared with " + floor.inTurn.length);
        }
        if (!isNumber() && floor.isNumber()) {
            return Workload.CANNOT;
        }
        double[] ratios = IntStream.range(0, inTurn.length)
                .filter(i -> inTurn[i] != Workload.CANNOT && floor.inTurn[i] != Workload.CANNOT)
                .mapToDouble(i -> inTurn[i] / floor.inTurn[i])
                .toArray();
        return ratios.length == 0 ? Double.NaN : new Samples(ratios).median();
    }
}
