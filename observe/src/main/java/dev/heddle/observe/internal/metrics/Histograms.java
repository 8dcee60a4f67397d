package dev.heddle.observe.internal.metrics;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The histograms of one metric, by what tells them apart: at most so many, since peers may have a say in it. What comes
 * beyond them goes into {@link Labels#OVERFLOW}.
 *
 * <p>Threads: any.
 *
 * @param <K> what tells them apart: small, with its own equals
 */
final class Histograms<K> {

    /** What OpenTelemetry's SDKs hold, too. */
    static final int MAX_SERIES = 2000;

    private final Map<K, Histogram> series = new ConcurrentHashMap<>();
    private final Histogram overflow = new Histogram();

    void record(K key, long nanos) {
        Histogram known = series.get(key);
        if (known == null) {
            known = series.size() < MAX_SERIES ? series.computeIfAbsent(key, k -> new Histogram()) : overflow;
        }
        known.record(nanos);
    }

    /** As {@link Histogram#within}, of all together. */
    long[] within() {
        long[] sums = overflow.within();
        for (Histogram histogram : series.values()) {
            long[] some = histogram.within();
            Arrays.setAll(sums, i -> sums[i] + some[i]);
        }
        return sums;
    }

    /** Adds all to a metric. */
    void addTo(Metric.Builder metric, Function<K, Labels> labels) {
        series.forEach((key, histogram) -> metric.histogram(labels.apply(key), histogram.snapshot()));
        Histogram.Snapshot rest = overflow.snapshot();
        if (rest.count() > 0) {
            metric.histogram(Labels.OVERFLOW, rest);
        }
    }
}
