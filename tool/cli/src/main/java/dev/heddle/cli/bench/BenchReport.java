package dev.heddle.cli.bench;

import dev.heddle.cli.command.HumanFormat;
import dev.heddle.cli.command.JsonText;
import dev.heddle.cli.command.Latencies;
import dev.heddle.cli.command.Reasons;
import java.util.Locale;

/**
 * The report of a load, for people or for programs.
 *
 * @param elapsedNanos from the first request to the end of the last
 * @param interrupted whether the run was cut off
 */
record BenchReport(BenchOptions options, BenchTally tally, long elapsedNanos, boolean interrupted) {

    private static final int REASONS = 5;
    private static final int BAR_CELLS = 40;
    private static final String[] CLASSES = {"other", "1xx", "2xx", "3xx", "4xx", "5xx"};
    private static final double NANOS_PER_SECOND = 1e9;

    /**
     * The time that rates are told for: that which was asked for, since what comes after it only waits for the last
     * replies.
     */
    private long windowNanos() {
        return options.duration() == null || interrupted
                ? elapsedNanos
                : Math.min(elapsedNanos, options.duration().toNanos());
    }

    /** A few lines and a histogram. */
    String text() {
        var text = new StringBuilder();
        if (interrupted) {
            text.append("interrupted\n");
        }
        text.append(HumanFormat.count(tally.done(), "request")).append(" in ").append(HumanFormat.time(elapsedNanos));
        text.append(" over ").append(HumanFormat.count(options.connections(), "connection"));
        if (options.rate() > 0) {
            text.append(", one due every ").append(HumanFormat.shortTime((long) (NANOS_PER_SECOND / options.rate())));
        }
        text.append(": ").append(HumanFormat.count(tally.replies() - tally.bad())).append(" ok");
        if (tally.bad() > 0) {
            text.append(", ").append(HumanFormat.count(tally.bad())).append(" with an error status");
        }
        if (tally.failed() > 0) {
            text.append(", ").append(HumanFormat.count(tally.failed())).append(" failed");
        }
        text.append("\nrate     ").append(HumanFormat.rate(tally.inTime(), windowNanos()));
        text.append(", ").append(HumanFormat.bytes(tally.bytes()));
        text.append(", ").append(HumanFormat.byteRate(tally.bytes(), elapsedNanos)).append('\n');
        statuses(text);
        latencies(text);
        for (Reasons.Count count : tally.reasons(REASONS)) {
            text.append("failed   ").append(HumanFormat.count(count.count())).append(" x ");
            text.append(HumanFormat.printable(count.reason())).append('\n');
        }
        if (tally.missed() > 0) {
            text.append("missed   ").append(HumanFormat.count(tally.missed(), "request"))
                    .append(", due while all connections were busy: the times would be worse\n");
        }
        histogram(text);
        return text.toString();
    }

    private void statuses(StringBuilder text) {
        String separator = "status   ";
        for (int digit : new int[]{1, 2, 3, 4, 5, 0}) {
            if (tally.ofClass(digit) > 0) {
                text.append(separator).append(CLASSES[digit]).append(' ')
                        .append(HumanFormat.count(tally.ofClass(digit)));
                separator = ", ";
            }
        }
        text.append(tally.replies() > 0 ? "\n" : "");
    }

    private void latencies(StringBuilder text) {
        Latencies times = tally.latencies();
        if (times.count() == 0) {
            return;
        }
        text.append("latency  ");
        for (Percentile percentile : Percentile.values()) {
            text.append(percentile.label).append(' ');
            text.append(HumanFormat.shortTime(times.percentileNanos(percentile.share))).append(", ");
        }
        text.append("max ").append(HumanFormat.shortTime(times.maxNanos())).append('\n');
        text.append("         mean ").append(HumanFormat.shortTime(times.meanNanos()));
        text.append(options.rate() > 0 ? ", all from when each was due\n" : "\n");
    }

    private enum Percentile {
        P50("p50", 0.5),
        P90("p90", 0.9),
        P99("p99", 0.99),
        P999("p99.9", 0.999);

        private final String label;
        private final double share;

        Percentile(String label, double share) {
            this.label = label;
            this.share = share;
        }
    }

    /** Rows that end at 1, 2 and 5 times a power of ten, from the first to the last that is not empty. */
    private void histogram(StringBuilder text) {
        Latencies times = tally.latencies();
        long below = 0;
        for (long bound = 1_000; below < times.count(); bound = nextBound(bound)) {
            long upTo = bound >= times.maxNanos() ? times.count() : times.countUpTo(bound);
            if (upTo > 0) {
                long here = upTo - below;
                double share = (double) here / times.count();
                String row = String.format(Locale.ROOT, "  to %-7s %-" + BAR_CELLS + "s %5.1f %%  %s",
                        HumanFormat.roundTime(bound), "#".repeat((int) Math.round(share * BAR_CELLS)), share * 100,
                        HumanFormat.count(here));
                text.append(row).append('\n');
            }
            below = upTo;
        }
    }

    private static long nextBound(long bound) {
        // 1, 2, 5: the first digit says what comes next.
        long digit = bound;
        while (digit >= 10) {
            digit /= 10;
        }
        return digit == 2 ? bound / 2 * 5 : bound * 2;
    }

    /** One JSON object in one line: times in microseconds, rates per second. */
    String json() {
        var json = new StringBuilder("{\"url\":");
        JsonText.string(json, options.url());
        json.append(",\"connections\":").append(options.connections());
        json.append(",\"loops\":").append(options.loops());
        json.append(",\"rate\":").append(options.rate() == 0 ? "null" : Integer.toString(options.rate()));
        json.append(",\"seconds\":").append(decimal(elapsedNanos / NANOS_PER_SECOND));
        json.append(",\"interrupted\":").append(interrupted);
        json.append(",\"requests\":").append(tally.done());
        json.append(",\"ok\":").append(tally.replies() - tally.bad());
        json.append(",\"failed\":").append(tally.failed());
        json.append(",\"missed\":").append(tally.missed());
        json.append(",\"requestsPerSecond\":").append(perSecond(tally.inTime(), windowNanos()));
        json.append(",\"bytes\":").append(tally.bytes());
        json.append(",\"bytesPerSecond\":").append(perSecond(tally.bytes(), elapsedNanos));
        json.append(",\"status\":{");
        for (int digit = 0; digit < CLASSES.length; digit++) {
            json.append(digit == 0 ? "\"" : ",\"").append(CLASSES[digit]).append("\":").append(tally.ofClass(digit));
        }
        json.append("},\"errors\":{");
        String separator = "";
        for (Reasons.Count count : tally.reasons(Reasons.MAX)) {
            json.append(separator);
            JsonText.string(json, count.reason());
            json.append(':').append(count.count());
            separator = ",";
        }
        return json.append("},\"latencyMicros\":").append(latencyJson()).append("}\n").toString();
    }

    private String latencyJson() {
        Latencies times = tally.latencies();
        if (times.count() == 0) {
            return "null";
        }
        StringBuilder json = new StringBuilder("{\"mean\":").append(micros(times.meanNanos()));
        for (Percentile percentile : Percentile.values()) {
            json.append(",\"").append(percentile.label).append("\":");
            json.append(micros(times.percentileNanos(percentile.share)));
        }
        return json.append(",\"max\":").append(micros(times.maxNanos())).append('}').toString();
    }

    private static String micros(long nanos) {
        return decimal(nanos / 1e3);
    }

    private static String perSecond(long count, long nanos) {
        return nanos <= 0 ? "null" : decimal(count * NANOS_PER_SECOND / nanos);
    }

    private static String decimal(double number) {
        return String.format(Locale.ROOT, "%.3f", number);
    }
}
