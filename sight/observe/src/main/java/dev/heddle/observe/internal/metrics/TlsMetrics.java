package dev.heddle.observe.internal.metrics;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * The counts of TLS handshakes by the group that keys were exchanged with, which tell whether clients hold against quantum
 * computers yet. Only groups that the engine itself knows are agreed on, so a peer makes up none.
 *
 * <p>Threads: any.
 */
final class TlsMetrics {

    /** Where the engine does not tell it. */
    private static final String UNKNOWN = "unknown";

    private final Map<String, LongAdder> handshakes = new ConcurrentHashMap<>();

    void secured(String group) {
        handshakes.computeIfAbsent(group.isEmpty() ? UNKNOWN : group, key -> new LongAdder()).increment();
    }

    void addTo(List<Metric> all) {
        var metric = Metric.counter("heddle.tls.handshakes", "",
                "TLS handshakes that ended well, by the group of keys.");
        handshakes.forEach((group, count) -> metric.add(Labels.NONE.with("tls.curve", group), count.sum()));
        all.add(metric.build());
    }
}
