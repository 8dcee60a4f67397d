package dev.heddle.bench;

import java.util.Arrays;
import java.util.stream.IntStream;

/** The numbers of one measure of one side, a number a round. */
final class Samples {

    private final double[] inTurn;
    private final double[] sorted;

    /** At least one number. */
    Samples(double... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("no samples");
        }
        inTurn = values.clone();
        sorted = values.clone();
        Arrays.sort(sorted);
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
     */
    double ratioTo(Samples floor) {
        if (inTurn.length != floor.inTurn.length) {
            throw new IllegalArgumentException(
                    inTurn.length + " rounds cannot be compared with " + floor.inTurn.length);
        }
        return new Samples(IntStream.range(0, inTurn.length).mapToDouble(i -> inTurn[i] / floor.inTurn[i]).toArray())
                .median();
    }
}
