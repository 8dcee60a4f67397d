package dev.heddle.observe.internal.metrics;

import dev.heddle.internal.Checks;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * The metrics that programs declare, each once: who asks a second time for the same gets the same.
 *
 * <p>Threads: any. Declarations and listeners are under the lock of this object.
 */
public final class OwnMetrics {

    private static final Pattern NAME = Pattern.compile("[a-zA-Z][a-zA-Z0-9_]*(\\.[a-zA-Z][a-zA-Z0-9_]*)*");

    /** Heddle's own, and what OpenTelemetry's conventions name, begin so. */
    private static final Pattern TAKEN = Pattern.compile("(heddle|http|jvm|otel|process)[._].*");

    private final Map<String, Declared> all = new ConcurrentSkipListMap<>();
    private final Set<DurationListener> listeners = new HashSet<>();

    /** A metric of a program. */
    public abstract static sealed class Declared {

        private final String name;
        private final List<String> keys;

        private Declared(String name, String... keys) {
            this.name = checked(name);
            this.keys = List.of(keys);
            for (String key : keys) {
                if (!NAME.matcher(key).matches() || key.equals("le")) {
                    throw new IllegalArgumentException("no name of a label: " + key);
                }
            }
        }

        /** As it was declared. */
        public String name() {
            return name;
        }

        List<String> key(String... values) {
            if (values.length != keys.size()) {
                throw new IllegalArgumentException(
                        name + " has the labels " + keys + ", and got " + values.length + " values");
            }
            return List.of(values);
        }

        Labels labels(List<String> values) {
            return values.size() == keys.size() ? Labels.of(keys, values.toArray(String[]::new)) : Labels.OVERFLOW;
        }
    }

    /** What has been done so far. */
    public static final class Counts extends Declared {

        private final String help;
        private final Map<List<String>, LongAdder> series = new ConcurrentHashMap<>();

        private Counts(String name, String help, String... keys) {
            super(name, keys);
            this.help = help;
        }

        /** Adds up. */
        public void add(long count, String... values) {
            Checks.notNegative("count", count);
            List<String> key = key(values);
            LongAdder known = series.get(key);
            if (known == null) {
                List<String> bounded = series.size() < Histograms.MAX_SERIES - 1 ? key : List.of();
                known = series.computeIfAbsent(bounded, other -> new LongAdder());
            }
            known.add(count);
        }

        private Metric metric() {
            var metric = Metric.counter(name(), "", help);
            series.forEach((key, count) -> metric.add(labels(key), count.sum()));
            return metric.build();
        }
    }

    /** How long something takes. */
    public static final class Times extends Declared {

        private final Histograms<List<String>> series;

        private Times(String name, String help, String... keys) {
            super(name, keys);
            this.series = new Histograms<>(name, help, List.of(keys), this::labels);
        }

        /** Records one. */
        public void record(Duration duration, String... values) {
            Checks.notNegative("duration", duration);
            series.record(key(values), duration.toNanos());
        }
    }

    /** Declares a counter. */
    public synchronized Counts counts(String name, String help, String... keys) {
        return declared(Counts.class, new Counts(name, help, keys));
    }

    /** Declares a histogram. */
    public synchronized Times times(String name, String help, String... keys) {
        Times times = declared(Times.class, new Times(name, help, keys));
        listeners.forEach(times.series::listen);
        return times;
    }

    private <D extends Declared> D declared(Class<D> type, D made) {
        Declared known = all.putIfAbsent(made.name().replace('.', '_'), made);
        if (known == null) {
            return made;
        }
        if (!type.isInstance(known) || !known.name.equals(made.name()) || !known.keys.equals(((Declared) made).keys)) {
            throw new IllegalArgumentException("there is another metric of this name: " + known.name + known.keys);
        }
        return type.cast(known);
    }

    private static String checked(String name) {
        if (!NAME.matcher(name).matches() || name.endsWith("total")) {
            throw new IllegalArgumentException(
                    "a name is words of letters, digits and _ with dots between, \"total\" is added to it: " + name);
        }
        if (TAKEN.matcher(name).matches()) {
            throw new IllegalArgumentException("names that begin so are taken: " + name);
        }
        return name;
    }

    /** Adds what is no histogram. */
    void addNumbers(List<Metric> metrics) {
        each(Counts.class, counts -> metrics.add(counts.metric()));
    }

    void addTimes(List<Metric> metrics) {
        each(Times.class, times -> metrics.add(times.series.metric()));
    }

    synchronized void listen(DurationListener listener) {
        listeners.add(listener);
        each(Times.class, times -> times.series.listen(listener));
    }

    synchronized void leave(DurationListener listener) {
        listeners.remove(listener);
        each(Times.class, times -> times.series.leave(listener));
    }

    private <D extends Declared> void each(Class<D> type, Consumer<D> action) {
        all.values().stream().filter(type::isInstance).map(type::cast).forEach(action);
    }
}
