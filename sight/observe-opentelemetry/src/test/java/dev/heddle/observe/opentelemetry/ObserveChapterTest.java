package dev.heddle.observe.opentelemetry;

import static dev.heddle.Heddle.offload;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** The code of the guide's chapter on telemetry. */
final class ObserveChapterTest {

    private final List<String> spans = new CopyOnWriteArrayList<>();
    private final Map<String, String> prices = Map.of("7", "12");

    private final OpenTelemetrySdk telemetry = OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder().addSpanProcessor(new SpanProcessor() {
                @Override
                public void onStart(io.opentelemetry.context.Context parent, ReadWriteSpan span) {
                    spans.add(Span.fromContext(parent) instanceof ReadableSpan above
                            ? above.getName() + " > " + span.getName()
                            : span.getName());
                }

                @Override
                public boolean isStartRequired() {
                    return true;
                }

                @Override
                public void onEnd(ReadableSpan span) {}

                @Override
                public boolean isEndRequired() {
                    return false;
                }
            }).build())
            .build();

    private String priceOf(String id) {
        Span span = telemetry.getTracer("shop").spanBuilder("look up price").startSpan();
        try (Scope _ = span.makeCurrent()) {
            return prices.getOrDefault(id, "0");
        } finally {
            span.end();
        }
    }

    @Test
    void routesSpanIsTheParentOfAllThatItCauses() {
        Heddle.run(() -> {
            HttpServer stocks = HttpServer.builder().get("/{id}", _ -> Response.text("3")).start("127.0.0.1", 0);
            String stockUrl = "http://127.0.0.1:" + stocks.port() + "/";
            HttpClient http = HttpClient.builder().filter(new ClientSpans(telemetry)).build();
            HttpServer server = HttpServer.builder()
                    .use(new ServerSpans(telemetry))
                    .get("/orders/{id}", request -> {
                        Task<String> stock = spawn(() -> http.get(stockUrl + request.path("id")).text());
                        String price = offload(() -> priceOf(request.path("id")));
                        return Response.text(stock.join() + " at " + price);
                    })
                    .start("127.0.0.1", 0);
            try (stocks; server; http; HttpClient visitor = HttpClient.create()) {
                assertEquals("3 at 12", visitor.get("http://127.0.0.1:" + server.port() + "/orders/7").text());
            }
        });
        assertEquals("GET /orders/{id}", spans.getFirst());
        assertEquals(3, spans.size());
        assertTrue(spans.contains("GET /orders/{id} > GET"), spans::toString);
        assertTrue(spans.contains("GET /orders/{id} > look up price"), spans::toString);
    }
}
