package dev.heddle.observe;

import dev.heddle.observe.internal.metrics.OwnMetrics;
import java.time.Duration;

/**
 * A histogram of the program's own: how long something takes, by labels, with bounds from 5 ms to 10 s. {@link
 * Metrics#durations} makes it.
 *
 * <p>Threads: any. No call waits.
 */
public final class MetricDurations {

    private final OwnMetrics.Times times;

    MetricDurations(OwnMetrics.Times times) {
        this.times = times;
    }

    /**
     * Records one.
     *
     * @param duration zero or more, such as that of {@code Heddle.measureTime}
     * @param values of the labels, in their order, at most 200 characters each
     * @throws IllegalArgumentException if there are more or fewer than labels
     */
    public void record(Duration duration, String... values) {
        times.record(duration, values);
    }

    @Override
    public String toString() {
        return "MetricDurations[" + times.name() + "]";
    }
}
