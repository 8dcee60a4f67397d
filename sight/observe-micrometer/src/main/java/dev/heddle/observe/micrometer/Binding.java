package dev.heddle.observe.micrometer;

import dev.heddle.observe.Metrics;
import dev.heddle.observe.internal.metrics.DurationListener;
import dev.heddle.observe.internal.metrics.Labels;
import dev.heddle.observe.internal.metrics.Metric;
import dev.heddle.observe.internal.metrics.Registry;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;

/**
 * The meters of one registry. Micrometer reads them one by one and does not say when it begins; so the first one that is
 * read when the numbers are old has all of them taken anew, and registers what is new.
 *
 * <p>Threads: any; one at a time takes the numbers, and others read the old ones meanwhile.
 */
final class Binding {

    private static final String SERIES = "heddle.metrics.series";

    /** Stands for a tag that means nothing for a meter. */
    private static final String NONE = "none";

    /** Stands for all tags of the one timer for what is told of when there are as many as may be. */
    private static final String OVERFLOW = "overflow";

    private static final long FRESH_NANOS = 500_000_000;

    private final Registry metrics = Registry.PROCESS;
    private final MeterRegistry registry;
    private final DurationListener durations = this::begins;

    private final Map<Series, Double> numbers = new ConcurrentHashMap<>();

    private final ReentrantLock taking = new ReentrantLock();
    private final Map<Series, Meter> meters = new HashMap<>();

    /** The keys of the tags that the meters of a name have. */
    private final Map<String, Set<String>> keys = new HashMap<>();

    private volatile long taken;
    private volatile boolean ended;

    private record Series(String metric, Labels labels) {}

    Binding(MeterRegistry registry) {
        this.registry = registry;
    }

    void begin() {
        Metrics.begin();
        take();
        var all = new Series(SERIES, Labels.NONE);
        meters.put(all, Gauge.builder(SERIES, this, Binding::series)
                .description("Meters that tell of Heddle.").strongReference(true).register(registry));
        metrics.listen(durations);
    }

    void end() {
        metrics.leave(durations);
        taking.lock();
        try {
            ended = true;
            meters.values().forEach(registry::remove);
            meters.clear();
        } finally {
            taking.unlock();
        }
    }

    // ---- numbers ----

    private double series() {
        refresh();
        return numbers.size();
    }

    private double number(Series series) {
        refresh();
        return numbers.getOrDefault(series, 0.0);
    }

    private void refresh() {
        if (now() - taken >= FRESH_NANOS && !taking.isHeldByCurrentThread() && taking.tryLock()) {
            try {
                if (!ended && now() - taken >= FRESH_NANOS) {
                    take();
                }
            } finally {
                taking.unlock();
            }
        }
    }

    private long now() {
        return registry.config().clock().monotonicTime();
    }

    private void take() {
        List<Metric> all = metrics.numbers();
        Set<Series> seen = new HashSet<>();
        for (Metric metric : all) {
            take(metric, seen);
        }
        numbers.keySet().retainAll(seen);
        remove(meters.keySet().stream().filter(each -> !seen.contains(each) && !each.metric.equals(SERIES)).toList());
        taken = now();
    }

    private void take(Metric metric, Set<Series> seen) {
        Set<String> tags = keys.computeIfAbsent(metric.name(), name -> new TreeSet<>());
        int before = tags.size();
        for (Metric.Sample sample : metric.samples()) {
            List<String> pairs = sample.labels().pairs();
            for (int i = 0; i < pairs.size(); i += 2) {
                tags.add(pairs.get(i));
            }
        }
        if (tags.size() > before) { // the others need the new tag, too: some registries demand the same of all
            remove(meters.keySet().stream().filter(each -> each.metric.equals(metric.name())).toList());
        }
        for (Metric.Sample sample : metric.samples()) {
            if (sample instanceof Metric.Figure figure) {
                var series = new Series(metric.name(), figure.labels());
                seen.add(series);
                numbers.put(series, figure.value());
                meters.computeIfAbsent(series, each -> register(metric, each, tags));
            }
        }
    }

    private Meter register(Metric metric, Series series, Collection<String> tags) {
        String unit = metric.unit().isEmpty() ? null : metric.unit();
        return metric.type() == Metric.Type.COUNTER
                ? FunctionCounter.builder(metric.name(), this, binding -> binding.number(series))
                        .tags(tags(tags, series.labels, NONE)).description(metric.help()).baseUnit(unit)
                        .register(registry)
                : Gauge.builder(metric.name(), this, binding -> binding.number(series)).strongReference(true)
                        .tags(tags(tags, series.labels, NONE)).description(metric.help()).baseUnit(unit)
                        .register(registry);
    }

    private void remove(List<Series> gone) {
        gone.forEach(each -> {
            Meter meter = meters.remove(each);
            if (meter != null) {
                registry.remove(meter);
            }
        });
    }

    // ---- durations ----

    private LongConsumer begins(
            String metric, String help, List<Double> bounds, List<String> names, Labels labels) {
        Duration[] levels = bounds.stream().map(seconds -> Duration.ofMillis(Math.round(seconds * 1000)))
                .toArray(Duration[]::new);
        if (labels.equals(Labels.OVERFLOW)) { // most often never needed, so not made before
            return nanos -> timer(metric, help, levels, tags(names, Labels.NONE, OVERFLOW))
                    .record(nanos, TimeUnit.NANOSECONDS);
        }
        Timer timer = timer(metric, help, levels, tags(names, labels, NONE));
        return nanos -> timer.record(nanos, TimeUnit.NANOSECONDS);
    }

    private Timer timer(String metric, String help, Duration[] levels, Tags tags) {
        return Timer.builder(metric).tags(tags).description(help).serviceLevelObjectives(levels).register(registry);
    }

    private static Tags tags(Collection<String> names, Labels labels, String otherwise) {
        Map<String, String> values = new HashMap<>();
        List<String> pairs = labels.pairs();
        for (int i = 0; i < pairs.size(); i += 2) {
            values.put(pairs.get(i), pairs.get(i + 1));
        }
        return Tags.of(names.stream().map(name -> Tag.of(name, values.getOrDefault(name, otherwise))).toList());
    }
}
