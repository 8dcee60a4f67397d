package dev.heddle.observe.internal.metrics;

import dev.heddle.internal.sight.Events.HttpRequest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The durations of requests, as OpenTelemetry's conventions for HTTP have them: by method, route and status, never by
 * path. What peers make up has no series of its own.
 *
 * <p>Threads: any.
 */
final class HttpMetrics {

    private static final List<String> SERVED = List.of(
            "http.request.method", "url.scheme", "http.route", "http.response.status_code",
            "network.protocol.version", "error.type");

    private static final List<String> REQUESTED = List.of(
            "http.request.method", "url.scheme", "server.address", "server.port", "http.response.status_code",
            "network.protocol.version", "error.type");

    private static final int SERVER_ERROR = 500;
    private static final int CLIENT_ERROR = 400;

    private final Histograms<Served> served = new Histograms<>(
            "http.server.request.duration", "Duration of requests served.", SERVED, HttpMetrics::labels);
    private final Histograms<Requested> requested = new Histograms<>(
            "http.client.request.duration", "Duration of requests sent, to the answer's head.", REQUESTED,
            HttpMetrics::labels);

    /** Requests whose response is not sent yet, of those that began while somebody measured. */
    private final Map<Active, LongAdder> active = new ConcurrentHashMap<>();

    private record Active(String method, String scheme) {}

    private record Served(
            String method, String scheme, @Nullable String route, int status, @Nullable String protocol) {}

    private record Requested(
            String method, String scheme, String host, int port, int status, @Nullable String protocol,
            @Nullable String failure) {}

    /** A request begins; gives what counts it, until it is served. */
    LongAdder serving(String method, String scheme) {
        LongAdder counted = active.computeIfAbsent(new Active(known(method), scheme), key -> new LongAdder());
        counted.increment();
        return counted;
    }

    void served(HttpRequest request) {
        served.record(
                new Served(
                        known(request.method()), request.scheme(), request.route(), request.status(),
                        request.protocol()),
                request.nanos());
    }

    /** As {@link Histogram#within}, of all together. */
    long[] servedWithin() {
        return served.within();
    }

    void requested(HttpRequest request, String host, int port) {
        requested.record(
                new Requested(
                        known(request.method()), request.scheme(), host, port, request.status(), request.protocol(),
                        request.failure()),
                request.nanos());
    }

    private static String known(String method) {
        return HttpMethodNames.isKnown(method) ? method : HttpMethodNames.OTHER;
    }

    void addTo(List<Metric> all) {
        all.add(served.metric());
        addActive(all);
        all.add(requested.metric());
    }

    /** Adds what is no histogram. */
    void addActive(List<Metric> all) {
        var requests = Metric.gauge("http.server.active_requests", "", "Requests whose response is not sent yet.");
        active.forEach((key, count) -> requests.add(
                Labels.NONE.with("http.request.method", key.method).with("url.scheme", key.scheme), count.sum()));
        all.add(requests.build());
    }

    void listen(DurationListener listener) {
        served.listen(listener);
        requested.listen(listener);
    }

    void leave(DurationListener listener) {
        served.leave(listener);
        requested.leave(listener);
    }

    private static Labels labels(Served key) {
        return Labels.of(SERVED, key.method, key.scheme, key.route, status(key.status), version(key.protocol),
                key.status == 0 ? HttpMethodNames.OTHER : key.status >= SERVER_ERROR ? status(key.status) : null);
    }

    private static Labels labels(Requested key) {
        return Labels.of(REQUESTED, key.method, key.scheme, key.host, Integer.toString(key.port), status(key.status),
                version(key.protocol),
                key.failure == null && key.status >= CLIENT_ERROR ? status(key.status) : key.failure);
    }

    private static @Nullable String status(int status) {
        return status == 0 ? null : Integer.toString(status);
    }

    /** {@code 1.1} of {@code HTTP/1.1}. */
    private static @Nullable String version(@Nullable String protocol) {
        return protocol == null ? null : protocol.substring(protocol.indexOf('/') + 1);
    }
}
