package dev.heddle.observe;

import dev.heddle.observe.internal.metrics.EventHub;
import dev.heddle.observe.internal.metrics.Registry;

/**
 * The metrics of this process as text for Prometheus: of requests by method, route and status, of loops, of every pool,
 * queue, lock, server and client that has a name or a line of its own, and of the JVM.
 *
 * <pre>{@code
 * server.get("/metrics", request -> Response.text(offload(Metrics::text)));
 * }</pre>
 *
 * <p>Names are those of OpenTelemetry's semantic conventions where there are some, written as Prometheus has them:
 * {@code http_server_request_duration_seconds}, {@code jvm_memory_used_bytes}; ours begin with {@code heddle_}. No metric
 * has more than 2,000 series: routes tell requests apart and not paths, and what comes beyond them is counted in one
 * series, {@code otel_metric_overflow="true"}.
 *
 * <p>All of this is counted anyway, but for the requests under way by method, TLS handshakes by group, and the durations of
 * requests and of garbage collections: those are kept from the first call here on. Call {@link #begin} at the start to miss none.
 *
 * <p>Threads: any. A call asks each part of the program and may wait up to a second for one whose lock is held; so
 * offload it from a loop. Cancellation: no call looks for a cancel, and a cancelled task gets its answer too.
 */
public final class Metrics {

    private Metrics() {}

    /**
     * A scrape's answer.
     *
     * @param contentType for the field of that name
     */
    public record Scrape(String contentType, String text) {}

    /**
     * Declares a counter of the program's own, which stands among the others here and goes to every exporter:
     *
     * <pre>{@code
     * static final MetricCounter ORDERS = Metrics.counter("shop.orders", "Orders taken.", "kind");
     * ORDERS.increment("book");
     * }</pre>
     *
     * <p>As text it is {@code shop_orders_total{kind="book"} 1}. Who declares it a second time gets the same.
     *
     * @param name words with dots between, as OpenTelemetry writes it; not one that begins with {@code heddle}, {@code
     *     http}, {@code jvm}, {@code otel} or {@code process}
     * @param help one sentence
     * @param labels the names of what tells its series apart, of which there are 2,000 at most
     * @throws IllegalArgumentException if a name is malformed, or there is another metric of this name
     */
    public static MetricCounter counter(String name, String help, String... labels) {
        return new MetricCounter(Registry.PROCESS.own().counts(name, help, labels));
    }

    /**
     * Declares a histogram of durations of the program's own, as {@link #counter}:
     *
     * <pre>{@code
     * static final MetricDurations BILLS = Metrics.durations("shop.bill.duration", "Time that a bill takes.");
     * BILLS.record(measureTime(() -> bill(order)));
     * }</pre>
     */
    public static MetricDurations durations(String name, String help, String... labels) {
        return new MetricDurations(Registry.PROCESS.own().times(name, help, labels));
    }

    /** Begins to keep requests under way, and durations. Does nothing the second time. */
    public static void begin() {
        Registry.PROCESS.begin();
        EventHub.measure(Registry.PROCESS);
    }

    /** All metrics now, in Prometheus' text format 0.0.4, which every scraper reads as {@code text/plain}. */
    public static String text() {
        begin();
        return Registry.PROCESS.text(false);
    }

    /**
     * All metrics now, in the format that a scraper asks for: OpenMetrics 1.0, or Prometheus' text format 0.0.4.
     *
     * @param accept its Accept field; empty if it has sent none
     */
    public static Scrape scrape(String accept) {
        begin();
        return Registry.prefersOpenMetrics(accept)
                ? new Scrape("application/openmetrics-text; version=1.0.0; charset=utf-8", Registry.PROCESS.text(true))
                : new Scrape("text/plain; version=0.0.4; charset=utf-8", Registry.PROCESS.text(false));
    }
}
