package dev.heddle.observe.internal.metrics;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * A histogram of durations with the boundaries that OpenTelemetry's conventions advise for HTTP.
 *
 * <p>Fifteen counters, found by a look through the boundaries: most requests are done within the first few. What is told
 * is exact at the boundaries; a log-linear histogram would need boundaries of its own, that no dashboard knows.
 *
 * <p>Threads: any. A reader may see a duration in the sum that it does not see in the counts yet.
 */
final class Histogram {

    private static final long[] BOUNDS_MILLIS = {5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000};

    private static final long NANOS_PER_MILLI = 1_000_000;

    private static final double NANOS_PER_SECOND = 1e9;

    /** One for each boundary, and one for what is above. */
    private final AtomicLongArray counts = new AtomicLongArray(BOUNDS_MILLIS.length + 1);

    private final LongAdder sumNanos = new LongAdder();

    /**
     * A histogram at one moment.
     *
     * @param bounds upper ones, in seconds, each included
     * @param cumulative how many were up to each bound, and last how many there were
     * @param sum in seconds
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares two
    record Snapshot(double[] bounds, long[] cumulative, double sum) {

        long count() {
            return cumulative[cumulative.length - 1];
        }
    }

    void record(long nanos) {
        int bucket = 0;
        while (bucket < BOUNDS_MILLIS.length && nanos > BOUNDS_MILLIS[bucket] * NANOS_PER_MILLI) {
            bucket++;
        }
        counts.getAndIncrement(bucket);
        sumNanos.add(nanos);
    }

    Snapshot snapshot() {
        var bounds = new double[BOUNDS_MILLIS.length];
        var cumulative = new long[counts.length()];
        double sum = sumNanos.sum() / NANOS_PER_SECOND; // first: so that no average is above what was recorded
        long count = 0;
        for (int i = 0; i < cumulative.length; i++) {
            count += counts.get(i);
            cumulative[i] = count;
            if (i < bounds.length) {
                bounds[i] = BOUNDS_MILLIS[i] / 1000.0;
            }
        }
        return new Snapshot(bounds, cumulative, sum);
    }
}
