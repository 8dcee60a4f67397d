package dev.heddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.internal.sight.Events;
import dev.heddle.net.ConnectFailedException;
import dev.heddle.sim.SimTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What somebody hears of requests who measures or records. */
class RequestsHeardTest {

    private static final long MILLIS_30 = 30_000_000;

    private static final class Recorder extends Events {
        final List<HttpRequest> served = new ArrayList<>();
        final List<String> serving = new ArrayList<>();
        final List<String> peers = new ArrayList<>();
        final List<HttpRequest> requested = new ArrayList<>();
        final List<String> hosts = new ArrayList<>();
        final List<String> others = new ArrayList<>();

        @Override
        public void loopBegins(Loop loop) {}

        @Override
        public Object begin(Kind kind) {
            return kind;
        }

        @Override
        public Object serving(String method, String scheme) {
            serving.add(method + " " + scheme);
            return begin(Kind.SERVED);
        }

        @Override
        public void ended(Kind kind, Object begun, Supplier<String> peer, @Nullable Throwable failure) {
            assertEquals(kind, begun);
            others.add(kind + " " + peer.get().replaceFirst(":.*", ""));
        }

        @Override
        public void cancelled(Loop loop, @Nullable Task<?> task, String reason) {}

        @Override
        public void process(String pool, long pid, String what) {}

        @Override
        public void served(Object begun, HttpRequest request, Supplier<String> peer) {
            served.add(request);
            peers.add(peer.get());
        }

        @Override
        public void requested(Object begun, HttpRequest request, String host, int port) {
            requested.add(request);
            hosts.add(host + ":" + port);
        }
    }

    private final Recorder heard = new Recorder();

    @BeforeEach
    void begin() {
        heard.serving.clear();
        heard.served.clear();
        heard.requested.clear();
        Events.hear(heard);
    }

    @AfterEach
    void end() {
        Events.hear(null);
    }

    private static HttpServer server() {
        return HttpServer.builder()
                .get("/users/{id}", request -> {
                    Heddle.sleep(Duration.ofMillis(30));
                    return Response.text("hi");
                })
                .get("/broken", request -> {
                    throw new IllegalStateException("planted");
                })
                .start("127.0.0.1", 80);
    }

    @SimTest(seeds = 3)
    void requestIsHeardWithItsMethodAndSchemeFromItsHeadOn() {
        try (var _ = server(); var client = HttpClient.create()) {
            Heddle.group(group -> {
                group.spawn(() -> client.get("http://127.0.0.1/users/7").text());
                group.spawn(() -> client.post("http://127.0.0.1/users/7", "x"));
                Heddle.sleep(Duration.ofMillis(20));
                assertEquals(Set.of("GET http", "POST http"), Set.copyOf(heard.serving));
            });
            assertEquals(2, heard.serving.size());
        }
    }

    @SimTest(seeds = 3)
    void requestIsHeardOnBothSidesWithItsRouteAndHowLongItTook() {
        try (var server = server(); var client = HttpClient.create()) {
            client.get("http://127.0.0.1/users/7?secret=1").text();
            Heddle.sleep(Duration.ofMillis(100));
            Events.HttpRequest served = heard.served.getFirst();
            assertEquals(
                    new Events.HttpRequest("GET", "/users/{id}", "http", "HTTP/1.1", 200, null, 2, served.nanos()),
                    served);
            assertTrue(served.nanos() >= MILLIS_30, served::toString);
            assertTrue(heard.peers.getFirst().startsWith("127.0.0.1:"));
            Events.HttpRequest requested = heard.requested.getFirst();
            assertEquals(
                    new Events.HttpRequest("GET", null, "http", "HTTP/1.1", 200, null, -1, requested.nanos()),
                    requested);
            assertTrue(requested.nanos() >= served.nanos(), requested::toString);
            assertEquals(List.of("127.0.0.1:80"), heard.hosts);
            assertTrue(heard.others.contains("CONNECT 127.0.0.1"), heard.others::toString);
            assertEquals(200, server.statistics().successes() * 200);
        }
    }

    @SimTest(seeds = 3)
    void overHttp2AsWell() {
        try (var server = server(); var client = HttpClient.builder().http2PriorKnowledge().build()) {
            client.get("http://127.0.0.1/users/7").text();
            Heddle.sleep(Duration.ofMillis(100));
            assertEquals("/users/{id}", heard.served.getFirst().route());
            assertEquals("HTTP/2", heard.served.getFirst().protocol());
            assertEquals("HTTP/2", heard.requested.getFirst().protocol());
            assertEquals(1, server.statistics().requests());
        }
    }

    @SimTest(seeds = 3)
    void whatNoRouteAnswersHasNoneAndAHandlerThatFailsHas() {
        try (var server = server(); var client = HttpClient.create()) {
            client.get("http://127.0.0.1/made/up").text();
            client.get("http://127.0.0.1/broken").text();
            Heddle.sleep(Duration.ofMillis(100));
            assertEquals(List.of(404, 500), heard.served.stream().map(Events.HttpRequest::status).toList());
            assertEquals(null, heard.served.getFirst().route());
            assertEquals("/broken", heard.served.getLast().route());
            assertEquals(2, server.statistics().requests());
        }
    }

    @SimTest(seeds = 3)
    void clientThatGetsNoAnswerSaysWhy() {
        try (var client = HttpClient.create()) {
            assertThrows(ConnectFailedException.class, () -> client.get("http://127.0.0.1:81/"));
            Events.HttpRequest requested = heard.requested.getFirst();
            assertEquals(0, requested.status());
            assertEquals(ConnectFailedException.class.getName(), requested.failure());
        }
    }

    @SimTest(seeds = 1)
    void requestThatBeganUnheardIsNotHalfHeard() {
        Events.hear(null);
        try (var server = server(); var client = HttpClient.create()) {
            Heddle.spawn(() -> {
                Heddle.sleep(Duration.ofMillis(20));
                Events.hear(heard);
            });
            client.get("http://127.0.0.1/users/7").text();
            client.get("http://127.0.0.1/users/8").text();
            Heddle.sleep(Duration.ofMillis(100));
            assertEquals(1, heard.served.size());
            assertEquals(1, heard.requested.size());
            assertEquals(2, server.statistics().requests());
        }
    }
}
