package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.http.SeenConnections;
import dev.heddle.http.WebSocket;
import dev.heddle.http.client.HttpClient;
import dev.heddle.internal.sight.ConnectionSight;
import dev.heddle.net.Tcp;
import dev.heddle.sim.SimTest;
import dev.heddle.tls.ClientTls;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.TlsIdentity;
import dev.heddle.tls.TlsTrust;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** What there is to see of a server's connections. */
class ConnectionsSeenTest {

    private static HttpServer server() {
        return HttpServer.builder()
                .get("/slow/{n}", request -> {
                    Heddle.sleep(Duration.ofSeconds(3));
                    return Response.text("done");
                })
                .start("127.0.0.1", 80);
    }

    private static List<ConnectionSight> seen() {
        return SeenConnections.of("server");
    }

    @SimTest(seeds = 3)
    void connectionTellsItsPeerItsPhaseAndTheRequestUnderWay() {
        try (var server = server(); var client = HttpClient.create()) {
            var request = Heddle.spawn(() -> client.get("http://127.0.0.1/slow/7?secret=1").text());
            Heddle.sleep(Duration.ofSeconds(1));
            ConnectionSight busy = seen().getFirst();
            assertTrue(busy.peer().startsWith("127.0.0.1:"), busy::toString);
            assertEquals(
                    new ConnectionSight(
                            null, busy.peer(), "HTTP/1.1", "exchange", busy.request(), busy.ageNanos(), busy.bytes(),
                            busy.deadlineNanos(), List.of()),
                    busy);
            assertEquals(0, busy.bytes().unread());
            assertTrue(busy.bytes().in() > 30, busy::toString);
            assertEquals(0, busy.bytes().out());
            assertNull(busy.bytes().tls());
            ConnectionSight.Held held = Objects.requireNonNull(busy.request());
            assertEquals("\"GET /slow/7\"", held.what());
            assertTrue(held.nanos() > 500_000_000 && held.nanos() < 1_500_000_000, held::toString);
            assertTrue(Objects.requireNonNull(held.by()).name().startsWith("connection 127.0.0.1:"), held::toString);
            request.join();
            Heddle.sleep(Duration.ofSeconds(1));
            ConnectionSight idle = seen().getFirst();
            assertEquals("idle", idle.phase());
            assertNull(idle.request());
            assertEquals(busy.bytes().in(), idle.bytes().in());
            assertTrue(idle.bytes().out() > "done".length(), idle::toString);
            assertTrue(idle.deadlineNanos() > 0, idle::toString);
            assertEquals(1, server.statistics().connections());
        }
        assertEquals(List.of(), seen());
    }

    @SimTest(seeds = 3)
    void webSocketIsToldWithTheRequestThatAskedForIt() {
        try (var server = HttpServer.builder()
                .webSocket("/echo", (request, socket) -> socket.awaitClose())
                .start("127.0.0.1", 80);
                var client = HttpClient.create()) {
            try (WebSocket _ = client.webSocket("ws://127.0.0.1/echo?secret=1").connect()) {
                Heddle.sleep(Duration.ofSeconds(1));
                ConnectionSight seen = seen().getFirst();
                assertEquals("WebSocket", seen.protocol());
                assertEquals("open", seen.phase());
                ConnectionSight.Held held = Objects.requireNonNull(seen.request());
                assertEquals("\"GET /echo\"", held.what());
                assertTrue(held.nanos() > 500_000_000, held::toString);
                assertTrue(Objects.requireNonNull(held.by()).name().startsWith("connection "), held::toString);
                assertEquals(1, server.statistics().connections());
            }
            assertEquals(List.of(), seen());
        }
    }

    @SimTest(seeds = 3)
    void overTlsBothSidesTellVersionAndCipherAndTheBytesOfHttp() {
        var tls = TlsIdentity.selfSigned("localhost", "127.0.0.1");
        try (var server = HttpServer.builder()
                .get("/", request -> Response.text("x".repeat(50_000)))
                .tls(ServerTls.of(tls))
                .start("127.0.0.1", 443);
                var silent = Tcp.connect("127.0.0.1", 443);
                var client = HttpClient.builder()
                        .tls(ClientTls.DEFAULT.withTrust(TlsTrust.of(tls.certificate())))
                        .build()) {
            assertEquals(50_000, client.get("https://127.0.0.1/").text().length());
            Heddle.sleep(Duration.ofSeconds(1));
            ConnectionSight there = seen().getLast();
            ConnectionSight here = SeenConnections.of("client").getFirst();
            assertTrue(Objects.requireNonNull(there.bytes().tls()).startsWith("TLSv1.3 TLS_"), there::toString);
            assertEquals(there.bytes().tls(), here.bytes().tls());
            assertEquals(there.bytes().out(), here.bytes().in());
            assertEquals(there.bytes().in(), here.bytes().out());
            assertTrue(here.bytes().in() > 50_000 && here.bytes().in() < 51_000, here::toString);
            assertTrue(silent.isOpen());
            assertEquals(1, server.statistics().successes());
        }
    }

    @SimTest(seeds = 3)
    void handshakeThatHangsIsSeenAsOne() {
        try (var server = HttpServer.builder()
                .get("/", request -> Response.text("x"))
                .tls(ServerTls.of(TlsIdentity.selfSigned("localhost")))
                .start("127.0.0.1", 443);
                var silent = Tcp.connect("127.0.0.1", 443)) {
            Heddle.sleep(Duration.ofSeconds(1));
            assertEquals("TLS handshake", seen().getFirst().bytes().tls());
            assertTrue(silent.isOpen());
            assertEquals(1, server.statistics().connections());
        }
    }

    @SimTest(seeds = 3)
    void toLookTakesNothingFromWhoReads() {
        try (var server = HttpServer.builder()
                .post("/", request -> Response.text(request.body().text(1_000_000)))
                .start("127.0.0.1", 80);
                var client = HttpClient.create()) {
            var looks = Heddle.spawn(() -> {
                for (int i = 0; i < 200; i++) {
                    seen();
                    Heddle.sleep(Duration.ofMillis(1));
                }
            });
            String body = "x".repeat(100_000);
            for (int i = 0; i < 10; i++) {
                assertEquals(body, client.request("POST", "http://127.0.0.1/").body(body).send().text());
            }
            looks.join();
            assertEquals(10, server.statistics().successes());
        }
    }

    @SimTest(seeds = 3)
    void oneOfHttp2TellsItsStreams() {
        try (var server = server(); var client = HttpClient.builder().http2PriorKnowledge().build()) {
            Heddle.group(group -> {
                for (int i = 0; i < 3; i++) {
                    int n = i;
                    group.spawn(() -> client.get("http://127.0.0.1/slow/" + n).text());
                }
                Heddle.sleep(Duration.ofSeconds(1));
                List<ConnectionSight> seen = seen();
                assertEquals(1, seen.size());
                assertEquals("HTTP/2", seen.getFirst().protocol());
                assertEquals(3, seen.getFirst().streams().size());
                ConnectionSight.Held held = seen.getFirst().streams().getFirst();
                assertTrue(held.what().startsWith("stream "), held::toString);
                assertTrue(held.nanos() > 500_000_000, held::toString);
                assertTrue(Objects.requireNonNull(held.by()).name().startsWith("GET /slow/"), held::toString);
            });
            assertEquals(3, server.statistics().successes());
        }
    }
}
