package dev.heddle.observe.opentelemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.DeadlineExceededException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.http.StatusException;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.io.MemoryStreams;
import dev.heddle.net.ConnectFailedException;
import dev.heddle.observe.internal.metrics.HttpMethodNames;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimOptions;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.baggage.propagation.W3CBaggagePropagator;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Names, attributes and ends of the spans of requests, in simulated time. */
final class SpansTest {

    private final List<SpanData> ended = new CopyOnWriteArrayList<>();

    private final SpanExporter exporter = new SpanExporter() {
        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
            ended.addAll(spans);
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    };

    private final OpenTelemetry telemetry = telemetry(ContextPropagators.create(TextMapPropagator.composite(
            W3CTraceContextPropagator.getInstance(), W3CBaggagePropagator.getInstance())));

    private OpenTelemetry telemetry(ContextPropagators propagators) {
        return OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .addSpanProcessor(SimpleSpanProcessor.create(exporter)).build())
                .setPropagators(propagators)
                .build();
    }

    /** What a visitor does with a shop's server. */
    private interface Visit {
        void visit(HttpClient http) throws Exception;
    }

    private void visited(OpenTelemetry with, Visit visit) {
        Sim.run(SimOptions.DEFAULT, sim -> {
            HttpServer server = sim.network().host("shop").run(() -> HttpServer.builder()
                    .use(new ServerSpans(with))
                    .any("/items/{id}", request -> Response.text("item " + request.path("id")))
                    .get("/owner", _ -> Response.text(Baggage.current().getEntryValue("owner") + ""))
                    .get("/closed", _ -> {
                        throw new StatusException(503, "closed");
                    })
                    .get("/broken", _ -> {
                        throw new IllegalStateException("broken");
                    })
                    .get("/slow", _ -> {
                        Heddle.sleep(Duration.ofHours(1));
                        return Response.text("late");
                    })
                    .get("/list", _ -> Response.stream("text/plain", out -> {
                        out.write("a".getBytes());
                        out.flush();
                        Heddle.sleep(Duration.ofSeconds(2));
                        out.write("b".getBytes());
                    }))
                    .get("/ticks", _ -> Response.stream("text/plain", out -> {
                        while (true) {
                            out.write("tick".getBytes());
                            out.flush();
                            Heddle.sleep(Duration.ofMillis(100));
                        }
                    }))
                    .get("/torn", _ -> Response.stream("text/plain", out -> {
                        out.write("a".getBytes());
                        out.flush();
                        throw new IOException("torn");
                    }))
                    .start("shop", 80));
            sim.network().host("visitor").run(() -> {
                try (HttpClient http = HttpClient.builder().filter(new ClientSpans(with)).build()) {
                    visit.visit(http);
                }
                return null;
            });
            sim.network().host("shop").run(() -> {
                server.stop(Duration.ofSeconds(1));
                return null;
            });
        });
    }

    private SpanData span(SpanKind kind) {
        List<SpanData> all = ended.stream().filter(span -> span.getKind() == kind).toList();
        assertEquals(1, all.size(), () -> ended.toString());
        return all.getFirst();
    }

    private static String attribute(SpanData span, String name) {
        return span.getAttributes().get(AttributeKey.stringKey(name));
    }

    private static Long number(SpanData span, String name) {
        return span.getAttributes().get(AttributeKey.longKey(name));
    }

    @Test
    void serversSpanIsTheChildOfTheClients() {
        visited(telemetry, http -> assertEquals("item 7", http.get("http://shop/items/7?key=secret").text()));
        SpanData asked = span(SpanKind.CLIENT);
        SpanData served = span(SpanKind.SERVER);
        assertEquals(asked.getSpanContext().getSpanId(), served.getParentSpanId());
        assertEquals(asked.getTraceId(), served.getTraceId());
        assertEquals("GET", asked.getName());
        assertEquals("http://shop/items/7?*", attribute(asked, "url.full"));
        assertEquals("shop", attribute(asked, "server.address"));
        assertEquals(80, number(asked, "server.port"));
        assertEquals("GET /items/{id}", served.getName());
        assertEquals("/items/7", attribute(served, "url.path"));
        assertEquals("http", attribute(served, "url.scheme"));
        assertEquals(200, number(served, "http.response.status_code"));
        assertEquals(StatusCode.UNSET, served.getStatus().getStatusCode());
        assertNull(attribute(served, "error.type"));
    }

    @Test
    void withoutPropagatorsTheTraceGoesOnAllTheSame() {
        visited(telemetry(ContextPropagators.noop()), http -> http.get("http://shop/items/7").text());
        assertEquals(span(SpanKind.CLIENT).getSpanContext().getSpanId(), span(SpanKind.SERVER).getParentSpanId());
    }

    @Test
    void baggageGoesAlong() {
        visited(telemetry, http -> {
            try (Scope _ = Baggage.builder().put("owner", "ada").build().makeCurrent()) {
                assertEquals("ada", http.get("http://shop/owner").text());
            }
        });
    }

    @Test
    void methodsThatAreToldApartAreThoseThatServersKnow() {
        String answer = Sim.run(() -> {
            MemoryStreams.Pair pair = MemoryStreams.pair();
            HttpServer server = HttpServer.builder().get("/", _ -> Response.empty()).build();
            Task<Void> serving = Heddle.spawn(() -> server.serve(pair.right()));
            pair.left().write("OPTIONS * HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n".getBytes(UTF_8));
            String all = new String(pair.left().readAll(10_000), UTF_8);
            serving.join();
            return all;
        });
        String allow = answer.lines().filter(line -> line.startsWith("Allow: ")).findAny().orElseThrow();
        Set<String> known = new TreeSet<>(HttpMethodNames.known());
        known.remove("CONNECT");
        assertEquals("Allow: " + String.join(", ", known), allow);
    }

    @Test
    void whatPeersMakeUpIsInNoName() {
        visited(telemetry, http -> {
            http.request("BREW", "http://shop/items/7").send().close();
            http.get("http://shop/nothing/here").close();
        });
        SpanData brewed = ended.stream().filter(span -> span.getName().equals("HTTP /items/{id}")).findAny()
                .orElseThrow();
        assertEquals("_OTHER", attribute(brewed, "http.request.method"));
        assertEquals("BREW", attribute(brewed, "http.request.method_original"));
        SpanData missed = ended.stream().filter(
                span -> span.getKind() == SpanKind.SERVER && span.getName().equals("GET")).findAny().orElseThrow();
        assertEquals(404, number(missed, "http.response.status_code"));
        assertNull(attribute(missed, "http.route"));
        assertEquals(StatusCode.UNSET, missed.getStatus().getStatusCode());
        SpanData asked = ended.stream().filter(
                span -> span.getKind() == SpanKind.CLIENT && span.getName().equals("GET")).findAny().orElseThrow();
        assertEquals("404", attribute(asked, "error.type"));
        assertEquals(StatusCode.ERROR, asked.getStatus().getStatusCode());
    }

    @Test
    void statusThatTheHandlerThrowsIsAnErrorOfTheServer() {
        visited(telemetry, http -> assertEquals(503, http.get("http://shop/closed").status()));
        assertEquals(503, number(span(SpanKind.SERVER), "http.response.status_code"));
        assertEquals("503", attribute(span(SpanKind.SERVER), "error.type"));
        assertEquals(StatusCode.ERROR, span(SpanKind.SERVER).getStatus().getStatusCode());
    }

    @Test
    void exceptionOfTheHandlerIsRecorded() {
        visited(telemetry, http -> assertEquals(500, http.get("http://shop/broken").status()));
        assertEquals("java.lang.IllegalStateException", attribute(span(SpanKind.SERVER), "error.type"));
        assertEquals("exception", span(SpanKind.SERVER).getEvents().getFirst().getName());
    }

    @Test
    void failureToConnectIsTheClientsError() {
        visited(telemetry, http -> assertThrows(ConnectFailedException.class, () -> http.get("http://shop:81/")));
        assertEquals(ConnectFailedException.class.getName(), attribute(span(SpanKind.CLIENT), "error.type"));
        assertNull(number(span(SpanKind.CLIENT), "http.response.status_code"));
    }

    @Test
    void requestWhoseTimeIsOverIsAnErrorOnBothSides() {
        visited(telemetry, http -> assertThrows(
                DeadlineExceededException.class,
                () -> http.request("GET", "http://shop/slow").timeout(Duration.ofSeconds(1)).send()));
        assertEquals(DeadlineExceededException.class.getName(), attribute(span(SpanKind.CLIENT), "error.type"));
        assertEquals(StatusCode.ERROR, span(SpanKind.SERVER).getStatus().getStatusCode());
        assertEquals("cancelled", span(SpanKind.SERVER).getStatus().getDescription());
    }

    @Test
    void cancelledCallEndsItsSpan() {
        visited(telemetry, http -> {
            Task<?> asking = Heddle.spawn(() -> http.get("http://shop/slow"));
            Heddle.sleep(Duration.ofSeconds(1));
            asking.cancel();
            asking.awaitOutcome();
        });
        assertEquals("cancelled", span(SpanKind.CLIENT).getStatus().getDescription());
        assertTrue(span(SpanKind.CLIENT).getEvents().isEmpty());
    }

    @Test
    void streamThatFailsEndsItsSpanAsAnError() {
        visited(telemetry, http -> {
            try (Reply torn = http.get("http://shop/torn")) {
                assertThrows(BrokenException.class, torn::text);
            }
        });
        SpanData served = span(SpanKind.SERVER);
        assertEquals(StatusCode.ERROR, served.getStatus().getStatusCode());
        assertEquals(IOException.class.getName(), attribute(served, "error.type"));
        assertEquals(200, number(served, "http.response.status_code"));
    }

    @Test
    void streamWhoseClientLeavesEndsItsSpanAsAnError() {
        visited(telemetry, http -> {
            http.get("http://shop/ticks").close();
            Heddle.sleep(Duration.ofSeconds(3));
        });
        assertEquals(StatusCode.ERROR, span(SpanKind.SERVER).getStatus().getStatusCode());
    }

    @Test
    void spanOfAStreamEndsBehindItsLastByte() {
        visited(telemetry, http -> {
            try (Reply list = http.get("http://shop/list")) {
                assertFalse(ended.stream().anyMatch(span -> span.getKind() == SpanKind.SERVER));
                assertEquals("ab", list.text());
            }
        });
        assertEquals("GET /list", span(SpanKind.SERVER).getName());
        assertEquals(200, number(span(SpanKind.SERVER), "http.response.status_code"));
    }
}
