package dev.heddle.observe.opentelemetry;

import com.google.protobuf.ByteString;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** A stand-in for a collector: takes OTLP over HTTP, in protobuf, on a port of the loopback. */
final class Collector implements AutoCloseable {

    private static final int MAX_BYTES = 10_000_000;
    private static final String PROTOBUF = "application/x-protobuf";

    private final List<Span> spans = new CopyOnWriteArrayList<>();
    private final Map<String, Metric> metrics = new ConcurrentHashMap<>();
    private final HttpServer server;

    /** Begins to listen; in a task. */
    Collector() {
        this.server = HttpServer.builder()
                .post("/v1/traces", request -> {
                    ExportTraceServiceRequest.parseFrom(request.bytes(MAX_BYTES)).getResourceSpansList().stream()
                            .map(ResourceSpans::getScopeSpansList).flatMap(List::stream)
                            .forEach(scope -> spans.addAll(scope.getSpansList()));
                    return Response.bytes(PROTOBUF, ExportTraceServiceResponse.getDefaultInstance().toByteArray());
                })
                .post("/v1/metrics", request -> {
                    ExportMetricsServiceRequest.parseFrom(request.bytes(MAX_BYTES)).getResourceMetricsList().stream()
                            .flatMap(resource -> resource.getScopeMetricsList().stream())
                            .flatMap(scope -> scope.getMetricsList().stream())
                            .forEach(metric -> metrics.put(metric.getName(), metric));
                    return Response.bytes(PROTOBUF, ExportMetricsServiceResponse.getDefaultInstance().toByteArray());
                })
                .start("127.0.0.1", 0);
    }

    String url(String path) {
        return "http://127.0.0.1:" + server.port() + path;
    }

    Map<String, Metric> metrics() {
        return metrics;
    }

    List<Span> spans() {
        return spans;
    }

    /** The only span of this name. */
    Span span(String name) {
        List<Span> named = spans.stream().filter(span -> span.getName().equals(name)).toList();
        if (named.size() != 1) {
            throw new AssertionError(named.size() + " spans are called " + name + " in " + spans);
        }
        return named.getFirst();
    }

    static String hex(ByteString id) {
        return HexFormat.of().formatHex(id.toByteArray());
    }

    /** What is told of a span, as text. */
    static Map<String, String> attributes(List<KeyValue> attributes) {
        return attributes.stream().collect(Collectors.toMap(KeyValue::getKey, each -> {
            AnyValue value = each.getValue();
            return value.hasIntValue() ? Long.toString(value.getIntValue()) : value.getStringValue();
        }));
    }

    @Override
    public void close() {
        server.stop(Duration.ofSeconds(1));
    }
}
