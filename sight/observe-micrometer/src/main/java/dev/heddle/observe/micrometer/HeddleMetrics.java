package dev.heddle.observe.micrometer;

import dev.heddle.observe.Metrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.ArrayList;
import java.util.List;

/**
 * The metrics of Heddle as meters: those of {@link Metrics} without the JVM's, which Micrometer has binders of its own
 * for.
 *
 * <pre>{@code
 * new HeddleMetrics().bindTo(registry);
 * }</pre>
 *
 * <p>Numbers are gauges and function counters. They are asked for when a meter is read, but not twice within half a
 * second, on the thread that reads; it may wait up to a second for a part whose lock is held. Meters come and go with the
 * queues, pools and servers that they tell of, at such a reading. The durations of requests are timers with the
 * boundaries of OpenTelemetry's conventions, which count from the binding on.
 *
 * <p>All meters of a name have the same tags; one that means nothing for a meter is {@code none}.
 *
 * <p>Threads: any.
 */
public final class HeddleMetrics implements MeterBinder, AutoCloseable {

    private final List<Binding> bindings = new ArrayList<>();

    /** A binder that has bound nothing yet. */
    public HeddleMetrics() {}

    @Override
    public synchronized void bindTo(MeterRegistry registry) {
        var binding = new Binding(registry);
        bindings.add(binding);
        binding.begin();
    }

    /** Takes the gauges and counters out of the registries and tells the timers no more. */
    @Override
    public synchronized void close() {
        bindings.forEach(Binding::end);
        bindings.clear();
    }
}
