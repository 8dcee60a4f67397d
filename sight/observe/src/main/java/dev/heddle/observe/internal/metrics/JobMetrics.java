package dev.heddle.observe.internal.metrics;

import java.util.List;

/**
 * The durations of the attempts at jobs of clusters that ended on this node: how long they ran, and how long the jobs
 * had been ready; by queue, kind and outcome. The boundaries reach an hour, since a job may take one.
 *
 * <p>Threads: any.
 */
final class JobMetrics {

    private static final List<String> KEYS = List.of("heddle.name", "heddle.job.kind", "heddle.job.outcome");

    private static final List<String> WAITED = KEYS.subList(0, 2);

    private static final long[] MICROS = {5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000,
            2_500_000, 5_000_000, 10_000_000, 30_000_000, 60_000_000, 300_000_000, 900_000_000, 3_600_000_000L};

    private final Histograms<Attempted> ran = new Histograms<>(
            "heddle.jobs.run.duration", "Duration of attempts at jobs on this node.", KEYS,
            key -> Labels.of(KEYS, key.queue, key.kind, key.outcome), () -> Histogram.of(MICROS));

    private final Histograms<Attempted> waited = new Histograms<>(
            "heddle.jobs.wait.duration", "Time for which jobs were ready before attempts at them began.", WAITED,
            key -> Labels.of(WAITED, key.queue, key.kind), () -> Histogram.of(MICROS));

    private record Attempted(String queue, String kind, String outcome) {}

    void attempted(String queue, String kind, String outcome, long waitNanos, long runNanos) {
        ran.record(new Attempted(queue, kind, outcome), runNanos);
        waited.record(new Attempted(queue, kind, ""), waitNanos);
    }

    void addTo(List<Metric> all) {
        all.add(ran.metric());
        all.add(waited.metric());
    }

    void listen(DurationListener listener) {
        ran.listen(listener);
        waited.listen(listener);
    }

    void leave(DurationListener listener) {
        ran.leave(listener);
        waited.leave(listener);
    }
}
