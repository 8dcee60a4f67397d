package dev.heddle.observe.opentelemetry;

import dev.heddle.observe.Metrics;
import dev.heddle.observe.internal.metrics.DurationListener;
import dev.heddle.observe.internal.metrics.Labels;
import dev.heddle.observe.internal.metrics.Metric;
import dev.heddle.observe.internal.metrics.Registry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.BatchCallback;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableDoubleMeasurement;
import io.opentelemetry.api.metrics.ObservableMeasurement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of Heddle as instruments of an OpenTelemetry meter: those of {@link Metrics} without the JVM's, which
 * OpenTelemetry has instruments of its own for.
 *
 * <pre>{@code
 * try (var instruments = Instruments.register(telemetry)) {
 *     Heddle.run(App::main);
 * }
 * }</pre>
 *
 * <p>Numbers are asked for when a reader collects, by one callback, on the reader's thread; it may wait up to a second
 * for a part whose lock is held. A number that there was never before is told from the next collection on. The durations
 * of requests are recorded as they end, in histograms with the boundaries of the conventions.
 *
 * <p>Threads: any.
 */
public final class Instruments implements AutoCloseable {

    private static final double NANOS_PER_SECOND = 1e9;

    /** The labels whose values are numbers. */
    private static final Set<String> NUMBERS = Set.of("http.response.status_code", "server.port");

    private final Registry registry = Registry.PROCESS;
    private final Meter meter;
    private final Map<String, ObservableDoubleMeasurement> observed = new HashMap<>();
    private final Map<String, DoubleHistogram> histograms = new ConcurrentHashMap<>();
    private final DurationListener durations = this::begins;
    private @Nullable BatchCallback callback;
    private boolean closed;

    private Instruments(Meter meter) {
        this.meter = meter;
    }

    /** Begins to give the metrics of this process to a meter of this, until the answer is closed. */
    public static Instruments register(OpenTelemetry telemetry) {
        Metrics.begin();
        var instruments = new Instruments(telemetry.getMeter("dev.heddle"));
        instruments.observe(instruments.registry.numbers());
        instruments.registry.listen(instruments.durations);
        return instruments;
    }

    private void collect() {
        List<Metric> metrics = registry.numbers();
        observe(metrics);
        for (Metric metric : metrics) {
            ObservableDoubleMeasurement instrument = instrument(metric.name());
            for (Metric.Sample sample : metric.samples()) {
                if (instrument != null && sample instanceof Metric.Figure figure) {
                    instrument.record(figure.value(), attributes(figure.labels()));
                }
            }
        }
    }

    private synchronized @Nullable ObservableDoubleMeasurement instrument(String name) {
        return observed.get(name);
    }

    /** Makes instruments of those metrics that have none yet. */
    private synchronized void observe(List<Metric> metrics) {
        int before = observed.size();
        metrics.forEach(metric -> observed.computeIfAbsent(metric.name(), name -> observable(metric)));
        if (closed || observed.size() == before) {
            return;
        }
        if (callback != null) {
            callback.close();
        }
        ObservableMeasurement[] all = observed.values().toArray(new ObservableMeasurement[0]);
        callback = meter.batchCallback(this::collect, all[0], all);
    }

    private ObservableDoubleMeasurement observable(Metric metric) {
        String name = metric.name();
        String unit = switch (metric.unit()) {
            case "seconds" -> "s";
            case "bytes" -> "By";
            default -> "1";
        };
        if (metric.type() == Metric.Type.COUNTER) {
            return meter.counterBuilder(name).ofDoubles().setUnit(unit).setDescription(metric.help()).buildObserver();
        }
        // What can be added up is a count that goes up and down; shares and times are not.
        return Set.of("ratio", "seconds").contains(metric.unit())
                ? meter.gaugeBuilder(name).setUnit(unit).setDescription(metric.help()).buildObserver()
                : meter.upDownCounterBuilder(name).ofDoubles().setUnit(unit).setDescription(metric.help())
                        .buildObserver();
    }

    private LongConsumer begins(
            String metric, String help, List<Double> bounds, List<String> keys, Labels labels) {
        DoubleHistogram histogram = histograms.computeIfAbsent(metric, name -> meter.histogramBuilder(name)
                .setUnit("s")
                .setDescription(help)
                .setExplicitBucketBoundariesAdvice(bounds)
                .build());
        Attributes attributes = attributes(labels);
        return nanos -> histogram.record(nanos / NANOS_PER_SECOND, attributes);
    }

    private static Attributes attributes(Labels labels) {
        var attributes = Attributes.builder();
        List<String> pairs = labels.pairs();
        for (int i = 0; i < pairs.size(); i += 2) {
            String value = pairs.get(i + 1);
            if (NUMBERS.contains(pairs.get(i)) && value.matches("\\d{1,5}")) {
                attributes.put(pairs.get(i), Long.parseLong(value));
            } else {
                attributes.put(pairs.get(i), value);
            }
        }
        return attributes.build();
    }

    /** Gives nothing more. What the meter has heard of requests stays there. */
    @Override
    public synchronized void close() {
        closed = true;
        registry.leave(durations);
        if (callback != null) {
            callback.close();
            callback = null;
        }
    }
}
