package dev.heddle.observe.internal.metrics;

import com.sun.management.GarbageCollectionNotificationInfo;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;

/**
 * The durations of garbage collections, as OpenTelemetry's conventions for JVMs have them: by collector and by what it
 * did. The JVM keeps only their sums by itself, so each is heard of, from the beginning on.
 *
 * <p>Threads: any; the JVM tells on one of its own.
 */
final class GcMetrics {

    /** What the conventions advise. */
    private static final long[] BOUNDS_MICROS = {10_000, 100_000, 1_000_000, 10_000_000};

    private final Map<Collection, Histogram> durations = new ConcurrentHashMap<>();
    private final AtomicBoolean begun = new AtomicBoolean();

    private record Collection(String name, String action) {}

    /** Begins to hear. Does nothing the second time. */
    void begin() {
        if (begun.getAndSet(true)) {
            return;
        }
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            if (collector instanceof NotificationEmitter emitter) {
                emitter.addNotificationListener((notification, handback) -> heard(notification), null, null);
            }
        }
    }

    private void heard(Notification notification) {
        if (notification.getType().equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)
                && notification.getUserData() instanceof CompositeData data) {
            GarbageCollectionNotificationInfo collection = GarbageCollectionNotificationInfo.from(data);
            record(collection.getGcName(), collection.getGcAction(), collection.getGcInfo().getDuration());
        }
    }

    void record(String name, String action, long millis) {
        durations.computeIfAbsent(new Collection(name, action), key -> Histogram.of(BOUNDS_MICROS))
                .record(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    /** Adds all; of a collector that has not collected yet, an empty one. */
    void addTo(List<Metric> all) {
        var metric = Metric.histogram("jvm.gc.duration", "Duration of garbage collections.");
        durations.forEach((key, histogram) -> metric.histogram(
                named(key.name).with("jvm.gc.action", key.action), histogram.snapshot()));
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            if (durations.keySet().stream().noneMatch(key -> key.name.equals(collector.getName()))) {
                metric.histogram(named(collector.getName()), Histogram.of(BOUNDS_MICROS).snapshot());
            }
        }
        all.add(metric.build());
    }

    private static Labels named(String collector) {
        return Labels.NONE.with("jvm.gc.name", collector);
    }
}
