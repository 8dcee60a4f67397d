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

/**
 * The first table of the document: where the best of our sides is behind the best of the others, or a target is missed;
 * with a reason, which people write into a file.
 */
final class Losses {

    static final String TITLE = "Where we lose";

    /** Less is noise. */
    private static final double LEVEL = 1.02;

    /** Below it a ratio of two digits behind the point says too little. */
    private static final double EXACT_FROM = 0.5;

    private static final String NO_REASON = "not explained yet";

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

    /** The section, with an empty line at its end. */
    String section(List<Row> rows) {
        StringBuilder text = new StringBuilder(
                """
                        ### %s

                        The best of Heddle's sides beside the best of the others, where that is better by more than 2 %%; and what misses its target.
                        Where the CPU is lost, the time is not listed again.

                        | benchmark | measure | Heddle | best of the others | ratio | why |
                        |---|---|---|---|--:|---|
                        """
                        .formatted(TITLE));
        Set<String> lostCpu = new HashSet<>();
        for (Rivals rivals : Rivals.among(rows)) {
            String why = why(rivals.benchmark(), rivals.measure());
            if (why.equals(NO_CONTEST)
                    || (rivals.measure().startsWith("time") && lostCpu.contains(rivals.benchmark()))) {
                continue;
            }
            Optional<String> lost = lost(rivals, why);
            lost.ifPresent(text::append);
            if (lost.isPresent() && rivals.measure().startsWith("CPU")) {
                lostCpu.add(rivals.benchmark());
            }
        }
        return text.append('\n').toString();
    }

    private static Optional<String> lost(Rivals rivals, String why) {
        Optional<Row> ours = rivals.best(true);
        Optional<Row> other = rivals.best(false);
        if (ours.isEmpty()) {
            return Optional.empty();
        }
        if (other.isPresent()) {
            double ratio = rivals.ratio(ours.get(), other.get());
            if (rivals.isMoreBetter() ? ratio * LEVEL < 1 : ratio > LEVEL) {
                return Optional.of(line(ours.get(), other.get().side() + ": " + other.get().number(), ratio, why));
            }
        }
        return rivals.rows().stream()
                .filter(row -> row.target().startsWith("MISSED"))
                .findFirst()
                .map(row -> line(row, "", Double.NaN, row.target() + ". " + why));
    }

    private static String line(Row ours, String other, double ratio, String why) {
        return "| " + String.join(" | ", ours.benchmark(), ours.measure(), ours.side() + ": " + ours.number(), other,
                Double.isNaN(ratio) ? "" : String.format(Locale.ROOT, "%.2f", ratio), why) + " |\n";
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
