package dev.heddle.bench;

/** The slope of a line by least squares: how fast something grows. */
final class Slope {

    private Slope() {}

    /**
     * The slope of the line that is nearest to some points by least squares: what one more costs, whatever the first
     * one did.
     *
     * @param x at least two numbers that are not all the same
     * @param y as many numbers
     */
    static double of(double[] x, double[] y) {
        if (x.length != y.length) {
            throw new IllegalArgumentException("no line goes through " + x.length + " and " + y.length + " numbers");
        }
        double meanX = mean(x);
        double meanY = mean(y);
        double together = 0;
        double alone = 0;
        for (int i = 0; i < x.length; i++) {
            together += (x[i] - meanX) * (y[i] - meanY);
            alone += (x[i] - meanX) * (x[i] - meanX);
        }
        if (alone == 0) {
            throw new IllegalArgumentException("all are at the same place, " + meanX);
        }
        return together / alone;
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }
}
