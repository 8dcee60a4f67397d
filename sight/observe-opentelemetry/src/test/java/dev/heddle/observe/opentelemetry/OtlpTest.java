package dev.heddle.observe.opentelemetry;

import static dev.heddle.Heddle.offload;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.WorkerPool;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.process.ProcessPool;
import dev.heddle.process.ProcessPoolOptions;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a collector gets over the wire, from OpenTelemetry's own SDK and exporter. */
@Tag("full")
final class OtlpTest {

    private static final ProcessPoolOptions ONE = ProcessPoolOptions.DEFAULT.withWorkers(1)
            .withJvmArguments("-XX:TieredStopAtLevel=1", "-Xmx128m");

    private static OpenTelemetrySdk telemetry(String url) {
        return OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .addSpanProcessor(BatchSpanProcessor
                                .builder(OtlpHttpSpanExporter.builder().setEndpoint(url).build())
                                .build())
                        .build())
                .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
                .build();
    }

    /** A span around nothing; its parent is whoever is current. */
    private static void span(OpenTelemetrySdk telemetry, String name) {
        telemetry.getTracer("test").spanBuilder(name).startSpan().end();
    }

    private static void send(OpenTelemetrySdk telemetry) {
        offload(() -> telemetry.getSdkTracerProvider().forceFlush().join(20, TimeUnit.SECONDS));
    }

    /** In a child process, with an SDK of its own. */
    private static boolean spanInChild(String url) {
        try (OpenTelemetrySdk telemetry = telemetry(url)) {
            span(telemetry, "in a child process");
            telemetry.getSdkTracerProvider().forceFlush().join(20, TimeUnit.SECONDS);
        }
        return true;
    }

    @Test
    void allThatARequestCausesIsOneTraceOfParentsAndChildren() {
        Heddle.run(() -> {
            try (Collector collector = new Collector();
                    OpenTelemetrySdk telemetry = telemetry(collector.url("/v1/traces"));
                    HttpClient http = HttpClient.builder().filter(new ClientSpans(telemetry)).build();
                    WorkerPool workers = WorkerPool.of(1);
                    ProcessPool children = ProcessPool.of(ONE);
                    HttpServer back = HttpServer.builder().use(new ServerSpans(telemetry))
                            .get("/stock/{item}", request -> Response.text("7"))
                            .start("127.0.0.1", 0);
                    HttpServer front = HttpServer.builder().use(new ServerSpans(telemetry))
                            .get("/shop/{item}", request -> {
                                String url = "http://127.0.0.1:" + back.port() + "/stock/" + request.path("item");
                                spawn(() -> span(telemetry, "in a task")).join();
                                offload(() -> span(telemetry, "offloaded"));
                                workers.call(() -> span(telemetry, "in a worker"));
                                String collectorUrl = collector.url("/v1/traces");
                                children.call(() -> spanInChild(collectorUrl));
                                return Response.text(spawn(() -> http.get(url + "?token=secret").text()).join());
                            })
                            .start("127.0.0.1", 0)) {
                String url = "http://127.0.0.1:" + front.port() + "/shop/jar";
                io.opentelemetry.api.trace.Span visit = telemetry.getTracer("test").spanBuilder("visit").startSpan();
                try (Scope _ = visit.makeCurrent()) {
                    assertEquals("7", http.get(url).text());
                } finally {
                    visit.end();
                }
                send(telemetry);

                Span root = collector.span("visit");
                List<Span> asked = collector.spans().stream().filter(span -> span.getName().equals("GET")).toList();
                assertEquals(2, asked.size());
                Span shop = collector.span("GET /shop/{item}");
                Span stock = collector.span("GET /stock/{item}");
                Span first = asked.stream().filter(span -> span.getSpanId().equals(shop.getParentSpanId())).findAny()
                        .orElseThrow();
                Span second = asked.stream().filter(span -> span.getSpanId().equals(stock.getParentSpanId())).findAny()
                        .orElseThrow();
                assertNotEquals(first, second);
                assertEquals(root.getSpanId(), first.getParentSpanId());
                assertEquals(shop.getSpanId(), second.getParentSpanId());
                for (String name : List.of("in a task", "offloaded", "in a worker", "in a child process")) {
                    assertEquals(shop.getSpanId(), collector.span(name).getParentSpanId(), name);
                }
                assertEquals(9, collector.spans().size());
                collector.spans().forEach(span -> assertEquals(root.getTraceId(), span.getTraceId(), span.getName()));

                assertEquals(Span.SpanKind.SPAN_KIND_SERVER, stock.getKind());
                Map<String, String> served = Collector.attributes(stock.getAttributesList());
                assertEquals("/stock/jar", served.get("url.path"));
                assertEquals("/stock/{item}", served.get("http.route"));
                assertEquals("200", served.get("http.response.status_code"));
                assertEquals("127.0.0.1", served.get("client.address"));
                assertEquals("" + back.port(), served.get("server.port"));
                assertEquals(Span.SpanKind.SPAN_KIND_CLIENT, second.getKind());
                Map<String, String> sent = Collector.attributes(second.getAttributesList());
                assertEquals("http://127.0.0.1:" + back.port() + "/stock/jar?*", sent.get("url.full"));
                assertEquals("GET", sent.get("http.request.method"));
                assertEquals("1.1", sent.get("network.protocol.version"));
                assertEquals(Status.StatusCode.STATUS_CODE_UNSET, second.getStatus().getCode());
            }
        });
    }

    @Test
    void heddlesMetricsArriveWithUnitsKindsAndNumbers() {
        Heddle.run(() -> {
            try (Collector collector = new Collector();
                    OpenTelemetrySdk telemetry = OpenTelemetrySdk.builder()
                            .setMeterProvider(SdkMeterProvider.builder()
                                    .registerMetricReader(PeriodicMetricReader
                                            .builder(OtlpHttpMetricExporter.builder()
                                                    .setEndpoint(collector.url("/v1/metrics")).build())
                                            .setInterval(Duration.ofHours(1))
                                            .build())
                                    .build())
                            .build();
                    HttpClient http = HttpClient.create();
                    HttpServer server = HttpServer.builder().get("/jar", _ -> Response.text("7"))
                            .start("127.0.0.1", 0)) {
                Instruments instruments = Instruments.register(telemetry);
                assertEquals("7", http.get("http://127.0.0.1:" + server.port() + "/jar").text());
                offload(() -> telemetry.getSdkMeterProvider().forceFlush().join(20, TimeUnit.SECONDS));

                Metric turns = collector.metrics().get("heddle.loop.turns");
                assertTrue(turns.getSum().getIsMonotonic());
                assertTrue(turns.getSum().getDataPoints(0).getAsDouble() > 0);
                assertEquals(
                        Map.of("heddle.loop.name", "loop"),
                        Collector.attributes(turns.getSum().getDataPoints(0).getAttributesList()));
                assertTrue(collector.metrics().get("heddle.loop.tasks").hasSum());
                Metric durations = collector.metrics().get("http.server.request.duration");
                assertEquals("s", durations.getUnit());
                var jar = durations.getHistogram().getDataPointsList().stream()
                        .filter(point -> "/jar"
                                .equals(Collector.attributes(point.getAttributesList()).get("http.route")))
                        .findAny().orElseThrow();
                assertEquals(1, jar.getCount());
                assertEquals(0.005, jar.getExplicitBounds(0));
                assertEquals("200", Collector.attributes(jar.getAttributesList()).get("http.response.status_code"));
                assertTrue(collector.metrics().keySet().stream().noneMatch(name -> name.startsWith("jvm.")));

                collector.metrics().clear();
                instruments.close();
                http.get("http://127.0.0.1:" + server.port() + "/jar").close();
                offload(() -> telemetry.getSdkMeterProvider().forceFlush().join(20, TimeUnit.SECONDS));
                assertTrue(collector.metrics().keySet().stream().noneMatch(name -> name.startsWith("heddle.")));
                assertEquals(1, collector.metrics().get("http.server.request.duration").getHistogram()
                        .getDataPointsList().stream()
                        .filter(point -> "/jar"
                                .equals(Collector.attributes(point.getAttributesList()).get("http.route")))
                        .findAny().orElseThrow().getCount(), "what was heard stays, and no more is");
            }
        });
    }
}
