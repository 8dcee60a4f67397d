package dev.heddle.bench;

import dev.heddle.bench.Losses.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The goals of how far ahead of others we want to be, which people write into a file, and what the numbers say to it: a table. */
final class Goals {

    /** In the file: the best, of ours or of the others. */
    private static final String BEST = "*";

    private static final int PARTS = 5;

    /**
     * One of them.
     *
     * @param side of ours, or {@link #BEST}
     * @param measure without its unit
     * @param beside another side of the benchmark, or {@link #BEST}; empty where the number itself is what counts
     * @param limit what the ratio, or the number, is to be at most; where more is better, at least
     */
    record Goal(String benchmark, String side, String measure, String beside, double limit) {

        /**
         * @throws IllegalArgumentException if it is no such line, or of something that is not measured
         */
        static Goal parse(String line) {
            String[] parts = line.split(" *[|] *", -1);
            if (parts.length != PARTS) {
                throw new IllegalArgumentException("not 'benchmark | side | measure | beside | at most': " + line);
            }
            try {
                var goal = new Goal(parts[0].strip(), parts[1], parts[2], parts[3], Double.parseDouble(parts[4]));
                goal.check(Suite.find(goal.benchmark));
                return goal;
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("not a number, in: " + line, e);
            }
        }

        private void check(Benchmark known) {
            for (String name : List.of(side, beside)) {
                if (!name.isEmpty() && !name.equals(BEST)) {
                    known.side(name);
                }
            }
            if (known.measures().stream().noneMatch(each -> each.name().equals(measure))) {
                throw new IllegalArgumentException(benchmark + " does not measure '" + measure + "'");
            }
        }

        private boolean isOf(Rivals rivals) {
            // The unit, which stands behind a comma, has none.
            String with = rivals.measure();
            return rivals.benchmark().equals(benchmark) && with.substring(0, with.lastIndexOf(',')).equals(measure);
        }

        private Optional<Row> ours(Rivals rivals) {
            return side.equals(BEST) ? rivals.best(true) : rivals.named(side);
        }

        private Optional<Row> other(Rivals rivals) {
            return beside.equals(BEST) ? rivals.best(false) : rivals.named(beside);
        }

        private boolean isMet(double number, boolean isMoreBetter) {
            return isMoreBetter ? number >= limit : number <= limit;
        }
    }

    /** Reads a goal a line; those that begin with # and empty ones are for people. */
    static List<Goal> goals(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> !GateFile.isComment(line))
                .map(Goal::parse)
                .toList();
    }

    private final List<Goal> all;
    private final Losses losses;

    /**
     * @param losses who has the reasons
     */
    Goals(List<Goal> all, Losses losses) {
        this.all = List.copyOf(all);
        this.losses = losses;
    }

    /**
     * What the numbers say to a goal.
     *
     * @param line of the table
     */
    private record Verdict(String line, boolean isMet) {}

    /** The table of those that are measured: cells with tabs between them, the first line names them. */
    String table(List<Row> rows) {
        return "benchmark\tmeasure\tHeddle\tbeside\tratio\tlimit\tverdict\twhy not\n"
                + verdicts(rows).stream().map(Verdict::line).collect(Collectors.joining());
    }

    /** How many are met, of how many. */
    String summary(List<Row> rows) {
        List<Verdict> verdicts = verdicts(rows);
        return verdicts.stream().filter(Verdict::isMet).count() + " of " + verdicts.size();
    }

    private List<Verdict> verdicts(List<Row> rows) {
        List<Rivals> measured = Rivals.among(rows);
        return all.stream()
                .flatMap(goal -> measured.stream().filter(goal::isOf).flatMap(of -> verdict(goal, of).stream()))
                .toList();
    }

    private Optional<Verdict> verdict(Goal goal, Rivals rivals) {
        Optional<Row> ours = goal.ours(rivals);
        Optional<Row> other = goal.other(rivals);
        if (ours.isEmpty() || (other.isEmpty() && !goal.beside.isEmpty())) {
            return Optional.empty();
        }
        double ratio = other.map(row -> rivals.ratio(ours.get(), row)).orElse(Double.NaN);
        boolean met = goal.isMet(other.isPresent() ? ratio : ours.get().median(), rivals.isMoreBetter());
        return Optional.of(new Verdict(String.join("\t", goal.benchmark, rivals.measure(), of(ours.get()),
                other.map(Goals::of).orElse(""), other.isPresent() ? String.format(Locale.ROOT, "%.2f", ratio) : "",
                Report.number(goal.limit), met ? "met" : "MISSED",
                met ? "" : Losses.linked(losses.why(goal.benchmark, rivals.measure()))) + "\n", met));
    }

    private static String of(Row row) {
        return row.side() + ": " + row.number();
    }
}
