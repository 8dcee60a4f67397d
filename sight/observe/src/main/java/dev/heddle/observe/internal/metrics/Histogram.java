package dev.heddle.observe.internal.metrics;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A histogram of durations with the boundaries that OpenTelemetry's conventions advise, for HTTP with finer ones below
 * them for our own page: metrics do not tell those.
 *
 * <p>A few counters, found by a look through the boundaries: most requests are done within the first few. What is told
 * is exact at the boundaries; a log-linear histogram would need boundaries of its own, that no dashboard knows.
 *
 * <p>Threads: any. A reader may see a duration in the sum that it does not see in the counts yet.
 */
public final class Histogram {

    private static final long[] HTTP_MICROS = {100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 75_000,
            100_000, 250_000, 500_000, 750_000, 1_000_000, 2_500_000, 5_000_000, 7_500_000, 10_000_000};

    /** The first of them that is advised. */
    private static final int ADVISED = 5;

    private static final long NANOS_PER_MICRO = 1_000;

    private static final double MICROS_PER_SECOND = 1e6;

    /** The advised ones in seconds: upper ones, each included. */
    public static final List<Double> ADVISED_BOUNDS = Arrays.stream(HTTP_MICROS, ADVISED, HTTP_MICROS.length)
            .mapToObj(micros -> micros / MICROS_PER_SECOND).toList();

    private static final double NANOS_PER_SECOND = 1e9;

    private final long[] boundsMicros;

    /** How many boundaries metrics do not tell. */
    private final int untold;

    /** One for each boundary, and one for what is above. */
    private final AtomicLongArray counts;

    private final LongAdder sumNanos = new LongAdder();

    /** Who else hears of each duration, by who has asked for it. */
    private volatile Map<DurationListener, LongConsumer> heard = Map.of();

    /** One for requests of HTTP. */
    Histogram() {
        this(HTTP_MICROS, ADVISED);
    }

    /** Those that are told, in seconds: upper ones, each included. */
    List<Double> bounds() {
        return Arrays.stream(boundsMicros, untold, boundsMicros.length).mapToObj(micros -> micros / MICROS_PER_SECOND)
                .toList();
    }

    /** @param boundsMicros upper ones, each included, the least first */
    static Histogram of(long... boundsMicros) {
        return new Histogram(boundsMicros, 0);
    }

    private Histogram(long[] boundsMicros, int untold) {
        this.boundsMicros = boundsMicros;
        this.untold = untold;
        this.counts = new AtomicLongArray(boundsMicros.length + 1);
    }

    /**
     * A histogram at one moment.
     *
     * @param bounds upper ones, in seconds, each included
     * @param cumulative how many were up to each bound, and last how many there were
     * @param sum in seconds
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares two
    public record Snapshot(double[] bounds, long[] cumulative, double sum) {

        /** How many there were. */
        public long count() {
            return cumulative[cumulative.length - 1];
        }
    }

    void record(long nanos) {
        int bucket = 0;
        while (bucket < boundsMicros.length && nanos > boundsMicros[bucket] * NANOS_PER_MICRO) {
            bucket++;
        }
        counts.getAndIncrement(bucket);
        sumNanos.add(nanos);
        for (LongConsumer each : heard.values()) {
            each.accept(nanos);
        }
    }

    /** Has somebody hear of each duration from now on; null for not any more. One call at a time. */
    void hear(DurationListener by, @Nullable LongConsumer durations) {
        var all = new HashMap<>(heard);
        if (durations == null) {
            all.remove(by);
        } else {
            all.put(by, durations);
        }
        heard = Map.copyOf(all);
    }

    /** Those of requests of HTTP. */
    static long[] httpMicros() {
        return HTTP_MICROS.clone();
    }

    /** How many were up to each boundary, and last how many there were. */
    long[] within() {
        var within = new long[counts.length()];
        long count = 0;
        for (int i = 0; i < within.length; i++) {
            count += counts.get(i);
            within[i] = count;
        }
        return within;
    }

    Snapshot snapshot() {
        double sum = sumNanos.sum() / NANOS_PER_SECOND; // first: so that no average is above what was recorded
        long[] within = within();
        double[] bounds = Arrays.stream(boundsMicros, untold, boundsMicros.length)
                .mapToDouble(micros -> micros / MICROS_PER_SECOND).toArray();
        return new Snapshot(bounds, Arrays.copyOfRange(within, untold, within.length), sum);
    }
}
