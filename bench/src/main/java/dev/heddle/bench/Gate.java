package dev.heddle.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Tells whether something has become slower: measures the rows of a file, each beside its peer in the same run, and
 * compares the ratios with the stored ones.
 *
 * <p>The ratio of each round is held against the bound until {@link SignTest} says on which side of it they are. What is
 * above is measured again in new processes, twice at the most, since a process may be slow by how it was compiled or laid
 * out; a loss that is real stays. So red is a row that was beyond three times.
 */
final class Gate {

    /** Rounds of a try, at the most; where they are even on both sides of the bound nothing is lost. */
    private static final int MOST_ROUNDS = 9;

    private static final int STORED_ROUNDS = 5;
    private static final int TRIES = 3;
    private static final double PERCENT = 100;

    /** Measures a benchmark with some of its sides. */
    interface Meter {

        /**
         * Lets the sides take turns.
         *
         * @param more takes the numbers of a round, by side and measure: whether another is wanted
         * @throws IllegalStateException if it fails, or a side cannot take part
         */
        void measure(Benchmark benchmark, Predicate<double[][]> more);
    }

    private final List<GateRow> rows;
    private final Meter meter;
    private final Set<String> benchmarks;
    private final Map<Integer, Double> planted;
    private final PrintStream out;

    /**
     * @param benchmarks whose rows are measured; all if it is empty
     * @param planted for the numbers of rows, counted from 1, by how much more than measured they are taken for, as a
     * part of one; to see that the gate sees it
     */
    Gate(
            List<GateRow> rows, Meter meter, Set<String> benchmarks, Map<Integer, Double> planted, PrintStream out) {
        this.rows = List.copyOf(rows);
        this.benchmarks = Set.copyOf(benchmarks);
        this.meter = meter;
        this.planted = Map.copyOf(planted);
        this.out = out;
    }

    static void contest(Benchmark benchmark, Predicate<double[][]> more) {
        Outcome outcome = Contest.run(benchmark, more);
        if (!outcome.absent().isEmpty()) {
            throw new IllegalStateException(Report.absence(outcome.absent().getFirst()));
        }
    }

    /** Measures all rows and tells of each; whether all are in order. */
    boolean holds() {
        out.printf("%3s  %7s  %8s  %7s  %s%n", "row", "stored", "measured", "change", "");
        Set<Integer> open = wanted();
        int all = open.size();
        Map<Integer, Double> least = new LinkedHashMap<>();
        for (int attempt = 1; attempt <= TRIES && !open.isEmpty(); attempt++) {
            String note = attempt == 1 ? "" : "  (at try " + attempt + ")";
            ratios(open, MOST_ROUNDS, false).forEach((row, ratios) -> {
                least.merge(row, ratios.median(), Math::min);
                if (!ratios.isAbove()) {
                    tell(row, ratios.median(), note);
                    open.remove(row);
                }
            });
        }
        open.forEach(row -> tell(row, least.getOrDefault(row, Double.NaN), "  SLOWER than "
                + number(rows.get(row).bound()) + ", the stored ratio and its noise, " + TRIES + " times"));
        out.println(open.isEmpty()
                ? "gate: green, " + all + " rows"
                : "gate: RED, " + open.size() + " of " + all + " rows");
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

    /**
     * Measures some rows, those of one benchmark in one contest.
     *
     * @param rounds how many, at the most
     * @param all whether it takes them all, or as few as tell on which side of its bound each row is
     */
    private Map<Integer, SignTest> ratios(Set<Integer> wanted, int rounds, boolean all) {
        Map<Integer, SignTest> ratios = new LinkedHashMap<>();
        Map<String, List<Integer>> contests = new LinkedHashMap<>();
        wanted.forEach(row -> contests.computeIfAbsent(rows.get(row).benchmark(), _ -> new ArrayList<>()).add(row));
        contests.forEach((name, inIt) -> {
            Benchmark benchmark = benchmark(name, inIt, rounds);
            Map<Integer, SignTest> contest = new LinkedHashMap<>();
            inIt.forEach(row -> contest.put(row, new SignTest(rows.get(row).bound())));
            meter.measure(benchmark, round -> {
                contest.forEach((row, test) -> test.add(ratio(row, benchmark, round)));
                return all || !contest.values().stream().allMatch(SignTest::isClear);
            });
            ratios.putAll(contest);
        });
        return ratios;
    }

    private double ratio(int row, Benchmark benchmark, double[][] round) {
        GateRow stored = rows.get(row);
        int measure = stored.measureIn(benchmark);
        return round[side(benchmark, stored.side())][measure] / round[side(benchmark, stored.beside())][measure]
                * (1 + planted.getOrDefault(row + 1, 0.0));
    }

    private static int side(Benchmark benchmark, String name) {
        return benchmark.sides().indexOf(benchmark.side(name));
    }

    /** A benchmark with the sides of some rows, in its own order, so that its floor stays first. */
    private Benchmark benchmark(String name, List<Integer> ofRows, int rounds) {
        Benchmark whole = Suite.find(name);
        List<Side> sides = whole.sides().stream()
                .filter(side -> ofRows.stream().map(rows::get)
                        .anyMatch(row -> row.side().equals(side.name()) || row.beside().equals(side.name())))
                .toList();
        return new Benchmark(name, whole.what(), whole.warmUps(), Math.min(whole.rounds(), rounds),
                whole.measures(), sides);
    }

    /**
     * Measures all rows as often as {@link #holds} may, and tells them with the least of what was measured: a row that
     * passes with its best of three must be held against a best of three.
     */
    List<GateRow> measured() {
        Map<Integer, List<Double>> tries = new LinkedHashMap<>();
        for (int attempt = 1; attempt <= TRIES; attempt++) {
            ratios(wanted(), STORED_ROUNDS, true).forEach((row, ratios) -> tries
                    .computeIfAbsent(row, _ -> new ArrayList<>()).add(ratios.median()));
        }
        List<GateRow> fresh = new ArrayList<>(rows);
        for (int row : wanted()) {
            List<Double> ratios = tries.getOrDefault(row, List.of()).stream().sorted().toList();
            fresh.set(row, rows.get(row).withRatio(ratios.getFirst()));
            tell(row, ratios.getFirst(),
                    ratios.stream().map(Gate::number).collect(Collectors.joining(", ", "  (", ")")));
        }
        return fresh;
    }

    private Set<Integer> wanted() {
        Set<Integer> all = new LinkedHashSet<>();
        for (int i = 0; i < rows.size(); i++) {
            if (benchmarks.isEmpty() || benchmarks.contains(rows.get(i).benchmark())) {
                all.add(i);
            }
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
