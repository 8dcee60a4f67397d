package dev.heddle.observe.internal.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A metric with all its series at one moment.
 *
 * @param name with dots, as OpenTelemetry writes it
 * @param unit as Prometheus writes it: {@code seconds}, {@code bytes}; empty for counts of things
 */
public record Metric(String name, Type type, String unit, String help, List<Sample> samples) {

    /** What its numbers do. */
    public enum Type {
        /** Goes up only, but for a new start. */
        COUNTER,
        /** Goes up and down. */
        GAUGE,
        /** How many durations lie between which bounds. */
        HISTOGRAM
    }

    /** One series: a number or a histogram. */
    public sealed interface Sample {

        /** What tells it from the others of its metric. */
        Labels labels();
    }

    /** A number. */
    public record Figure(Labels labels, double value) implements Sample {}

    /** A histogram. */
    public record Durations(Labels labels, Histogram.Snapshot histogram) implements Sample {}

    /** Copies the series. */
    public Metric {
        samples = List.copyOf(samples);
    }

    static Builder counter(String name, String unit, String help) {
        return new Builder(name, Type.COUNTER, unit, help);
    }

    static Builder gauge(String name, String unit, String help) {
        return new Builder(name, Type.GAUGE, unit, help);
    }

    static Builder histogram(String name, String help) {
        return new Builder(name, Type.HISTOGRAM, "seconds", help);
    }

    /** Collects the series of a metric; those with the same labels are added up. For one thread. */
    static final class Builder {

        private final String name;
        private final Type type;
        private final String unit;
        private final String help;
        private final Map<Labels, Double> numbers = new LinkedHashMap<>();
        private final List<Sample> histograms = new ArrayList<>();

        private Builder(String name, Type type, String unit, String help) {
            this.name = name;
            this.type = type;
            this.unit = unit;
            this.help = help;
        }

        Builder add(Labels labels, long value) {
            return add(labels, (double) value);
        }

        Builder add(Labels labels, double value) {
            numbers.merge(bounded(labels), value, Double::sum);
            return this;
        }

        /** Keeps the largest of those with the same labels. */
        Builder max(Labels labels, double value) {
            numbers.merge(bounded(labels), value, Math::max);
            return this;
        }

        private Labels bounded(Labels labels) {
            return numbers.size() < Histograms.MAX_SERIES || numbers.containsKey(labels) ? labels : Labels.OVERFLOW;
        }

        Builder histogram(Labels labels, Histogram.Snapshot histogram) {
            histograms.add(new Durations(labels, histogram));
            return this;
        }

        Metric build() {
            List<Sample> samples = new ArrayList<>(histograms);
            numbers.forEach((labels, value) -> samples.add(new Figure(labels, value)));
            return new Metric(name, type, unit, help, samples);
        }
    }
}
