package dev.heddle.observe.internal.metrics;

import java.util.List;
import java.util.function.LongConsumer;

/** A listener that keeps the durations of requests in histograms of its own. Compared by identity. */
@FunctionalInterface
public interface DurationListener {

    /**
     * A series begins. Called once for each, on the thread of its first request or of who has begun to listen.
     *
     * @param metric its name, with dots
     * @param bounds the boundaries of its histograms in seconds: upper ones, each included
     * @param keys the names of all labels that a series of this metric may have
     * @param labels those of this one
     * @return who is told each duration, in nanoseconds, on the thread of the request
     */
    LongConsumer begins(String metric, String help, List<Double> bounds, List<String> keys, Labels labels);
}
