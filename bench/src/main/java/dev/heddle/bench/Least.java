package dev.heddle.bench;

/**
 * What something takes when nothing disturbs it: the second least of what is measured. A disturbance only adds; the least
 * itself may be luck, as where a collection fell into the pause before it.
 *
 * <p>Why not the median: a processor of a virtual machine that shares its core takes half as much again while its neighbour
 * works, some code less and some more, and which of the rounds that hits is chance (decision 0048).
 */
final class Least {

    private static final int FEWEST = 3;
    private static final double NEAR = 1.03;

    private double least = Double.POSITIVE_INFINITY;
    private double second = Double.POSITIVE_INFINITY;
    private int count;

    void add(double number) {
        count++;
        if (number < least) {
            second = least;
            least = number;
        } else if (number < second) {
            second = number;
        }
    }

    /** Whether the least has come twice, but for a few percent. */
    boolean isSure() {
        return count >= FEWEST && second <= least * NEAR;
    }

    /** After at least one number. */
    double value() {
        return count == 1 ? least : second;
    }
}
