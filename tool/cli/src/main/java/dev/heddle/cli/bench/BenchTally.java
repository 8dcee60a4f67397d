package dev.heddle.cli.bench;

import dev.heddle.cli.command.Latencies;
import dev.heddle.cli.command.Reasons;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The tally of a load's requests.
 *
 * <p>Threads: the tasks of one loop, and later whoever saw their end; {@link #done()} is for any thread.
 */
final class BenchTally {

    /** Replies by the first digit of their status; 0 for statuses of 600 and more. */
    private final long[] classes = new long[6];

    private final Latencies latencies = new Latencies();
    private final Reasons reasons = new Reasons();
    private final AtomicLong done = new AtomicLong();
    private long failed;
    private long bytes;
    private long missed;
    private long inTime;

    /**
     * A whole reply came.
     *
     * @param isInTime whether before the end of the time that is measured
     */
    void reply(int status, long bodyBytes, long nanos, boolean isInTime) {
        classes[status < 600 ? status / 100 : 0]++;
        bytes += bodyBytes;
        latencies.add(nanos);
        inTime += isInTime ? 1 : 0;
        count();
    }

    /** No whole reply came. */
    void failure(String reason, long bodyBytes) {
        failed++;
        bytes += bodyBytes;
        reasons.add(reason);
        count();
    }

    /** Requests were due and never sent. */
    void missed(long requests) {
        missed += requests;
    }

    /** One writer, so this need not be an atomic addition. */
    private void count() {
        done.setOpaque(done.getOpaque() + 1);
    }

    /** Adds what another one has. */
    void addAll(BenchTally other) {
        for (int i = 0; i < classes.length; i++) {
            classes[i] += other.classes[i];
        }
        latencies.addAll(other.latencies);
        reasons.addAll(other.reasons);
        failed += other.failed;
        bytes += other.bytes;
        missed += other.missed;
        inTime += other.inTime;
        done.addAndGet(other.done());
    }

    /** Requests that have ended, in whatever way. */
    long done() {
        return done.getOpaque();
    }

    /** Whole replies. */
    long replies() {
        return latencies.count();
    }

    /** Whole replies with a status of 400 or above. */
    long bad() {
        return classes[4] + classes[5] + classes[0];
    }

    /** Whole replies with a status that begins with this digit; 0 for those of 600 and more. */
    long ofClass(int digit) {
        return classes[digit];
    }

    long failed() {
        return failed;
    }

    /** Bytes of bodies. */
    long bytes() {
        return bytes;
    }

    long missed() {
        return missed;
    }

    /** Whole replies before the end of the time that is measured. */
    long inTime() {
        return inTime;
    }

    Latencies latencies() {
        return latencies;
    }

    /** Whether every request that was due had a reply with a status below 400. */
    boolean isFine() {
        return failed == 0 && bad() == 0 && missed == 0 && replies() > 0;
    }

    /** The most frequent reasons of failures, most frequent first. */
    List<Reasons.Count> reasons(int most) {
        return reasons.top(most);
    }
}
