package dev.heddle.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Tells whether something has become slower: measures the rows of a file, each beside its peer in the same run, and
 * compares the ratios with the stored ones.
 *
 * <p>A row beyond its noise is measured again, twice at the most; a loss that is real stays, and noise does not. So red
 * is a row of which the least of three ratios is beyond.
 */
final class Gate {

    /** Rounds that count, at the most: ten minutes are for all. */
    private static final int MOST_ROUNDS = 9;

    private static final int TRIES = 3;
    private static final double PERCENT = 100;

    /** Measures a benchmark with some of its sides. */
    interface Meter {

        /**
         * Lets the sides take turns.
         *
         * @throws IllegalStateException if it fails, or a side cannot take part
         */
        Outcome measure(Benchmark benchmark);
    }

    private final List<GateRow> rows;
    private final Meter meter;
    private final Map<Integer, Double> planted;
    private final PrintStream out;

    /**
     * @param planted for the numbers of rows, counted from 1, by how much more than measured they are taken for, as a
     * part of one; to see that the gate sees it
     */
    Gate(List<GateRow> rows, Meter meter, Map<Integer, Double> planted, PrintStream out) {
        this.rows = List.copyOf(rows);
        this.meter = meter;
        this.planted = Map.copyOf(planted);
        this.out = out;
    }

    static Outcome contest(Benchmark benchmark) {
        Outcome outcome = Contest.run(benchmark);
        if (!outcome.absent().isEmpty()) {
            throw new IllegalStateException(Report.absence(outcome.absent().getFirst()));
        }
        return outcome;
    }

    /** Measures all rows and tells of each; whether all are in order. */
    boolean holds() {
        out.printf("%3s  %7s  %8s  %7s  %s%n", "row", "stored", "measured", "change", "");
        double[] least = new double[rows.size()];
        Arrays.fill(least, Double.POSITIVE_INFINITY);
        Set<Integer> open = allRows();
        for (int attempt = 1; attempt <= TRIES && !open.isEmpty(); attempt++) {
            for (Map.Entry<Integer, Double> each : ratios(open).entrySet()) {
                int row = each.getKey();
                least[row] = Math.min(least[row], each.getValue());
                if (least[row] <= rows.get(row).bound()) {
                    tell(row, least[row], attempt == 1 ? "" : "  (at try " + attempt + ")");
                    open.remove(row);
                }
            }
        }
        open.forEach(row -> tell(row, least[row], "  SLOWER than " + number(rows.get(row).bound())
                + ", the stored ratio and its noise, " + TRIES + " times"));
        out.println(open.isEmpty()
                ? "gate: green, " + rows.size() + " rows"
                : "gate: RED, " + open.size() + " of " + rows.size() + " rows");
        return open.isEmpty();
    }

    private void tell(int row, double ratio, String verdict) {
        GateRow stored = rows.get(row);
        out.printf(Locale.ROOT, "%3d  %7s  %8s  %+6.0f%%  %s%s%n", row + 1, number(stored.ratio()), number(ratio),
                (ratio / stored.ratio() - 1) * PERCENT, stored, verdict);
    }

    private static String number(double ratio) {
        return String.format(Locale.ROOT, "%.3f", ratio);
    }

    /** Measures some rows, those of one benchmark in one contest. */
    private Map<Integer, Double> ratios(Set<Integer> wanted) {
        Map<Integer, Double> ratios = new LinkedHashMap<>();
        Map<String, List<Integer>> contests = new LinkedHashMap<>();
        wanted.forEach(row -> contests.computeIfAbsent(rows.get(row).benchmark(), _ -> new ArrayList<>()).add(row));
        contests.forEach((name, inIt) -> {
            Outcome outcome = meter.measure(benchmark(name, inIt));
            for (int row : inIt) {
                GateRow stored = rows.get(row);
                double ratio = median(outcome, stored.side(), stored) / median(outcome, stored.beside(), stored);
                ratios.put(row, ratio * (1 + planted.getOrDefault(row + 1, 0.0)));
            }
        });
        return ratios;
    }

    /** A benchmark with the sides of some rows, in its own order, so that its floor stays first. */
    private Benchmark benchmark(String name, List<Integer> ofRows) {
        Benchmark whole = Suite.find(name);
        List<Side> sides = whole.sides().stream()
                .filter(side -> ofRows.stream().map(rows::get)
                        .anyMatch(row -> row.side().equals(side.name()) || row.beside().equals(side.name())))
                .toList();
        return new Benchmark(name, whole.what(), whole.warmUps(), Math.min(whole.rounds(), MOST_ROUNDS),
                whole.measures(), sides);
    }

    private static double median(Outcome outcome, String side, GateRow row) {
        List<Side> sides = outcome.benchmark().sides();
        for (int i = 0; i < sides.size(); i++) {
            if (sides.get(i).name().equals(side)) {
                return outcome.samples().get(i).get(row.measureIn(outcome.benchmark())).median();
            }
        }
        throw new IllegalStateException(side + " has taken no part in " + row.benchmark());
    }

    /**
     * Measures all rows as often as {@link #holds} may, and tells them with the least of what was measured: a row that
     * passes with its best of three must be held against a best of three.
     */
    List<GateRow> measured() {
        List<Map<Integer, Double>> tries = new ArrayList<>();
        for (int attempt = 1; attempt <= TRIES; attempt++) {
            tries.add(ratios(allRows()));
        }
        List<GateRow> fresh = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            int row = i;
            List<Double> ratios = tries.stream().map(all -> all.getOrDefault(row, Double.NaN)).sorted().toList();
            fresh.add(rows.get(row).withRatio(ratios.getFirst()));
            tell(row, ratios.getFirst(),
                    ratios.stream().map(Gate::number).collect(Collectors.joining(", ", "  (", ")")));
        }
        return fresh;
    }

    private Set<Integer> allRows() {
        Set<Integer> all = new LinkedHashSet<>();
        for (int i = 0; i < rows.size(); i++) {
            all.add(i);
        }
        return all;
    }

    /** Puts rows into a file in place of those that are there, in their order; comments stay. */
    static void store(Path file, List<GateRow> rows) throws IOException {
        var fresh = new ArrayList<>(rows);
        UnaryOperator<String> replaced = line -> GateRow.isComment(line) ? line : fresh.removeFirst().line();
        Files.write(file, Files.readAllLines(file).stream().map(replaced).toList());
    }

    /**
     * What {@code --plant} says: {@code ROW=PERCENT}, or {@code all=PERCENT}.
     *
     * @throws IllegalArgumentException if it says something else
     */
    static Map<Integer, Double> planted(String text, int rows) {
        String[] parts = text.split("=", -1);
        if (parts.length == 2) {
            try {
                double part = Double.parseDouble(parts[1]) / PERCENT;
                Map<Integer, Double> planted = new LinkedHashMap<>();
                for (int row = 1; row <= rows; row++) {
                    if (parts[0].equals("all") || Integer.parseInt(parts[0]) == row) {
                        planted.put(row, part);
                    }
                }
                if (!planted.isEmpty()) {
                    return planted;
                }
            } catch (NumberFormatException e) {
                // Then it is not of this form.
            }
        }
        throw new IllegalArgumentException(
                "--plant takes ROW=PERCENT, with a row from 1 to " + rows + " or all: " + text);
    }
}
