package dev.heddle.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.Task;
import dev.heddle.http.ScriptedServer;
import dev.heddle.http.SeenConnections;
import dev.heddle.http.WebSocket;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.internal.sight.ConnectionSight;
import dev.heddle.net.ConnectFailedException;
import dev.heddle.sim.SimTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What there is to see of a client's connections. */
class ClientConnectionsSeenTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private static HttpServer server() {
        return HttpServer.builder()
                .get("/slow/{n}", request -> {
                    Heddle.sleep(SECOND.multipliedBy(3));
                    return Response.text("done");
                })
                .get("/fast", request -> Response.text("done"))
                .get("/big", request -> Response.text("x".repeat(10_000_000)))
                .webSocket("/echo", (request, socket) -> socket.awaitClose())
                .start("127.0.0.1", 80);
    }

    private static List<ConnectionSight> seen() {
        return SeenConnections.of("client");
    }

    @SimTest(seeds = 3)
    void busyConnectionTellsItsRequestAndAnIdleOneNone() {
        try (var server = server(); var client = HttpClient.create()) {
            var request = Heddle.spawn(() -> client.get("http://127.0.0.1/slow/7?secret=1").text());
            Heddle.sleep(SECOND);
            ConnectionSight busy = seen().getFirst();
            assertEquals("http://127.0.0.1", busy.name());
            assertEquals("127.0.0.1:80", busy.peer());
            assertEquals("HTTP/1.1", busy.protocol());
            assertEquals("head", busy.phase());
            ConnectionSight.Held held = Objects.requireNonNull(busy.request());
            assertEquals("GET http://127.0.0.1/slow/7?...", held.what());
            assertEquals(request, held.by());
            assertTrue(held.nanos() > 500_000_000 && held.nanos() < 1_500_000_000, held::toString);
            assertTrue(busy.ageNanos() > 500_000_000, busy::toString);
            assertTrue(busy.deadlineNanos() > 0, busy::toString);
            request.join();
            Heddle.sleep(SECOND);
            ConnectionSight idle = seen().getFirst();
            assertEquals("idle", idle.phase());
            ConnectionSight other = SeenConnections.of("server").getFirst();
            assertEquals(other.bytes().in(), idle.bytes().out());
            assertEquals(other.bytes().out(), idle.bytes().in());
            assertNull(idle.request());
            assertEquals(-1, idle.deadlineNanos());
            assertTrue(idle.ageNanos() > busy.ageNanos());
            assertEquals(1, server.statistics().connections());
        }
        assertEquals(List.of(), seen());
    }

    @SimTest(seeds = 3)
    void replyThatNobodyReadsHasItsConnectionInTheBody() {
        try (var server = server(); var client = HttpClient.create()) {
            try (Reply _ = client.get("http://127.0.0.1/big")) {
                Heddle.sleep(SECOND);
                ConnectionSight seen = seen().getFirst();
                assertEquals("body", seen.phase());
                assertEquals("GET http://127.0.0.1/big", Objects.requireNonNull(seen.request()).what());
                assertTrue(seen.bytes().unread() > 0 && seen.bytes().in() > 0, seen::toString);
            }
            assertEquals(List.of(), seen(), "closed with its rest");
            assertEquals(1, server.statistics().requests());
        }
    }

    @SimTest(seeds = 3)
    void oneOfHttp2TellsTheRequestOfEachStream() {
        try (var server = server(); var client = HttpClient.builder().http2PriorKnowledge().build()) {
            Heddle.group(group -> {
                for (int i = 0; i < 3; i++) {
                    int n = i;
                    group.spawn("get " + n, () -> client.get("http://127.0.0.1/slow/" + n).text());
                }
                Heddle.sleep(SECOND);
                List<ConnectionSight> seen = seen();
                assertEquals(1, seen.size());
                assertEquals("HTTP/2", seen.getFirst().protocol());
                assertEquals("exchange", seen.getFirst().phase());
                assertEquals(3, seen.getFirst().streams().size());
                assertTrue(seen.getFirst().streams().stream()
                        .anyMatch(stream -> stream.what().endsWith(", GET http://127.0.0.1/slow/2")
                                && "get 2".equals(Objects.requireNonNull(stream.by()).name())
                                && stream.nanos() > 500_000_000),
                        seen::toString);
            });
            assertEquals("idle", seen().getFirst().phase());
            assertEquals(3, server.statistics().successes());
        }
        Heddle.sleep(SECOND.multipliedBy(2));
        assertEquals(List.of(), seen());
    }

    @SimTest(seeds = 3)
    @SuppressWarnings("try") // the client is closed early
    void webSocketIsToldUntilItIsOverAlsoWhenTheClientIsClosed() {
        try (var server = server(); var client = HttpClient.create()) {
            try (WebSocket socket = client.webSocket("ws://127.0.0.1/echo?secret=1").connect()) {
                Heddle.sleep(SECOND);
                client.close();
                ConnectionSight seen = seen().getFirst();
                assertEquals("http://127.0.0.1", seen.name());
                assertEquals("127.0.0.1:80", seen.peer());
                assertEquals("WebSocket", seen.protocol());
                assertEquals("open", seen.phase());
                ConnectionSight.Held held = Objects.requireNonNull(seen.request());
                assertEquals("GET http://127.0.0.1/echo?...", held.what());
                assertEquals(Heddle.currentTask(), held.by());
                assertTrue(seen.ageNanos() > 500_000_000, seen::toString);
                assertTrue(socket.isOpen());
            }
            assertEquals(List.of(), seen());
            assertEquals(0, server.statistics().serverErrors());
        }
    }

    @SimTest(seeds = 3)
    void webSocketThatIsNotAnsweredIsSeenInItsHandshake() {
        try (var server = ScriptedServer.of(peer -> Heddle.sleep(Duration.ofDays(1)));
                var client = server.client().build()) {
            var request = Heddle.spawn(() -> client.webSocket("ws://h/echo").timeout(SECOND.multipliedBy(3)).connect());
            Heddle.sleep(SECOND);
            assertEquals("head", seen().getFirst().phase());
            assertTrue(seen().getFirst().deadlineNanos() > 0);
            assertThrows(HeddleException.class, request::join);
            assertEquals(List.of(), seen());
        }
    }

    @SimTest(seeds = 20)
    void eachPlaceOfThePoolIsSeenOnceWhateverBecomesOfItsRequests() {
        try (var server = server();
                var client = HttpClient.builder()
                        .limits(ClientLimits.DEFAULT.withMaxConnections(5).withMaxConnectionsPerHost(4))
                        .build()) {
            List<Task<?>> tasks = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                int n = i;
                tasks.add(Heddle.spawn(() -> Heddle.moveOnAfter(Duration.ofMillis(400L * (n % 11)), () -> {
                    String host = n % 3 == 0 ? "127.0.0.1:1" : n % 3 == 1 ? "localhost" : "127.0.0.1";
                    try {
                        client.get("http://" + host + (n % 2 == 0 ? "/fast" : "/slow/" + n)).text();
                    } catch (ConnectFailedException refused) {
                        assertEquals(0, n % 3);
                    }
                })));
            }
            for (int i = 0; i < 60; i++) {
                Heddle.sleep(Duration.ofMillis(100));
                assertEquals(client.statistics().connections(), seen().size());
                long idle = seen().stream().filter(one -> one.phase().equals("idle")).count();
                assertEquals(client.statistics().idle(), idle);
            }
            tasks.forEach(Task::awaitOutcome);
            assertEquals(client.statistics().connections(), seen().size());
            assertEquals(0, server.statistics().serverErrors());
        }
        assertEquals(List.of(), seen());
    }
}
