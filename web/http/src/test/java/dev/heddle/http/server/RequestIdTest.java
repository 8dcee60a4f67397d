package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.conformance.LeavesNothing;
import dev.heddle.http.Through;
import dev.heddle.http.Wire;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.http.testing.TestClient;
import dev.heddle.internal.RequestScope;
import dev.heddle.sim.Sim;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each request has an id: in its response, and around all that it causes. */
@LeavesNothing
final class RequestIdTest {

    private final List<@Nullable String> seen = Collections.synchronizedList(new ArrayList<>());

    private HttpServer.Builder server() {
        return HttpServer.builder()
                .requestIds()
                .get("/", request -> {
                    seen.add(RequestScope.current());
                    seen.add(Heddle.spawn(RequestScope::current).join());
                    return Response.text(request.id().orElseThrow());
                })
                .get("/streamed", request -> Response.stream("text/plain", out -> {
                    seen.add(RequestScope.current());
                    out.write(request.id().orElseThrow().getBytes(StandardCharsets.UTF_8));
                }))
                .get("/fails", request -> {
                    throw new IllegalStateException("a test's");
                });
    }

    private static String ask(HttpServer.Builder server, String path, String... fields) {
        String more = fields.length == 0 ? "" : String.join("\r\n", fields) + "\r\n";
        return Wire.ask(server, "GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + more + "\r\n");
    }

    @Test
    void requestHasANewIdInItsTasksAndItsResponse() {
        String answer = ask(server(), "/");
        String id = Through.field(answer, "X-Request-Id");
        assertTrue(id.matches("[0-9a-f]{32}"), answer);
        assertEquals(id, Wire.body(answer));
        assertEquals(List.of(id, id), seen);
    }

    @Test
    void idsOfASimulationAreThoseOfItsSeedAndNoTwoAreTheSame() {
        for (int i = 0; i < 2; i++) {
            Sim.run(7, () -> {
                HttpServer built = server().build();
                try (var client = TestClient.of(built)) {
                    assertNotEquals(client.get("/").text(), client.get("/").text());
                }
                built.close();
            });
        }
        assertEquals(seen.subList(0, 4), seen.subList(4, 8));
    }

    @Test
    void streamedBodiesAndHttp2HaveItToo() {
        Sim.run(() -> {
            HttpServer started = server().start("127.0.0.1", 0);
            String base = "http://127.0.0.1:" + started.port();
            try (var one = HttpClient.builder().baseUrl(base).build();
                    var two = HttpClient.builder().baseUrl(base).http2PriorKnowledge().build()) {
                for (HttpClient http : List.of(one, two)) {
                    for (String path : List.of("/", "/streamed")) {
                        seen.clear();
                        Reply reply = http.get(path);
                        String id = reply.headers().first("X-Request-Id");
                        assertEquals(id, reply.text());
                        assertEquals(id, seen.getFirst());
                    }
                }
            } finally {
                started.stop(Duration.ZERO);
            }
        });
    }

    @Test
    void errorsHaveItAndTheLinesThatAreLoggedForThem() {
        Logger logger = Logger.getLogger("dev.heddle.http");
        logger.setFilter(entry -> {
            seen.add(RequestScope.current());
            return false;
        });
        try {
            String failed = ask(server(), "/fails");
            assertEquals(500, Wire.status(failed));
            assertEquals(seen, List.of(Through.field(failed, "X-Request-Id")));
        } finally {
            logger.setFilter(null);
        }
        assertEquals(32, Through.field(ask(server(), "/nowhere"), "X-Request-Id").length());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "Root=1-67891233-abcdef", "urn:uuid:0/1+2@3_4.5"})
    void idIsTakenFromATrustedProxyOnlyAndOnlyIfItIsOne(String id) {
        String field = "X-Request-Id: " + id;
        assertEquals(id, Through.field(ask(server().trustProxies("unix"), "/", field), "X-Request-Id"));
        assertEquals(List.of(id, id), seen);
        List<String[]> none = List.of(
                new String[]{"X-Request-Id: "},
                new String[]{"X-Request-Id: two words"},
                new String[]{"X-Request-Id: \u00e4"},
                new String[]{"X-Request-Id: \"quoted\""},
                new String[]{"X-Request-Id: " + "x".repeat(129)},
                new String[]{field, field});
        for (String[] fields : none) {
            String answer = ask(server().trustProxies("unix"), "/", fields);
            assertTrue(Through.field(answer, "X-Request-Id").matches("[0-9a-f]{32}"), answer);
        }
        for (HttpServer.Builder other : List.of(server(), server().trustProxies("10.0.0.0/8"))) {
            assertNotEquals(id, Through.field(ask(other, "/", field), "X-Request-Id"));
        }
    }

    @Test
    void fieldHasAnotherNameAndWithoutItThereAreNoIds() {
        var named = HttpServer.builder().requestIds("Request-Id").get("/", r -> Response.text(r.id().orElseThrow()));
        String answer = ask(named, "/");
        assertEquals(Wire.body(answer), Through.field(answer, "Request-Id"));
        String none = ask(HttpServer.builder().get("/", r -> Response.text(r.id().orElse("none"))), "/");
        assertEquals("none", Wire.body(none));
        assertThrows(IllegalArgumentException.class, () -> HttpServer.builder().requestIds("no field"));
    }
}
