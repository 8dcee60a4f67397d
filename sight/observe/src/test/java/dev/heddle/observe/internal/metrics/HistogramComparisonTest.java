package dev.heddle.observe.internal.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.LongConsumer;
import org.HdrHistogram.AtomicHistogram;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Our histogram beside HdrHistogram, on durations that are distributed log-normally as those of requests are: how near
 * both come to the true quantiles, and what a record costs. Prints the figures of {@code yard/figures/README.md}.
 */
@Tag("full")
final class HistogramComparisonTest {

    private static final int COUNT = 1_000_000;

    private static final int ROUNDS = 15;

    private static final long SEED = 25;

    /** The middle of durations. */
    private static final List<Double> MEDIAN_MILLIS = List.of(0.5, 3.0, 20.0, 200.0);

    private static final List<Double> QUANTILES = List.of(0.5, 0.99, 0.999);

    /** HdrHistogram's, as most use it: from a microsecond to a minute in three digits. */
    private static final long LOWEST_NANOS = 1_000;

    private static final long HIGHEST_NANOS = 60_000_000_000L;

    private static final int DIGITS = 3;

    private static AtomicHistogram hdr() {
        return new AtomicHistogram(LOWEST_NANOS, HIGHEST_NANOS, DIGITS);
    }

    private static long[] logNormal(Random random, double medianMillis) {
        var all = new long[COUNT];
        for (int i = 0; i < COUNT; i++) {
            all[i] = (long) (medianMillis * 1e6 * Math.exp(random.nextGaussian()));
        }
        return all;
    }

    @Test
    void quantilesLieInTheBucketOfTheTrueOnesAndHdrHistogramsAreExactInItsDigits() {
        for (double median : MEDIAN_MILLIS) {
            long[] durations = logNormal(new Random(SEED), median);
            var ours = new Histogram();
            AtomicHistogram hdr = hdr();
            for (long each : durations) {
                ours.record(each);
                hdr.recordValue(each);
            }
            Arrays.sort(durations);
            for (double quantile : QUANTILES) {
                double exact = durations[(int) Math.ceil(quantile * COUNT) - 1] / 1e9;
                double[] bucket = bucket(ours.snapshot(), quantile);
                double estimate = bucket[0] + (bucket[1] - bucket[0]) * bucket[2];
                double hdrs = hdr.getValueAtPercentile(quantile * 100) / 1e9;
                assertTrue(bucket[0] <= exact && exact <= bucket[1], () -> quantile + " of " + median);
                assertEquals(1, hdrs / exact, 2e-3);
                System.out.printf(
                        "median %5.1f ms, p%-4s true %10.3f ms, ours %10.3f ms (%+6.1f %%), HdrHistogram %10.3f ms (%+5.2f %%)%n",
                        median, quantile * 100, exact * 1e3, estimate * 1e3, (estimate / exact - 1) * 100, hdrs * 1e3,
                        (hdrs / exact - 1) * 100);
            }
        }
    }

    /** The bounds of the bucket in which a quantile is, and how far in it, as Prometheus' histogram_quantile has it. */
    private static double[] bucket(Histogram.Snapshot seen, double quantile) {
        double rank = quantile * seen.count();
        int at = 0;
        while (at < seen.bounds().length - 1 && seen.cumulative()[at] < rank) {
            at++;
        }
        long below = at == 0 ? 0 : seen.cumulative()[at - 1];
        double low = at == 0 ? 0 : seen.bounds()[at - 1];
        return new double[]{low, seen.bounds()[at], (rank - below) / (seen.cumulative()[at] - below)};
    }

    @Test
    void bothCountAllAndARecordCostsAsMuchAsIsPrinted() {
        for (double median : MEDIAN_MILLIS) {
            long[] durations = logNormal(new Random(SEED), median);
            var ours = new Histogram();
            AtomicHistogram hdr = hdr();
            List<Double> ourNanos = new ArrayList<>();
            List<Double> hdrNanos = new ArrayList<>();
            for (int i = 0; i < ROUNDS; i++) {
                ourNanos.add(timed(durations, ours::record));
                hdrNanos.add(timed(durations, hdr::recordValue));
            }
            assertEquals((long) ROUNDS * COUNT, ours.snapshot().count());
            assertEquals((long) ROUNDS * COUNT, hdr.getTotalCount());
            System.out.printf(
                    "median %5.1f ms, a record: ours %5.1f ns, HdrHistogram %5.1f ns; memory: ours %d bytes, its %d%n",
                    median, middle(ourNanos), middle(hdrNanos), new Histogram().within().length * Long.BYTES,
                    hdr.getEstimatedFootprintInBytes());
        }
    }

    private static double timed(long[] durations, LongConsumer record) {
        long begin = System.nanoTime();
        for (long each : durations) {
            record.accept(each);
        }
        return (System.nanoTime() - begin) / (double) durations.length;
    }

    private static double middle(List<Double> all) {
        return all.stream().sorted().toList().get(all.size() / 2);
    }
}
