package dev.heddle.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What the gate holds on to: how a side of ours stood beside another when the ratio was stored.
 *
 * @param benchmark its name
 * @param side one of ours
 * @param measure without its unit; less is better
 * @param beside another side of the same benchmark, which is measured in the same run
 * @param ratio the median of the side to that of the other
 * @param noise by how much of the ratio it may be more in a later run
 */
record GateRow(String benchmark, String side, String measure, String beside, double ratio, double noise) {

    private static final String SEPARATOR = " | ";
    private static final int PARTS = 6;
    private static final double PERCENT = 100;

    /** The rows of a file; lines that begin with # and empty ones are for people. */
    static List<GateRow> parse(Stream<String> lines) {
        return lines.filter(line -> !isComment(line)).map(GateRow::parse).toList();
    }

    static boolean isComment(String line) {
        return line.isBlank() || line.startsWith("#");
    }

    /**
     * @throws IllegalArgumentException if it is no such line, or of something that is not measured
     */
    static GateRow parse(String line) {
        String[] parts = line.split(" *[|] *", -1);
        if (parts.length != PARTS || !parts[PARTS - 1].endsWith("%")) {
            throw new IllegalArgumentException("not 'benchmark | side | measure | beside | ratio | noise%': " + line);
        }
        String noise = parts[PARTS - 1].substring(0, parts[PARTS - 1].length() - 1);
        try {
            var row = new GateRow(parts[0].strip(), parts[1], parts[2], parts[3], Double.parseDouble(parts[4]),
                    Double.parseDouble(noise) / PERCENT);
            row.measureIn(row.known());
            return row;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a number, in: " + line, e);
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

    GateRow withRatio(double other) {
        return new GateRow(benchmark, side, measure, beside, other, noise);
    }

    /** As {@link #parse} reads it. */
    String line() {
        return String.join(SEPARATOR, benchmark, side, measure, beside, String.format(Locale.ROOT, "%.3f", ratio),
                String.format(Locale.ROOT, "%.0f%%", noise * PERCENT));
    }

    @Override
    public String toString() {
        return benchmark + ": " + side + ", " + measure + ", beside " + beside;
    }
}
