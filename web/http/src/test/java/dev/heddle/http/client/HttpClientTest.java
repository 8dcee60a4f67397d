package dev.heddle.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.ClosedException;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.http.ScriptedServer;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The client on a real loop, with real sockets. */
final class HttpClientTest {

    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    @Test
    void manyRequestsAtOnceShareAHundredConnections() {
        Heddle.run(() -> {
            try (var server = ScriptedServer.answering(HELLO);
                    var http = HttpClient.create()) {
                List<Integer> numbers = IntStream.range(0, 2_000).boxed().toList();
                List<String> texts = Heddle.map(numbers, 200, i -> http.get(server.url() + "/" + i).text());
                assertEquals(2_000, texts.size());
                assertTrue(texts.stream().allMatch("hello"::equals));
                assertEquals(2_000, server.requests.size());
                assertTrue(server.mostOpen <= 100, "open at once: " + server.mostOpen);
                assertEquals(2_000, http.statistics().opened() + http.statistics().reused());
            }
        });
    }

    @Test
    void clientServesTheNextLoopWhenItsLoopHasEnded() {
        try (var http = HttpClient.create()) {
            for (int i = 0; i < 3; i++) {
                Heddle.run(() -> {
                    try (var server = ScriptedServer.answering(HELLO)) {
                        assertEquals("hello", http.get(server.url()).text());
                        assertEquals("hello", http.get(server.url()).text());
                    }
                });
            }
        }
    }

    @Test
    void loopsShareAClientAndEachHasConnectionsOfItsOwn() {
        Heddle.run(() -> {
            try (var server = ScriptedServer.answering(HELLO);
                    var http = HttpClient.create()) {
                assertEquals("hello", http.get(server.url()).text());
                try (var other = Loop.start(Config.DEFAULT)) {
                    for (int i = 0; i < 2; i++) {
                        assertEquals(
                                "hello",
                                other.spawn(() -> http.get(server.url()).text()).join());
                    }
                    var both = new ClientLoops.Statistics(2, 2, 0, 2, 1);
                    assertEquals(both, http.statistics());
                    assertEquals(Map.of(URI.create(server.url()), both), http.statisticsByOrigin());
                }
                assertEquals(new ClientLoops.Statistics(1, 1, 0, 2, 1), http.statistics());
            }
        });
    }

    @Test
    void closingFromAThreadClosesTheConnectionsOfEveryLoop() {
        Heddle.run(() -> {
            var http = HttpClient.create();
            try (var server = ScriptedServer.of(peer -> {
                peer.request();
                peer.send(HELLO);
                peer.awaitEnd();
            });
                    var other = Loop.start(Config.DEFAULT)) {
                assertEquals("hello", http.get(server.url()).text());
                assertEquals("hello", other.spawn(() -> http.get(server.url()).text()).join());
                assertEquals(2, server.open);
                Heddle.offload(http::close);
                while (server.open > 0) {
                    Heddle.sleep(Duration.ofMillis(1));
                }
                assertThrows(ClosedException.class, () -> http.get(server.url()));
                assertThrows(ClosedException.class, () -> other.spawn(() -> http.get(server.url())).join());
                assertEquals(0, http.statistics().connections());
            }
        });
    }

    @Test
    void httpServerOfOursIsUnderstood() {
        Heddle.run(() -> {
            var routes = HttpServer.builder()
                    .get("/{name}", request -> Response.text("hello, " + request.path("name")))
                    .post("/echo", request -> Response.text(request.text(1000)))
                    .build();
            try (var server = routes.start("127.0.0.1", 0);
                    var http = HttpClient.create()) {
                String url = "http://127.0.0.1:" + server.port();
                assertEquals("hello, you", http.get(url + "/you").text());
                assertEquals("data", http.request("POST", url + "/echo").body("data").send().text());
                assertEquals(404, http.get(url + "/no/such").status());
                assertEquals(1, http.statistics().opened());
            }
        });
    }
}
