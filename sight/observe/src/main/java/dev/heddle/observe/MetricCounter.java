package dev.heddle.observe;

import dev.heddle.observe.internal.metrics.OwnMetrics;

/**
 * A counter of the program's own: what has been done so far, by labels. {@link Metrics#counter} makes it.
 *
 * <p>Threads: any, at the cost of one addition. No call waits.
 */
public final class MetricCounter {

    private final OwnMetrics.Counts counts;

    MetricCounter(OwnMetrics.Counts counts) {
        this.counts = counts;
    }

    /**
     * Counts one.
     *
     * @param values of the labels, in their order, at most 200 characters each
     * @throws IllegalArgumentException if there are more or fewer than labels
     */
    public void increment(String... values) {
        add(1, values);
    }

    /**
     * Counts several.
     *
     * @param count 0 or more
     */
    public void add(long count, String... values) {
        counts.add(count, values);
    }

    @Override
    public String toString() {
        return "MetricCounter[" + counts.name() + "]";
    }
}
