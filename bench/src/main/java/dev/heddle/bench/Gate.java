package dev.heddle.bench;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Tells whether something has become slower: measures the rows of a file, each beside its peer in the same run, and
 * compares the ratios with the stored ones.
 *
 * <p>The ratio of each round is held against the bound until {@link SignTest} says on which side of it they are. What is
 * above is measured again in new processes, twice at the most, since a process may be slow by how it was compiled or laid
 * out; a loss that is real stays. So red is a row that was beyond three times.
 *
 * <p>What it sees depends on what is stored. A row that is better by now than its stored ratio can lose as much before it
 * is seen: the gate says so where that is more than the noise. A loss planted in such a row may hide; then the gate is
 * blind there, which is another end than red.
 */
final class Gate {

    /** Rounds of a try, at the most; where they are even on both sides of the bound nothing is lost. */
    private static final int MOST_ROUNDS = 9;

    /** A try that is stored; as many as a clear row takes, and two to spare. */
    private static final int STORED_ROUNDS = 5;
    private static final int TRIES = 3;
    private static final String FILE = "bench/gate.txt";
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

    /** How it ended. */
    enum Verdict {

        /** No row is above its bound. */
        GREEN,

        /** Some are; with a planted loss all of those that have it. */
        RED,

        /** A planted loss was not seen in some row. */
        BLIND
    }

    /**
     * Measures all rows and tells of each, and in the end what came out, how long it took and what to do now.
     *
     * @throws IllegalStateException if nothing is stored for one of them
     */
    Verdict judge() {
        Set<Integer> unknown = new TreeSet<>(wanted());
        unknown.removeIf(row -> rows.get(row).isStored());
        if (!unknown.isEmpty()) {
            throw new IllegalStateException("nothing is stored for " + numbers(unknown)
                    + " on this processor; before a change: bench/run --gate --store"
                    + (unknown.size() == rows.size() ? "" : " " + benchmarks(unknown)));
        }
        long start = System.nanoTime();
        Set<Integer> open = wanted();
        int all = open.size();
        out.printf("gate: %d rows of %s, up to %d tries of up to %d rounds each%n%n", all, FILE, TRIES, MOST_ROUNDS);
        out.printf("%3s  %7s  %8s  %7s  %s%n", "row", "stored", "measured", "change", "");
        Set<Integer> better = new TreeSet<>();
        Set<Integer> unseen = new TreeSet<>();
        Map<Integer, Double> least = new LinkedHashMap<>();
        for (int attempt = 1; attempt <= TRIES && !open.isEmpty(); attempt++) {
            String note = attempt == 1 ? "" : "  (at try " + attempt + ")";
            ratios(open, MOST_ROUNDS, false).forEach((row, ratios) -> {
                least.merge(row, ratios.median(), Math::min);
                if (!ratios.isAbove()) {
                    boolean isBetter = ratios.median() / plantedFactor(row) < rows.get(row).better();
                    tell(row, ratios.median(), note + (isBetter ? "  BETTER" : ""));
                    open.remove(row);
                    if (isBetter) {
                        better.add(row);
                    }
                    if (planted.containsKey(row + 1)) {
                        unseen.add(row);
                    }
                }
            });
        }
        open.forEach(row -> tell(row, least.getOrDefault(row, Double.NaN), "  SLOWER than "
                + number(rows.get(row).bound()) + ", the stored ratio and its noise, " + TRIES + " times"));
        Verdict verdict = !unseen.isEmpty() ? Verdict.BLIND : open.isEmpty() ? Verdict.GREEN : Verdict.RED;
        out.println();
        better.addAll(unseen);
        advise(better, planted.isEmpty() ? open : Set.of());
        out.printf("gate: %s, in %s%n", switch (verdict) {
            case GREEN -> "green, " + all + " rows";
            case RED -> "RED, " + open.size() + " of " + all + " rows";
            case BLIND -> "BLIND, the planted loss was not seen in " + numbers(unseen);
        }, time(System.nanoTime() - start));
        return verdict;
    }

    /** What to do about rows that are not as they were. */
    private void advise(Set<Integer> better, Set<Integer> slower) {
        if (!better.isEmpty()) {
            out.println(numbers(better) + ": better than stored, so a loss can hide there; if it is meant to stay:");
            out.println("  bench/run --gate --store " + benchmarks(better));
        }
        if (!slower.isEmpty()) {
            String names = benchmarks(slower);
            out.println(numbers(slower) + ": slower. If the machine is quiet, its load now is " + Machine.load()
                    + ", see whether it is so again, and beside a checkout from before the change:");
            out.println("  bench/run --gate " + names);
            out.println("  bench/compare OTHER 5 " + names);
            out.println("A loss that is meant is stored, and the commit says why:");
            out.println("  bench/run --gate --store " + names);
        }
    }

    private static String numbers(Set<Integer> of) {
        return (of.size() == 1 ? "row " : "rows ")
                + of.stream().sorted().map(row -> Integer.toString(row + 1)).collect(Collectors.joining(", "));
    }

    private String benchmarks(Set<Integer> of) {
        return of.stream().sorted().map(row -> rows.get(row).benchmark()).distinct().collect(Collectors.joining(" "));
    }

    private static String time(long nanos) {
        Duration time = Duration.ofNanos(nanos);
        return time.toMinutes() + " min " + time.toSecondsPart() + " s";
    }

    private void tell(int row, double ratio, String verdict) {
        GateRow stored = rows.get(row);
        String change = stored.isStored()
                ? String.format(Locale.ROOT, "%+6.0f%%", (ratio / stored.ratio() - 1) * PERCENT)
                : "";
        out.printf("%3d  %7s  %8s  %7s  %s%s%n", row + 1, stored.isStored() ? number(stored.ratio()) : "",
                number(ratio), change, stored, verdict);
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
                * plantedFactor(row);
    }

    private double plantedFactor(int row) {
        return 1 + planted.getOrDefault(row + 1, 0.0);
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
        return whole.with(sides).with(whole.warmUps(), Math.min(whole.rounds(), rounds));
    }

    /**
     * Measures all rows as often as {@link #judge} may, and tells them with the least of what was measured: a row that
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
