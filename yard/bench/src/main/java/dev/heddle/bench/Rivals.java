package dev.heddle.bench;

import dev.heddle.bench.Losses.Row;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The rows of one measure of a benchmark: whose is the best, and how they stand beside each other.
 *
 * @param rows at least one
 */
record Rivals(List<Row> rows) {

    Rivals {
        rows = List.copyOf(rows);
    }

    /** All that are among rows of many benchmarks, in their order. */
    static List<Rivals> among(List<Row> rows) {
        Map<List<String>, List<Row>> contests = new LinkedHashMap<>();
        for (Row row : rows) {
            contests.computeIfAbsent(List.of(row.benchmark(), row.measure()), _ -> new ArrayList<>()).add(row);
        }
        return contests.values().stream().map(Rivals::new).toList();
    }

    String benchmark() {
        return rows.getFirst().benchmark();
    }

    /** With its unit. */
    String measure() {
        return rows.getFirst().measure();
    }

    boolean isMoreBetter() {
        return rows.getFirst().isMoreBetter();
    }

    /** The best of ours, or of the others: by the rounds' ratios, where all have one. */
    Optional<Row> best(boolean ours) {
        Comparator<Row> better = rows.stream().allMatch(Row::hasRatio)
                ? Comparator.comparingDouble(Row::ratioToFloor).thenComparingDouble(Row::median)
                : Comparator.comparingDouble(Row::median);
        return rows.stream().filter(row -> row.ours() == ours).min(isMoreBetter() ? better.reversed() : better);
    }

    Optional<Row> named(String side) {
        return rows.stream().filter(row -> row.side().equals(side)).findFirst();
    }

    /** What one is of another, by the rounds' ratios where they are exact enough; NaN where one of them is nothing. */
    double ratio(Row one, Row other) {
        if (one.median() <= 0 || other.median() <= 0) {
            return Double.NaN;
        }
        return one.hasExactRatio() && other.hasExactRatio()
                ? one.ratioToFloor() / other.ratioToFloor()
                : one.median() / other.median();
    }
}
