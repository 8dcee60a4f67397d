package dev.heddle.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;

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
            if (line.isBlank() || line.startsWith("#")) {
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
        Map<String, List<Row>> contests = new LinkedHashMap<>();
        rows.forEach(row -> contests.computeIfAbsent(row.benchmark() + "|" + row.measure(), _ -> new ArrayList<>())
                .add(row));
        for (List<Row> contest : contests.values()) {
            Row first = contest.getFirst();
            String why = why(first);
            if (why.equals(NO_CONTEST) || (first.measure().startsWith("time") && lostCpu.contains(first.benchmark()))) {
                continue;
            }
            Optional<String> lost = lost(contest, why);
            lost.ifPresent(text::append);
            if (lost.isPresent() && first.measure().startsWith("CPU")) {
                lostCpu.add(first.benchmark());
            }
        }
        return text.append('\n').toString();
    }

    private static Optional<String> lost(List<Row> contest, String why) {
        Row first = contest.getFirst();
        ToDoubleFunction<Row> number = contest.stream().allMatch(Row::hasExactRatio) ? Row::ratioToFloor : Row::median;
        Comparator<Row> better = Comparator.comparingDouble(number);
        if (first.isMoreBetter()) {
            better = better.reversed();
        }
        Optional<Row> ours = contest.stream().filter(Row::ours).min(better);
        Optional<Row> other = contest.stream().filter(row -> !row.ours()).min(better);
        if (ours.isEmpty()) {
            return Optional.empty();
        }
        if (other.isPresent() && ours.get().median() > 0 && other.get().median() > 0) {
            double ratio = number.applyAsDouble(ours.get()) / number.applyAsDouble(other.get());
            if (first.isMoreBetter() ? ratio * LEVEL < 1 : ratio > LEVEL) {
                return Optional.of(line(ours.get(), other.get().side() + ": " + other.get().number(), ratio, why));
            }
        }
        return contest.stream()
                .filter(row -> row.target().startsWith("MISSED"))
                .findFirst()
                .map(row -> line(row, "", Double.NaN, row.target() + ". " + why));
    }

    private static String line(Row ours, String other, double ratio, String why) {
        return "| " + String.join(" | ", ours.benchmark(), ours.measure(), ours.side() + ": " + ours.number(), other,
                Double.isNaN(ratio) ? "" : String.format(Locale.ROOT, "%.2f", ratio), why) + " |\n";
    }

    private String why(Row row) {
        return reasons.stream()
                .filter(reason -> reason.fits(row.benchmark(), row.measure()))
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

        /** Whether there is a ratio, and its two digits behind the point are enough to compare by. */
        boolean hasExactRatio() {
            return !ratio.isEmpty() && ratioToFloor() >= EXACT_FROM;
        }

        boolean isMoreBetter() {
            return measure.endsWith("/s") || measure.contains("per second");
        }
    }
}
