package dev.heddle.bench;

import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The short tables of docs/performance.md, from all figures: where Heddle leads, where it loses and why. */
final class Headlines {

    private static final String FIGURES = "../yard/figures/";

    /** Less than that is only among all numbers. */
    private static final double CLEAR = 1.05;

    /** So many rows of one reason and measure are one. */
    private static final int MANY = 3;

    private Headlines() {}

    /** The text between the page's markers, without an empty line at its ends. */
    static String of(Figures figures, Losses losses, Goals goals) {
        List<Losses.Row> rows = figures.rows();
        return """
                ## Where Heddle leads

                Of each benchmark its first measure, where the best of Heddle's sides is ahead of the best of the others by more
                than 2 %%.

                | benchmark | measure | Heddle | best of the others | ratio |
                |---|---|---|---|--:|
                %s
                ## Where Heddle loses, and why

                The best of Heddle's sides beside the best of the others, by their ratio. Above 1 is worse, except for what is
                counted in a second, such as requests. Where nobody is ahead but a target is missed, it is the number itself, with
                the target in brackets. An empty place is as in the row above. Three rows or more of one reason and measure are
                one, from the least to the most. Each of them, and losses of less than a twentieth, are among
                [all numbers](%slosses.tsv).
                Of the [goals](%sgoals.tsv) of how far ahead Heddle is to be, %s are met.

                | why | benchmark | measure | ratio |
                |---|---|---|--:|
                %s
                Measured with:

                %s"""
                .formatted(leads(rows, losses), FIGURES, FIGURES, goals.summary(rows),
                        lost(losses.among(rows).stream().filter(Headlines::isClear).toList()),
                        versions(figures.versions()));
    }

    /** A list of them, each with what it comes with. */
    private static String versions(String sentence) {
        return Stream.of(sentence.replaceFirst("\\.$", "").split(", (?!its )"))
                .map(each -> "- " + each + "\n")
                .collect(Collectors.joining());
    }

    private static String leads(List<Losses.Row> rows, Losses losses) {
        Map<String, Rivals> first = new LinkedHashMap<>();
        Rivals.among(rows).forEach(rivals -> first.putIfAbsent(rivals.benchmark(), rivals));
        return first.values().stream().filter(losses::isContest).map(Headlines::lead).flatMap(Optional::stream)
                .collect(Collectors.joining());
    }

    private static Optional<String> lead(Rivals rivals) {
        Optional<Losses.Row> ours = rivals.best(true);
        Optional<Losses.Row> other = rivals.best(false);
        if (ours.isEmpty() || other.isEmpty()) {
            return Optional.empty();
        }
        double ratio = rivals.ratio(ours.get(), other.get());
        boolean leads = rivals.isMoreBetter() ? ratio > Losses.LEVEL : ratio * Losses.LEVEL < 1;
        return leads
                ? Optional.of("| " + String.join(" | ", link(rivals.benchmark()), rivals.measure(),
                        ours.get().side() + ": " + ours.get().number(),
                        other.get().side() + ": " + other.get().number(), number(ratio)) + " |\n")
                : Optional.empty();
    }

    /** Whether it is more than the machine's own noise makes in many rows. */
    private static boolean isClear(Losses.Loss loss) {
        boolean less = loss.ours().isMoreBetter() ? loss.ratio() * CLEAR < 1 : loss.ratio() > CLEAR;
        return loss.other().isEmpty() || less;
    }

    private static String lost(List<Losses.Loss> losses) {
        Map<String, Map<String, List<Losses.Loss>>> reasons = new LinkedHashMap<>();
        for (Losses.Loss loss : losses) {
            reasons.computeIfAbsent(loss.why(), _ -> new LinkedHashMap<>())
                    .computeIfAbsent(kind(loss), _ -> new ArrayList<>()).add(loss);
        }
        var table = new StringBuilder();
        reasons.forEach((why, kinds) -> {
            String told = why;
            String before = "";
            for (List<Losses.Loss> kind : kinds.values()) {
                List<List<Losses.Loss>> lines = kind.size() < MANY
                        ? kind.stream().map(List::of).toList()
                        : List.of(kind);
                for (List<Losses.Loss> line : lines) {
                    String where = where(line);
                    table.append("| ").append(String.join(" | ", told, where.equals(before) ? "" : where,
                            line.size() == 1 ? measure(line.getFirst()) : kind(line.getFirst()), ratio(line)))
                            .append(" |\n");
                    told = "";
                    before = where;
                }
            }
        });
        return table.toString();
    }

    /** What is measured, in whichever case; a missed target has a number of its own, and what nobody explains no reason. */
    private static String kind(Losses.Loss loss) {
        String measure = measure(loss);
        boolean alone = loss.other().isEmpty() || loss.why().equals(Losses.NO_REASON);
        return alone ? measure + loss.ours().benchmark() : measure.split(", ", 2)[0];
    }

    private static String where(List<Losses.Loss> line) {
        List<String> names = line.stream().map(loss -> loss.ours().benchmark()).distinct().toList();
        return names.size() < MANY
                ? String.join(", ", names)
                : names.getFirst() + " and " + (names.size() - 1) + " more";
    }

    /** The measure without its unit. */
    private static String measure(Losses.Loss loss) {
        String measure = loss.ours().measure();
        return measure.substring(0, measure.lastIndexOf(',')).replace(", server only", "");
    }

    /** By how much, from the least to the most; or the number and the target that is missed. */
    private static String ratio(List<Losses.Loss> line) {
        Losses.Loss one = line.getFirst();
        if (one.other().isEmpty()) {
            return one.ours().number() + one.ours().target().replace("MISSED", "");
        }
        DoubleSummaryStatistics ratios = line.stream().mapToDouble(Losses.Loss::ratio).summaryStatistics();
        return number(ratios.getMin()) + (line.size() == 1 ? "" : " to " + number(ratios.getMax()));
    }

    private static String link(String benchmark) {
        return "[" + benchmark + "](" + FIGURES + benchmark + ".tsv)";
    }

    private static String number(double ratio) {
        return String.format(Locale.ROOT, "%.2f", ratio);
    }
}
