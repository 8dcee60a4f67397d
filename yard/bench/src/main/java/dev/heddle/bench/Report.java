package dev.heddle.bench;

import java.util.Locale;

/** The outcome of a benchmark as a section in Markdown, which people can read as it is. */
final class Report {

    private static final int EXACT_FROM = 100;

    private Report() {}

    /** The section of a figure. */
    static String of(Figure figure) {
        StringBuilder text = new StringBuilder();
        text.append("### ").append(figure.name()).append("\n\n").append(figure.what()).append("\n\n");
        text.append("| side | measure | median | min .. max | ratio | target |\n|---|---|--:|--:|--:|---|\n");
        for (Figure.Line line : figure.lines()) {
            text.append("| ").append(String.join(" | ", line.side(), line.measure(), line.median(), line.range(),
                    line.ratio(), line.target())).append(" |\n");
        }
        return text.append("\n").append(figure.measured()).append("\n").toString();
    }

    /** Why a side does not take part, without a full stop. */
    static String absence(Side side) {
        return "Without " + side.name() + ", which needs: " + String.join("; ", side.missing());
    }

    /** A number with about three digits that count. */
    static String number(double value) {
        if (value == Math.rint(value) || Math.abs(value) >= EXACT_FROM) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        return String.format(Locale.ROOT, Math.abs(value) < 10 ? "%.2f" : "%.1f", value);
    }
}
