package dev.heddle.observe.internal.metrics;

import dev.heddle.internal.sight.Events.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * The one registry of this process: asks everything that counts, and keeps what programs count themselves. Nothing else
 * is kept for it but the requests under way, the durations of requests and those of garbage collections, and what
 * counters have come to; all only from when somebody first asks.
 *
 * <p>Threads: any.
 */
public final class Registry {

    private static final String OPEN_METRICS = "application/openmetrics-text";

    /** The one that all ask. */
    public static final Registry PROCESS = new Registry();

    private final HttpMetrics http = new HttpMetrics();
    private final TlsMetrics tls = new TlsMetrics();
    private final JobMetrics jobs = new JobMetrics();
    private final GcMetrics collections = new GcMetrics();
    private final Totals totals = new Totals();
    private final OwnMetrics own = new OwnMetrics();

    /** A registry that has heard of nothing yet. */
    public Registry() {}

    /** Begins to hear of what it keeps by itself. Does nothing the second time. */
    public void begin() {
        collections.begin();
    }

    /** What programs declare. */
    public OwnMetrics own() {
        return own;
    }

    /** Hears of a request that a server begins to answer; gives what counts it, to be counted down at its end. */
    public LongAdder serving(String method, String scheme) {
        return http.serving(method, scheme);
    }

    /** Hears of a request that was served. */
    public void served(HttpRequest request) {
        http.served(request);
    }

    /** Hears of a request that was sent. */
    public void requested(HttpRequest request, String host, int port) {
        http.requested(request, host, port);
    }

    /** Hears of a handshake of TLS that is over. */
    public void secured(String group) {
        tls.secured(group);
    }

    /** Hears of an attempt at a job that has ended. */
    public void attempted(String queue, String kind, String outcome, long waitNanos, long runNanos) {
        jobs.attempted(queue, kind, outcome, waitNanos, runNanos);
    }

    /** How many requests were served within each of {@link #boundsMicros}, and how many in all. */
    public long[] servedWithin() {
        return http.servedWithin();
    }

    /** The durations that requests are told apart by, in microseconds. */
    public static long[] boundsMicros() {
        return Histogram.httpMicros();
    }

    /** Has somebody hear of each duration of a request, also of those that have been told to others. */
    public void listen(DurationListener listener) {
        http.listen(listener);
        jobs.listen(listener);
        own.listen(listener);
    }

    /** Has somebody hear no more. */
    public void leave(DurationListener listener) {
        http.leave(listener);
        jobs.leave(listener);
        own.leave(listener);
    }

    /**
     * All metrics as text.
     *
     * @param open whether to write OpenMetrics 1.0, and not Prometheus' own format 0.0.4
     */
    public String text(boolean open) {
        List<Metric> all = new ArrayList<>();
        own.addTimes(all);
        http.addTo(all);
        jobs.addTo(all);
        addParts(all);
        JvmMetrics.addTo(all);
        collections.addTo(all);
        return new PrometheusText(open).write(all);
    }

    /** The numbers of Heddle now: not the JVM's, and no histograms, whose durations {@link #listen} tells. */
    public List<Metric> numbers() {
        List<Metric> all = new ArrayList<>();
        http.addActive(all);
        addParts(all);
        return all;
    }

    private void addParts(List<Metric> all) {
        own.addNumbers(all);
        tls.addTo(all);
        LoopMetrics.addTo(all, totals);
        PartMetrics.addTo(all, totals);
        totals.addTo(all);
    }

    /** Whether an Accept field asks for OpenMetrics, and not less than for anything else. */
    public static boolean prefersOpenMetrics(String accept) {
        double open = 0;
        double other = 0;
        for (String range : accept.split(",", -1)) {
            String[] parts = range.split(";", -1);
            boolean isOpen = parts[0].strip().equalsIgnoreCase(OPEN_METRICS);
            double weight = weight(parts);
            open = isOpen ? Math.max(open, weight) : open;
            other = isOpen ? other : Math.max(other, weight);
        }
        return open > 0 && open >= other;
    }

    private static double weight(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip();
            if (parameter.startsWith("q=")) {
                try {
                    return Double.parseDouble(parameter.substring(2));
                } catch (NumberFormatException e) {
                    return 0;
                }
            }
        }
        return 1;
    }
}
