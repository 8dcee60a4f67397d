package dev.heddle.bench;

import java.util.List;

/**
 * A row of the gate: how a side of ours stood beside another when the ratio was stored.
 *
 * @param benchmark its name
 * @param side one of ours
 * @param measure without its unit; less is better
 * @param beside another side of the same benchmark, which is measured in the same run
 * @param ratio what the side takes of what the other takes; not a number where none is stored
 */
record GateRow(String benchmark, String side, String measure, String beside, double ratio) {

    /** The cells of a line before its ratios. */
    static final int CELLS = 4;

    /**
     * Reads the cells of a line before its ratios.
     *
     * @throws IllegalArgumentException if they are none, or of something that is not measured
     */
    static GateRow parse(List<String> cells) {
        var row = new GateRow(cells.get(0), cells.get(1), cells.get(2), cells.get(3), Double.NaN);
        row.measureIn(row.known());
        return row;
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

    boolean isStored() {
        return !Double.isNaN(ratio);
    }

    GateRow withRatio(double other) {
        return new GateRow(benchmark, side, measure, beside, other);
    }

    @Override
    public String toString() {
        return benchmark + ": " + side + ", " + measure + ", beside " + beside;
    }
}
