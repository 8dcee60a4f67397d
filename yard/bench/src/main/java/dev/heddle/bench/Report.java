package dev.heddle.bench;

import java.util.Locale;

/** The outcome of a benchmark as a section in Markdown, which people can read as it is. */
final class Report {

    private static final int EXACT_FROM = 100;

    /** Less than this shows as zero, and a multiple of zero says nothing. */
    private static final double MIN_FLOOR = 0.005;

    /** In place of a number, of a side that failed at it. */
    private static final String CANNOT = "cannot";

    private Report() {}

    /**
     * @param circumstances when it was, how busy the machine and how long it took, without a full stop
     */
    static String of(Outcome outcome, String circumstances) {
        Benchmark benchmark = outcome.benchmark();
        StringBuilder text = new StringBuilder();
        text.append("### ").append(benchmark.name()).append("\n\n");
        text.append(benchmark.what()).append(". ").append(benchmark.rounds()).append(" rounds.\n\n");
        text.append("| side | measure | median | min .. max | ratio | target |\n|---|---|--:|--:|--:|---|\n");
        for (int measure = 0; measure < benchmark.measures().size(); measure++) {
            Samples floor = outcome.samples().getFirst().get(measure);
            for (int side = 0; side < benchmark.sides().size(); side++) {
                text.append(row(
                        benchmark.sides().get(side),
                        benchmark.measures().get(measure),
                        outcome.samples().get(side).get(measure),
                        floor));
            }
        }
        text.append("\n").append(circumstances).append(".\n");
        outcome.absent().forEach(side -> text.append(absence(side)).append(".\n"));
        return text.toString();
    }

    /** Why a side does not take part, without a full stop. */
    static String absence(Side side) {
        return "Without " + side.name() + ", which needs: " + String.join("; ", side.missing());
    }

    private static String row(Side side, Measure measure, Samples samples, Samples floor) {
        double median = samples.median();
        if (Double.isNaN(median)) {
            return "";
        }
        double ratio = samples.ratioTo(floor);
        boolean isRatio = samples.isNumber() && !Double.isNaN(ratio) && floor.median() >= MIN_FLOOR;
        return String.format(
                Locale.ROOT,
                "| %s | %s, %s | %s | %s | %s | %s |%n",
                side.name(),
                measure.name(),
                measure.unit(),
                samples.isNumber() ? number(median) : CANNOT,
                samples.isNumber() ? range(samples) : "",
                isRatio ? String.format(Locale.ROOT, "%.2f", ratio) : "",
                side.ours() ? measure.target().verdict(median, ratio) : "");
    }

    private static String range(Samples samples) {
        String range = number(samples.least()) + " .. " + number(samples.most());
        return samples.failures() == 0
                ? range
                : range + ", " + CANNOT + " in " + samples.failures() + " of " + samples.rounds();
    }

    /** A number with about three digits that count. */
    static String number(double value) {
        if (value == Math.rint(value) || Math.abs(value) >= EXACT_FROM) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        return String.format(Locale.ROOT, Math.abs(value) < 10 ? "%.2f" : "%.1f", value);
    }
}
