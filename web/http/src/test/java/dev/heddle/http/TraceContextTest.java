package dev.heddle.http;

import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.http.client.HttpClient;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimHost;
import dev.heddle.sim.SimOptions;
import dev.heddle.trace.TraceContext;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A trace that goes from a visitor to a front, which asks a back from a task of its own: W3C Trace Context. */
final class TraceContextTest {

    private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    /** What the back sees, which is what the front has been given and has passed on. */
    private static String seen(boolean http2, Function<HttpClient, String> visit) {
        var seen = new AtomicReference<String>();
        Sim.run(SimOptions.DEFAULT, sim -> {
            SimHost front = sim.network().host("front");
            SimHost back = sim.network().host("back");
            SimHost visitor = sim.network().host("visitor");
            HttpClient.Builder clients = http2
                    ? HttpClient.builder().http2PriorKnowledge()
                    : HttpClient.builder().http1Only();
            back.run(() -> {
                HttpServer answering = HttpServer.builder()
                        .any("/", r -> Response.text(fields(r)))
                        .start("back", 80);
                String text = front.run(() -> {
                    HttpClient asking = clients.build();
                    HttpServer passing = HttpServer.builder()
                            .get("/", r -> Response.text(spawn(() -> asking.get("http://back/").text()).join()))
                            .get("/own", r -> Response.text(asking.request("GET", "http://back/")
                                    .header("traceparent", "mine").send().text()))
                            .webSocket("/socket", (request, socket) -> {
                                socket.sendText(asking.get("http://back/").text());
                                socket.receive();
                            })
                            .start("front", 80);
                    String got = visitor.run(() -> {
                        try (HttpClient http = clients.build()) {
                            return visit.apply(http);
                        }
                    });
                    passing.stop(Duration.ofSeconds(1));
                    asking.close();
                    return got;
                });
                seen.set(text);
                answering.stop(Duration.ofSeconds(1));
            });
        });
        return seen.get();
    }

    private static String fields(Request request) {
        return request.headers().all("traceparent") + " " + request.headers().all("tracestate");
    }

    private static String ask(HttpClient http, String... namesAndValues) {
        var request = http.request("GET", "http://front/");
        for (int i = 0; i < namesAndValues.length; i += 2) {
            request.addHeader(namesAndValues[i], namesAndValues[i + 1]);
        }
        return request.send().text();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void requestsTraceGoesOnWithWhatItsHandlerAsks(boolean http2) {
        assertEquals(
                "[" + PARENT + "] [a=1,b=2]",
                seen(http2, http -> ask(http, "traceparent", PARENT, "tracestate", "a=1", "tracestate", "b=2")));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatBelongsToNoTraceGoesOnWithout(boolean http2) {
        assertEquals("[] []", seen(http2, TraceContextTest::ask));
        assertEquals("[] []", seen(http2, http -> ask(http, "traceparent", "00-nonsense", "tracestate", "a=1")));
        assertEquals("[] []", seen(http2, http -> ask(http, "traceparent", PARENT, "traceparent", PARENT)));
    }

    @Test
    void fieldThatTheCallerHasSetStays() {
        assertEquals(
                "[mine] []",
                seen(false,
                        http -> http.request("GET", "http://front/own").header("traceparent", PARENT).send().text()));
    }

    @Test
    void webSocketBelongsToTheTraceOfItsRequest() {
        TraceContext trace = TraceContext.parse(PARENT, null).orElseThrow();
        assertEquals("[" + PARENT + "] []", seen(false, http -> {
            String[] got = new String[1];
            trace.run(() -> {
                try (WebSocket socket = http.webSocket("ws://front/socket").connect()) {
                    got[0] = ((WebSocketMessage.Text) socket.receive().orElseThrow()).text();
                }
            });
            return got[0];
        }));
    }

    @Test
    void clientGivesOnTheTraceOfTheCodeThatCalls() throws Exception {
        TraceContext trace = TraceContext.parse(PARENT, "v=1").orElseThrow();
        assertEquals("[" + PARENT + "] [v=1]", seen(false, http -> {
            String[] got = new String[1];
            trace.run(() -> got[0] = ask(http));
            return got[0];
        }));
    }
}
