package dev.heddle.observe.internal.metrics;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.WeakHashMap;

/**
 * The totals of counters that several sources add to, and which outlive them: what a source has counted since it was last
 * asked is added. So a total never falls, though pools, clients and loops come and go, which readers take for a new start of
 * the process. What a source counts between its last look and its end is not in it.
 *
 * <p>A series keeps its place for ever; those beyond {@link Histograms#MAX_SERIES} are one.
 *
 * <p>Threads: any.
 */
final class Totals {

    private final Map<String, Counted> counters = new TreeMap<>();

    /** What each source has said, by the metric. */
    private final Map<Object, Map<String, Double>> told = new WeakHashMap<>();

    /** A counter that was heard of. */
    private record Counted(String help, Map<Labels, Double> series) {}

    /**
     * Hears what a source has counted in all.
     *
     * @param source held weakly; the same each time
     * @param help of the metric
     */
    synchronized void hear(Object source, String metric, String help, Labels labels, double count) {
        Map<String, Double> of = told.computeIfAbsent(source, key -> new HashMap<>());
        double before = of.getOrDefault(metric, 0.0);
        of.put(metric, Math.max(before, count));
        Map<Labels, Double> series = counters.computeIfAbsent(
                metric, name -> new Counted(help, new LinkedHashMap<>())).series;
        boolean hasPlace = series.containsKey(labels) || series.size() < Histograms.MAX_SERIES;
        series.merge(hasPlace ? labels : Labels.OVERFLOW, Math.max(0, count - before), Double::sum);
    }

    /** Adds all that was ever heard of. */
    synchronized void addTo(List<Metric> all) {
        counters.forEach((name, counter) -> {
            Metric.Builder metric = Metric.counter(name, "", counter.help);
            counter.series.forEach(metric::add);
            all.add(metric.build());
        });
    }
}
