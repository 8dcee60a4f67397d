package dev.heddle.cli.fetch;

import dev.heddle.cli.command.HumanFormat;
import dev.heddle.cli.command.Latencies;
import dev.heddle.cli.command.Reasons;

/** The summary of a run, for people: its last words. */
public final class Summary {

    /** How many different reasons of failures are shown. */
    private static final int REASONS = 5;

    private Summary() {}

    /**
     * The summary in a few lines.
     *
     * @param noun what was fetched, in the singular
     * @param interrupted whether the run was cut off
     */
    public static String of(Tally tally, String noun, boolean interrupted) {
        var text = new StringBuilder();
        long nanos = tally.elapsedNanos();
        if (interrupted) {
            long unfinished = tally.begun() - tally.done();
            text.append("interrupted")
                    .append(unfinished == 0 ? "" : ": " + HumanFormat.count(unfinished, noun) + " not finished")
                    .append('\n');
        }
        text.append(HumanFormat.count(tally.done(), noun)).append(" in ").append(HumanFormat.time(nanos));
        text.append(": ").append(HumanFormat.count(tally.fine())).append(" ok");
        if (tally.bad() > 0) {
            text.append(", ").append(HumanFormat.count(tally.bad())).append(" with an error status");
        }
        if (tally.failed() > 0) {
            text.append(", ").append(HumanFormat.count(tally.failed())).append(" failed");
        }
        text.append('\n');
        text.append("rate     ").append(HumanFormat.rate(tally.done(), nanos));
        text.append(", ").append(HumanFormat.bytes(tally.bytes()));
        text.append(", ").append(HumanFormat.byteRate(tally.bytes(), nanos)).append('\n');
        latency(text, tally.latencies());
        for (Reasons.Count count : tally.reasons(REASONS)) {
            text.append("failed   ").append(HumanFormat.count(count.count())).append(" x ");
            text.append(HumanFormat.printable(count.reason())).append('\n');
        }
        return text.toString();
    }

    private static void latency(StringBuilder text, Latencies latencies) {
        if (latencies.count() == 0) {
            return;
        }
        text.append("latency  p50 ").append(HumanFormat.time(latencies.percentileNanos(0.50)));
        text.append(", p90 ").append(HumanFormat.time(latencies.percentileNanos(0.90)));
        text.append(", p99 ").append(HumanFormat.time(latencies.percentileNanos(0.99)));
        text.append(", max ").append(HumanFormat.time(latencies.maxNanos())).append('\n');
    }
}
