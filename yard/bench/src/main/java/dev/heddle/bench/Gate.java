package dev.heddle.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The gate that tells whether something has become slower: it measures the rows of a file, each beside its peer in the same run, and
 * compares the ratios with the stored ones.
 *
 * <p>In a try both sides work at once in new processes, on one processor, so that a neighbour of the machine who slows
 * one slows the other as much. {@link LossTest} says after how many tries it is clear whether a row is as stored or has
 * lost a fifth: a process may be slow by how it was compiled or laid out; a loss that is real stays.
 *
 * <p>What it sees depends on what is stored. A row that is better by now than its stored ratio can lose as much before
 * it is seen: the gate says so where that is a tenth. A loss planted in such a row may hide; then the gate is
 * blind there, which is another end than red.
 */
final class Gate {

    private static final int ROUNDS = 5;
    private static final int MAX_TRIES = 6;

    /** Of which the median is stored: that of three was off by a tenth where a row scatters by as much. */
    private static final int STORED_TRIES = 5;

    /** A row below this part of what is stored is better. */
    private static final double BETTER = 1 / Math.sqrt(1 + LossTest.LOSS);
    private static final String FILE = "yard/bench/gate.txt";
    private static final double PERCENT = 100;

    private final List<GateRow> rows;
    private final Function<Benchmark, Outcome> meter;
    private final Set<String> benchmarks;
    private final Map<Integer, Double> planted;
    private final PrintStream out;

    /**
     * @param meter measures a benchmark; throws an {@link IllegalStateException} if it cannot
     * @param benchmarks whose rows are measured; all if it is empty
     * @param planted for the numbers of rows, counted from 1, by how much more than measured they are taken for, as a
     * part of one; to see that the gate sees it
     */
    Gate(List<GateRow> rows, Function<Benchmark, Outcome> meter, Set<String> benchmarks, Map<Integer, Double> planted,
            PrintStream out) {
        this.rows = List.copyOf(rows);
        this.benchmarks = Set.copyOf(benchmarks);
        this.meter = meter;
        this.planted = Map.copyOf(planted);
        this.out = out;
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
     * Measures all rows for which something is stored and tells of each, and in the end what came out, how long it
     * took and what to do now.
     *
     * @throws IllegalStateException if nothing is stored for any of them
     */
    Verdict judge() {
        Set<Integer> unknown = new TreeSet<>(wanted());
        unknown.removeIf(row -> rows.get(row).isStored());
        Set<Integer> open = wanted();
        open.removeAll(unknown);
        if (open.isEmpty()) {
            throw new IllegalStateException(notStored(unknown));
        }
        long start = System.nanoTime();
        int all = open.size();
        out.printf("gate: %d rows of %s, up to %d tries of %d rounds each%n%n", all, FILE, MAX_TRIES, ROUNDS);
        out.printf("%3s  %7s  %8s  %7s  %s%n", "row", "stored", "measured", "change", "");
        Set<Integer> better = new TreeSet<>();
        Set<Integer> unseen = new TreeSet<>(unknown);
        unseen.removeIf(row -> !planted.containsKey(row + 1));
        Set<Integer> slower = new TreeSet<>();
        Map<Integer, LossTest> tests = new LinkedHashMap<>();
        for (int attempt = 1; attempt <= MAX_TRIES && !open.isEmpty(); attempt++) {
            boolean isLast = attempt == MAX_TRIES;
            ratios(open).forEach((row, ratio) -> {
                LossTest test = tests.computeIfAbsent(row, _ -> new LossTest(rows.get(row).ratio()));
                test.add(ratio * plantedFactor(row));
                if (!test.isClear() && !isLast) {
                    return;
                }
                open.remove(row);
                if (test.isLoss()) {
                    slower.add(row);
                } else if (planted.containsKey(row + 1)) {
                    unseen.add(row);
                }
                boolean isBetter = test.median() / plantedFactor(row) < rows.get(row).ratio() * BETTER;
                if (isBetter) {
                    better.add(row);
                }
                tell(row, test.median(), (test.tries() == 1 ? "" : "  (" + test.tries() + " tries)")
                        + (test.isLoss() ? "  SLOWER" : isBetter ? "  BETTER" : ""));
            });
        }
        Verdict verdict = !unseen.isEmpty() ? Verdict.BLIND : slower.isEmpty() ? Verdict.GREEN : Verdict.RED;
        out.println();
        better.addAll(unseen);
        advise(better, planted.isEmpty() ? slower : Set.of());
        if (!unknown.isEmpty()) {
            out.println(notStored(unknown));
        }
        out.printf("gate: %s, in %s%n", switch (verdict) {
            case GREEN -> "green, " + all + " rows";
            case RED -> "RED, " + slower.size() + " of " + all + " rows";
            case BLIND -> "BLIND, the planted loss was not seen in " + numbers(unseen);
        }, Clock.minutesAndSeconds(System.nanoTime() - start));
        return verdict;
    }

    private String notStored(Set<Integer> unknown) {
        return "nothing is stored for " + numbers(unknown)
                + " on this processor; before a change: yard/bench/run --gate --store"
                + (unknown.size() == rows.size() ? "" : " " + benchmarks(unknown));
    }

    /** What to do about rows that are not as they were. */
    private void advise(Set<Integer> better, Set<Integer> slower) {
        if (!better.isEmpty()) {
            out.println(numbers(better) + ": better than stored, so a loss can hide there; if it is meant to stay:");
            out.println("  yard/bench/run --gate --store " + benchmarks(better));
        }
        if (!slower.isEmpty()) {
            String names = benchmarks(slower);
            out.println(numbers(slower) + ": slower. If the machine is quiet, its load now is " + Machine.load()
                    + ", see whether it is so again, and beside a checkout from before the change:");
            out.println("  yard/bench/run --gate " + names);
            out.println("  yard/bench/compare OTHER 5 " + names);
            out.println("A loss that is meant is stored, and the commit says why:");
            out.println("  yard/bench/run --gate --store " + names);
        }
    }

    private static String numbers(Set<Integer> of) {
        return (of.size() == 1 ? "row " : "rows ")
                + of.stream().sorted().map(row -> Integer.toString(row + 1)).collect(Collectors.joining(", "));
    }

    private String benchmarks(Set<Integer> of) {
        return of.stream().sorted().map(row -> rows.get(row).benchmark()).distinct().collect(Collectors.joining(" "));
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

    /** Measures some rows once, those of one benchmark in one contest. */
    private Map<Integer, Double> ratios(Set<Integer> wanted) {
        Map<Integer, Double> ratios = new LinkedHashMap<>();
        Map<String, List<Integer>> contests = new LinkedHashMap<>();
        wanted.forEach(row -> contests.computeIfAbsent(rows.get(row).benchmark(), _ -> new ArrayList<>()).add(row));
        contests.forEach((name, inIt) -> {
            Outcome outcome = meter.apply(benchmark(name, inIt));
            if (!outcome.absent().isEmpty()) {
                throw new IllegalStateException(Report.absence(outcome.absent().getFirst()));
            }
            inIt.forEach(row -> ratios.put(row,
                    samples(outcome, row, rows.get(row).side())
                            .ratioTo(samples(outcome, row, rows.get(row).beside()))));
        });
        return ratios;
    }

    private Samples samples(Outcome outcome, int row, String side) {
        Benchmark benchmark = outcome.benchmark();
        return outcome.samples()
                .get(benchmark.sides().indexOf(benchmark.side(side)))
                .get(rows.get(row).measureIn(benchmark));
    }

    private double plantedFactor(int row) {
        return 1 + planted.getOrDefault(row + 1, 0.0);
    }

    /** A benchmark with the sides of some rows, in its own order, so that its floor stays first. */
    private Benchmark benchmark(String name, List<Integer> ofRows) {
        Benchmark whole = Suite.find(name);
        List<Side> sides = whole.sides().stream()
                .filter(side -> ofRows.stream().map(rows::get)
                        .anyMatch(row -> row.side().equals(side.name()) || row.beside().equals(side.name())))
                .toList();
        return whole.with(sides).with(whole.warmUps(), ROUNDS);
    }

    /** Measures all rows several times, and tells them with the median of their ratios. */
    List<GateRow> measured() {
        Map<Integer, List<Double>> tries = new LinkedHashMap<>();
        for (int attempt = 1; attempt <= STORED_TRIES; attempt++) {
            out.printf("gate: try %d of %d%n", attempt, STORED_TRIES);
            ratios(wanted()).forEach((row, ratio) -> tries.computeIfAbsent(row, _ -> new ArrayList<>()).add(ratio));
        }
        List<GateRow> fresh = new ArrayList<>(rows);
        tries.forEach((row, ratios) -> {
            double median = new Samples(ratios.stream().mapToDouble(Double::doubleValue).toArray()).median();
            fresh.set(row, rows.get(row).withRatio(median));
            tell(row, median, ratios.stream().sorted().map(Gate::number).collect(Collectors.joining(", ", "  (", ")")));
        });
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
