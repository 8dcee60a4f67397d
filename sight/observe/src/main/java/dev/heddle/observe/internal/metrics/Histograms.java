package dev.heddle.observe.internal.metrics;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

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

    private final String name;
    private final String help;
    private final List<String> keys;
    private final Function<K, Labels> labels;

    private final Map<K, Histogram> series = new ConcurrentHashMap<>();
    private final Supplier<Histogram> make;
    private final Histogram overflow;

    /** Whom each series is told to. Under the lock of this object, as is that a series begins. */
    private final Set<DurationListener> listeners = new HashSet<>();

    /** @param keys the names of the labels that a series may have */
    Histograms(String name, String help, List<String> keys, Function<K, Labels> labels) {
        this(name, help, keys, labels, Histogram::new);
    }

    /** @param make gives new ones, with the same boundaries each time */
    Histograms(String name, String help, List<String> keys, Function<K, Labels> labels, Supplier<Histogram> make) {
        this.make = make;
        this.overflow = make.get();
        this.name = name;
        this.help = help;
        this.keys = keys;
        this.labels = labels;
    }

    void record(K key, long nanos) {
        Histogram known = series.get(key);
        if (known == null) {
            known = series.size() < MAX_SERIES ? begin(key) : overflow;
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

    private synchronized Histogram begin(K key) {
        Histogram known = series.get(key);
        if (known == null) {
            known = make.get();
            for (DurationListener each : listeners) {
                tell(known, each, labels.apply(key));
            }
            series.put(key, known);
        }
        return known;
    }

    private void tell(Histogram histogram, DurationListener listener, Labels told) {
        histogram.hear(listener, listener.begins(name, help, histogram.bounds(), keys, told));
    }

    synchronized void listen(DurationListener listener) {
        if (listeners.add(listener)) {
            series.forEach((key, histogram) -> tell(histogram, listener, labels.apply(key)));
            tell(overflow, listener, Labels.OVERFLOW);
        }
    }

    synchronized void leave(DurationListener listener) {
        if (listeners.remove(listener)) {
            series.values().forEach(histogram -> histogram.hear(listener, null));
            overflow.hear(listener, null);
        }
    }

    Metric metric() {
        var metric = Metric.histogram(name, help);
        series.forEach((key, histogram) -> metric.histogram(labels.apply(key), histogram.snapshot()));
        Histogram.Snapshot rest = overflow.snapshot();
        if (rest.count() > 0) {
            metric.histogram(Labels.OVERFLOW, rest);
        }
        return metric.build();
    }
}
