package dev.heddle.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The losses: where the best of our sides is behind the best of the others, or a target is missed; with a reason, which
 * people write into a file.
 */
final class Losses {

    /** Less is noise. */
    static final double LEVEL = 1.02;

    /** Below it a ratio of two digits behind the point says too little. */
    private static final double EXACT_FROM = 0.5;

    private static final Set<String> UNITS = Set.of("/s", "ns", "us", "ms");

    static final String NO_REASON = "not explained yet";

    /** In the file: such benchmarks have no others in them. */
    private static final String NO_CONTEST = "no contest";

    /**
     * Why rows are lost.
     *
     * @param benchmark its name, or what it begins with and a star
     * @param measure a part of the measure's name; empty for all
     */
    record Reason(String benchmark, String measure, String text) {

        boolean fits(String name, String of) {
            boolean named = benchmark.endsWith("*")
                    ? name.startsWith(benchmark.substring(0, benchmark.length() - 1))
                    : name.equals(benchmark);
            return named && of.contains(measure);
        }
    }

    /** Reads {@code benchmark | measure | reason}; lines that begin with # and empty ones are for people. */
    static List<Reason> reasons(Path file) throws IOException {
        List<Reason> reasons = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            if (GateFile.isComment(line)) {
                continue;
            }
            String[] parts = line.split(" *[|] *", -1);
            if (parts.length != 3) {
                throw new IOException(file + " has a line that is not 'benchmark | measure | reason': " + line);
            }
            reasons.add(new Reason(parts[0].strip(), parts[1], parts[2].strip()));
        }
        return reasons;
    }

    private final List<Reason> reasons;

    Losses(List<Reason> reasons) {
        this.reasons = List.copyOf(reasons);
    }

    /**
     * One of them.
     *
     * @param ours the best of our sides
     * @param other the best of the others; empty where only a target is missed
     * @param ratio of ours to the other; NaN without one
     */
    record Loss(Row ours, Optional<Row> other, double ratio, String why) {

        private String line() {
            return String.join("\t", ours.benchmark(), ours.measure(), ours.side() + ": " + ours.number(),
                    other.map(row -> row.side() + ": " + row.number()).orElse(""),
                    other.isPresent() ? String.format(Locale.ROOT, "%.2f", ratio) : "",
                    linked(other.isPresent() ? why : ours.target() + ". " + why)) + "\n";
        }
    }

    /**
     * Those that rows show. Where the CPU is lost the same is not listed again: the time of that benchmark, and what a
     * second has of the same case.
     */
    List<Loss> among(List<Row> rows) {
        List<Loss> losses = new ArrayList<>();
        Set<String> lostCpu = new HashSet<>();
        for (Rivals rivals : Rivals.among(rows)) {
            String same = rivals.isMoreBetter() ? rivals.benchmark() + occasion(rivals.measure()) : rivals.benchmark();
            boolean told = (rivals.isMoreBetter() || rivals.measure().startsWith("time")) && lostCpu.contains(same);
            if (!isContest(rivals) || told) {
                continue;
            }
            Optional<Loss> lost = lost(rivals, why(rivals.benchmark(), rivals.measure()));
            lost.ifPresent(losses::add);
            if (lost.isPresent() && rivals.measure().startsWith("CPU")) {
                lostCpu.add(rivals.benchmark());
                lostCpu.add(rivals.benchmark() + occasion(rivals.measure()));
            }
        }
        return losses;
    }

    /** Of which case a measure is: its name without what is measured, where, and the unit. */
    private static String occasion(String measure) {
        return Stream.of(measure.split(", "))
                .skip(1)
                .filter(part -> !part.endsWith(" only") && !UNITS.contains(part))
                .map(part -> ", " + part)
                .collect(Collectors.joining());
    }

    /** The table of all: cells with tabs between them, the first line names them. */
    String table(List<Row> rows) {
        return "benchmark\tmeasure\tHeddle\tbest of the others\tratio\twhy\n"
                + among(rows).stream().map(Loss::line).collect(Collectors.joining());
    }

    /** A reason as a table has it: its links lead from there into the documents. */
    static String linked(String why) {
        return why.replace("](", "](../../docs/");
    }

    /** Whether others take part whose numbers can be held against ours. */
    boolean isContest(Rivals rivals) {
        return !why(rivals.benchmark(), rivals.measure()).equals(NO_CONTEST);
    }

    private static Optional<Loss> lost(Rivals rivals, String why) {
        Optional<Row> ours = rivals.best(true);
        Optional<Row> other = rivals.best(false);
        if (ours.isEmpty()) {
            return Optional.empty();
        }
        if (other.isPresent()) {
            double ratio = rivals.ratio(ours.get(), other.get());
            if (rivals.isMoreBetter() ? ratio * LEVEL < 1 : ratio > LEVEL) {
                return Optional.of(new Loss(ours.get(), other, ratio, why));
            }
        }
        return rivals.rows().stream()
                .filter(row -> row.target().startsWith("MISSED"))
                .findFirst()
                .map(row -> new Loss(row, Optional.empty(), Double.NaN, why));
    }

    /** The reason for a loss, or for a goal that is missed. */
    String why(String benchmark, String measure) {
        return reasons.stream()
                .filter(reason -> reason.fits(benchmark, measure))
                .findFirst()
                .map(Reason::text)
                .orElse(NO_REASON);
    }

    /**
     * A line of a table of numbers.
     *
     * @param number the median as the table has it
     * @param target the verdict; empty without one
     */
    record Row(String benchmark, String side, String measure, String number, String ratio, String target,
            boolean ours) {

        double median() {
            return Double.parseDouble(number.replace(",", ""));
        }

        /** Of the rounds, so that one fast minute of the machine does not favour a side. */
        double ratioToFloor() {
            return Double.parseDouble(ratio.replace(",", ""));
        }

        boolean hasRatio() {
            return !ratio.isEmpty();
        }

        /** Whether there is a ratio, and its two digits behind the point are enough to compare by. */
        boolean hasExactRatio() {
            return hasRatio() && ratioToFloor() >= EXACT_FROM;
        }

        boolean isMoreBetter() {
            return measure.endsWith("/s") || measure.contains("per second");
        }
    }
}
