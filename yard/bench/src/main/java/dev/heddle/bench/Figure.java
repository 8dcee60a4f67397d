package dev.heddle.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The figures of a benchmark: a line for each side and measure, as people and pages read them.
 *
 * @param what what was done, and how many rounds
 * @param measured when and where it was, and who could not take part
 */
record Figure(String name, String what, String measured, List<Line> lines) {

    /** In place of a number, of a side that failed at it. */
    private static final String CANNOT = "cannot";

    /** Less than this shows as zero, and a multiple of zero says nothing. */
    private static final double MIN_FLOOR = 0.005;

    private static final String HEAD = "side\twhose\tmeasure\tmedian\tmin .. max\tratio\ttarget";
    private static final String OURS = "Heddle's";
    private static final String PEER = "a peer's";
    private static final int CELLS = 7;

    Figure {
        lines = List.copyOf(lines);
    }

    /**
     * One measure of one side.
     *
     * @param measure with its unit
     * @param median a number, or that the side cannot
     * @param range the least and the most of the rounds
     * @param ratio to the first side; empty where it says nothing
     * @param target the verdict; empty without one
     */
    record Line(String side, boolean ours, String measure, String median, String range, String ratio, String target) {

        private Losses.Row row(String benchmark) {
            return new Losses.Row(benchmark, side, measure, median, ratio, target, ours);
        }

        private String text() {
            return String.join("\t", side, ours ? OURS : PEER, measure, median, range, ratio, target);
        }

        private static Line parse(String text) {
            String[] cells = text.split("\t", -1);
            if (cells.length != CELLS || !List.of(OURS, PEER).contains(cells[1])) {
                throw new IllegalArgumentException("no line of a figure: " + text);
            }
            return new Line(cells[0], cells[1].equals(OURS), cells[2], cells[3], cells[4], cells[5], cells[6]);
        }
    }

    /**
     * The figure of an outcome.
     *
     * @param circumstances when it was, how busy the machine and how long it took, without a full stop
     */
    static Figure of(Outcome outcome, String circumstances) {
        Benchmark benchmark = outcome.benchmark();
        List<Line> lines = new ArrayList<>();
        for (int measure = 0; measure < benchmark.measures().size(); measure++) {
            Samples floor = outcome.samples().getFirst().get(measure);
            for (int side = 0; side < benchmark.sides().size(); side++) {
                Samples samples = outcome.samples().get(side).get(measure);
                if (!Double.isNaN(samples.median())) {
                    lines.add(line(benchmark.sides().get(side), benchmark.measures().get(measure), samples, floor));
                }
            }
        }
        return new Figure(benchmark.name(), benchmark.what() + ". " + benchmark.rounds() + " rounds.",
                Stream.concat(Stream.of(circumstances), outcome.absent().stream().map(Report::absence))
                        .collect(Collectors.joining(". ", "", ".")),
                lines);
    }

    private static Line line(Side side, Measure measure, Samples samples, Samples floor) {
        double median = samples.median();
        double ratio = samples.ratioTo(floor);
        boolean isRatio = samples.isNumber() && !Double.isNaN(ratio) && floor.median() >= MIN_FLOOR;
        return new Line(side.name(), side.ours(), measure.name() + ", " + measure.unit(),
                samples.isNumber() ? Report.number(median) : CANNOT, samples.isNumber() ? range(samples) : "",
                isRatio ? String.format(Locale.ROOT, "%.2f", ratio) : "",
                side.ours() ? measure.target().verdict(median, ratio) : "");
    }

    private static String range(Samples samples) {
        String range = Report.number(samples.least()) + " .. " + Report.number(samples.most());
        return samples.failures() == 0
                ? range
                : range + ", " + CANNOT + " in " + samples.failures() + " of " + samples.rounds();
    }

    /** The lines that have a number, to be compared. */
    List<Losses.Row> rows() {
        return lines.stream().map(line -> line.row(name)).filter(row -> row.number().matches("[0-9,.]+")).toList();
    }

    /** The table: cells with tabs between them, the first line names them. */
    String table() {
        return Stream.concat(Stream.of(HEAD), lines.stream().map(Line::text))
                .map(line -> line + "\n").collect(Collectors.joining());
    }

    /**
     * The figure that a table is of.
     *
     * @throws IllegalArgumentException if it is no such table
     */
    static Figure parse(String name, String what, String measured, String table) {
        if (!table.startsWith(HEAD + "\n")) {
            throw new IllegalArgumentException("the table of " + name + " does not begin with: " + HEAD);
        }
        return new Figure(name, what, measured, table.lines().skip(1).map(Line::parse).toList());
    }
}
