package dev.heddle.bench;

import java.util.List;

/**
 * What the gate holds on to: how a side of ours stood beside another when the ratio was stored.
 *
 * @param benchmark its name
 * @param side one of ours
 * @param measure without its unit; less is better
 * @param beside another side of the same benchmark, which is measured in the same run
 * @param noise by how much of the ratio it may be more in a later run
 * @param ratio the median of the side to that of the other; not a number where none is stored
 */
record GateRow(String benchmark, String side, String measure, String beside, double noise, double ratio) {

    /** The cells of a line before its ratios. */
    static final int CELLS = 5;

    private static final double PERCENT = 100;

    /**
     * Reads the cells of a line before its ratios.
     *
     * @throws IllegalArgumentException if they are none, or of something that is not measured
     */
    static GateRow parse(List<String> cells) {
        String noise = cells.getLast();
        if (!noise.endsWith("%")) {
            throw new IllegalArgumentException("not a noise in percent: " + noise);
        }
        try {
            double part = Double.parseDouble(noise.substring(0, noise.length() - 1)) / PERCENT;
            var row = new GateRow(cells.get(0), cells.get(1), cells.get(2), cells.get(3), part, Double.NaN);
            row.measureIn(row.known());
            return row;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a number: " + noise, e);
        }
    }

    /** The benchmark with the two sides alone, the other one first. */
    Benchmark known() {
        Benchmark whole = Suite.find(benchmark);
        return whole.with(List.of(whole.side(beside), whole.side(side)));
    }

    /** Which of the measures it is. */
    int measureIn(Benchmark of) {
        for (int i = 0; i < of.measures().size(); i++) {
            if (of.measures().get(i).name().equals(measure)) {
                return i;
            }
        }
        throw new IllegalArgumentException(benchmark + " does not measure '" + measure + "'");
    }

    /** The most that is still in order. */
    double bound() {
        return ratio * (1 + noise);
    }

    /** What is less than this is better by more than the noise. */
    double better() {
        return ratio / (1 + noise);
    }

    boolean isStored() {
        return !Double.isNaN(ratio);
    }

    GateRow withRatio(double other) {
        return new GateRow(benchmark, side, measure, beside, noise, other);
    }

    @Override
    public String toString() {
        return benchmark + ": " + side + ", " + measure + ", beside " + beside;
    }
}
