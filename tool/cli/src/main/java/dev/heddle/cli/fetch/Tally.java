package dev.heddle.cli.fetch;

import dev.heddle.cli.command.HumanFormat;
import dev.heddle.cli.command.Latencies;
import dev.heddle.cli.command.ProgressLine;
import dev.heddle.cli.command.Reasons;
import java.util.List;

/**
 * The numbers of a run so far.
 *
 * <p>Threads: the tasks of one loop; whoever waited for the loop's end may read it then.
 */
public final class Tally {

    private final Latencies latencies = new Latencies();
    private final Reasons reasons = new Reasons();
    private long startNanos;
    private long elapsedNanos;
    private long begun;
    private long fine;
    private long bad;
    private long failed;
    private long bytes;

    /** The run begins now. */
    public void start(long nowNanos) {
        startNanos = nowNanos;
    }

    /** A URL was taken from the input. */
    public void begin() {
        begun++;
    }

    /** A URL has its outcome. */
    public void add(FetchOutcome outcome) {
        bytes += outcome.bytes();
        if (outcome.error() != null) {
            failed++;
            reasons.add(outcome.error());
            return;
        }
        latencies.add(outcome.nanos());
        if (outcome.isFine()) {
            fine++;
        } else {
            bad++;
        }
    }

    /** Moves the end of the run to now. */
    public void tick(long nowNanos) {
        elapsedNanos = Math.max(0, nowNanos - startNanos);
    }

    /**
     * The numbers so far as the line of a progress bar.
     *
     * @param expected how many there will be in the end, as far as is known; 0 for unknown
     * @param running how many are under way
     * @param columns most characters of the line
     */
    public String line(long expected, int running, int columns) {
        long trouble = bad + failed;
        return ProgressLine.of(done(), expected == 0 ? 0 : Math.max(expected, begun), elapsedNanos,
                HumanFormat.bytes(bytes) + "  " + running + " running"
                        + (trouble == 0 ? "" : "  " + HumanFormat.count(trouble) + " not ok"),
                columns);
    }

    /** URLs taken from the input. */
    public long begun() {
        return begun;
    }

    /** URLs with an outcome. */
    public long done() {
        return fine + bad + failed;
    }

    /** Whole replies with a status below 400. */
    public long fine() {
        return fine;
    }

    /** Whole replies with a status of 400 or above. */
    public long bad() {
        return bad;
    }

    /** URLs without a whole reply. */
    public long failed() {
        return failed;
    }

    public long bytes() {
        return bytes;
    }

    public long elapsedNanos() {
        return elapsedNanos;
    }

    /** The times of the whole replies. */
    public Latencies latencies() {
        return latencies;
    }

    /** The most frequent reasons of failures, most frequent first. */
    public List<Reasons.Count> reasons(int most) {
        return reasons.top(most);
    }
}
