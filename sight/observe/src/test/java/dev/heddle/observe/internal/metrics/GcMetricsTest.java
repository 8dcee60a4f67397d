package dev.heddle.observe.internal.metrics;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Garbage collections are told by how long they took. */
final class GcMetricsTest {

    private static String text(GcMetrics metrics) {
        List<Metric> all = new ArrayList<>();
        metrics.addTo(all);
        return new PrometheusText(false).write(all);
    }

    @Test
    void collectionsAreToldByCollectorActionAndHowLongTheyTook() {
        var metrics = new GcMetrics();
        metrics.record("Copy", "end of minor GC", 10);
        metrics.record("Copy", "end of minor GC", 11);
        metrics.record("Copy", "end of minor GC", 20_000);
        String series = "jvm_gc_duration_seconds_bucket{jvm_gc_name=\"Copy\",jvm_gc_action=\"end of minor GC\",le=\"%s\"} %d\n";
        for (String bucket : List.of(
                series.formatted("0.01", 1), series.formatted("0.1", 2), series.formatted("1", 2),
                series.formatted("10", 2), series.formatted("+Inf", 3))) {
            assertTrue(text(metrics).contains(bucket), () -> bucket + " is not in\n" + text(metrics));
        }
    }

    @Test
    void collectorThatHasNotCollectedHasAnEmptyHistogram() {
        assertTrue(text(new GcMetrics()).lines().anyMatch(
                line -> line.matches("jvm_gc_duration_seconds_bucket\\{jvm_gc_name=\"[^\"]+\",le=\"0.01\"} 0")));
    }

    @Test
    void collectionOfThisJvmIsHeardOf() {
        var metrics = new GcMetrics();
        metrics.begin();
        System.gc();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!text(metrics).contains("jvm_gc_action=") && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertTrue(text(metrics).contains("jvm_gc_action=\"end of "), () -> text(metrics));
    }
}
