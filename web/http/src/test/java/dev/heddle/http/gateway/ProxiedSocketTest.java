package dev.heddle.http.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.Promise;
import dev.heddle.Task;
import dev.heddle.http.WebSocket;
import dev.heddle.http.WebSocketMessage;
import dev.heddle.http.WebSocketOptions;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.ReplyStatusException;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.http.server.WebSocketHandler;
import dev.heddle.sim.SimTest;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;

/** WebSockets through a gateway, between servers of the simulator. */
final class ProxiedSocketTest {

    private static final String DEAD = "http://127.0.0.1:1";

    private interface Visit {
        void play(HttpClient http, String url, Proxying gateway) throws Exception;
    }

    /** Plays a client of a gateway in front of a server whose sockets a handler has. */
    private static void visit(WebSocketOptions options, WebSocketHandler handler, Visit visit) throws Exception {
        try (var up = HttpServer.builder().webSocket("/chat", options, handler).start("127.0.0.1", 0);
                var gateway = Proxying.to(Upstreams.of("http://" + up.address()).withMaxInFlight(1));
                var front = HttpServer.builder().any("/{path...}", gateway).start("127.0.0.1", 0);
                var http = HttpClient.create()) {
            visit.play(http, "ws://" + front.address() + "/chat", gateway);
        }
    }

    private static void echo(WebSocket socket) {
        for (WebSocketMessage message : socket) {
            socket.send(message);
        }
    }

    private static void awaitIdle(Proxying gateway) {
        while (gateway.statistics().getFirst().inFlight() > 0) {
            Heddle.sleep(Duration.ofMillis(10));
        }
    }

    @SimTest(seeds = 10)
    void messagesGoBothWaysUntilTheClientCloses() throws Exception {
        var code = new Promise<Integer>();
        var reason = new Promise<String>();
        visit(WebSocketOptions.DEFAULT, (_, socket) -> {
            echo(socket);
            code.complete(socket.closeCode().orElseThrow());
            reason.complete(socket.closeReason());
        }, (http, url, gateway) -> {
            WebSocket socket = http.webSocket(url).connect();
            socket.sendText("grüezi");
            assertEquals(new WebSocketMessage.Text("grüezi"), socket.receive().orElseThrow());
            socket.sendBinary(new byte[100_000]);
            assertEquals(new WebSocketMessage.Binary(new byte[100_000]), socket.receive().orElseThrow());
            socket.sendText("");
            assertEquals(new WebSocketMessage.Text(""), socket.receive().orElseThrow());
            assertEquals(1, gateway.statistics().getFirst().inFlight());
            socket.close(4001, "enough");
            assertEquals(4001, code.join());
            assertEquals("enough", reason.join());
            awaitIdle(gateway);
        });
    }

    @SimTest(seeds = 10)
    void closeOfTheUpstreamIsTheClients() throws Exception {
        visit(WebSocketOptions.DEFAULT, (_, socket) -> socket.close(3007, "later"), (http, url, gateway) -> {
            WebSocket socket = http.webSocket(url).connect();
            assertTrue(socket.receive().isEmpty());
            assertEquals(OptionalInt.of(3007), socket.closeCode());
            assertEquals("later", socket.closeReason());
            awaitIdle(gateway);
        });
    }

    @SimTest(seeds = 10)
    void upstreamThatIsLostIsABadGateway() throws Exception {
        visit(WebSocketOptions.DEFAULT, (_, socket) -> {
            socket.receive();
            socket.abort();
        }, (http, url, gateway) -> {
            WebSocket socket = http.webSocket(url).connect();
            socket.sendText("go");
            assertTrue(socket.receive().isEmpty());
            assertEquals(OptionalInt.of(1014), socket.closeCode());
            awaitIdle(gateway);
        });
    }

    @SimTest(seeds = 10)
    void clientThatIsLostHasGoneAway() throws Exception {
        var code = new Promise<Integer>();
        visit(WebSocketOptions.DEFAULT, (_, socket) -> {
            echo(socket);
            code.complete(socket.closeCode().orElseThrow());
        }, (http, url, gateway) -> {
            WebSocket socket = http.webSocket(url).connect();
            socket.sendText("one");
            assertTrue(socket.receive().isPresent());
            socket.abort();
            assertEquals(1001, code.join());
            awaitIdle(gateway);
        });
    }

    @SimTest(seeds = 5)
    void messagesLongerThanMemoryMayHoldGoThrough() throws Exception {
        int bytes = 3_000_000;
        visit(WebSocketOptions.DEFAULT, (_, socket) -> {
            try (var message = socket.receiveStream().orElseThrow()) {
                long count = 0;
                byte[] buffer = new byte[10_000];
                for (int n = message.read(buffer); n >= 0; n = message.read(buffer)) {
                    count += n;
                }
                socket.sendText(Long.toString(count));
            }
        }, (http, url, gateway) -> {
            WebSocket socket = http.webSocket(url).connect();
            socket.sendBinary(new byte[bytes]);
            assertEquals(new WebSocketMessage.Text(Integer.toString(bytes)), socket.receive().orElseThrow());
            socket.close();
        });
    }

    @SimTest(seeds = 3)
    void subprotocolIsThatOfTheUpstream() throws Exception {
        visit(WebSocketOptions.DEFAULT.withSubprotocols("b"), (_, socket) -> echo(socket), (http, url, gateway) -> {
            try (WebSocket socket = http.webSocket(url).subprotocols("a", "b").connect()) {
                assertEquals("b", socket.subprotocol().orElseThrow());
            }
            awaitIdle(gateway);
            try (WebSocket socket = http.webSocket(url).connect()) {
                assertTrue(socket.subprotocol().isEmpty());
            }
        });
    }

    @SimTest(seeds = 3)
    void fieldsOfTheClientReachTheUpstream() throws Exception {
        var seen = new Promise<List<String>>();
        visit(WebSocketOptions.DEFAULT, (request, _) -> seen.complete(List.of(
                String.join("|", request.headers().all("Cookie")), request.headers().first("Authorization"),
                request.headers().first("X-Forwarded-Proto"), request.target())), (http, url, gateway) -> {
                    try (WebSocket _ = http.webSocket(url + "?room=7").header("Cookie", "k=v")
                            .header("Authorization", "Bearer t").connect()) {
                        assertEquals(List.of("k=v", "Bearer t", "http", "/chat?room=7"), seen.join());
                    }
                });
    }

    @SimTest(seeds = 3)
    void refusalOfTheUpstreamIsTheClients() throws Exception {
        visit(WebSocketOptions.DEFAULT, (_, _) -> {}, (http, url, gateway) -> {
            var refused = assertThrows(ReplyStatusException.class,
                    () -> http.webSocket(url.replace("/chat", "/none")).connect());
            assertEquals(404, refused.status());
            awaitIdle(gateway);
        });
    }

    @SimTest(seeds = 3)
    void pageOfAnotherOriginIsRefusedBeforeAnUpstreamHearsOfIt() throws Exception {
        visit(WebSocketOptions.DEFAULT, (_, _) -> {}, (http, url, gateway) -> {
            var refused = assertThrows(ReplyStatusException.class,
                    () -> http.webSocket(url).header("Origin", "http://evil.example").connect());
            assertEquals(403, refused.status());
            assertEquals(0, gateway.statistics().getFirst().requests());
        });
    }

    @SimTest(seeds = 3)
    void deadUpstreamIsPassedOver() throws Exception {
        try (var up = HttpServer.builder().webSocket("/chat", (_, socket) -> echo(socket)).start("127.0.0.1", 0);
                var gateway = Proxying.to(Upstreams.of(DEAD, "http://" + up.address()));
                var front = HttpServer.builder().any("/{path...}", gateway).start("127.0.0.1", 0);
                var http = HttpClient.create()) {
            for (int i = 0; i < 10; i++) {
                try (WebSocket socket = http.webSocket("ws://" + front.address() + "/chat").connect()) {
                    socket.sendText("hello");
                    assertTrue(socket.receive().isPresent());
                }
            }
        }
    }

    @SimTest(seeds = 3)
    void withoutAnUpstreamItIsABadGateway() {
        try (var gateway = Proxying.to(Upstreams.of(DEAD));
                var front = HttpServer.builder().any("/{path...}", gateway).start("127.0.0.1", 0);
                var http = HttpClient.create()) {
            var refused = assertThrows(ReplyStatusException.class,
                    () -> http.webSocket("ws://" + front.address() + "/chat").connect());
            assertEquals(502, refused.status());
        }
    }

    @SimTest(seeds = 5)
    void socketThatMiddlewareAnswersOtherwiseIsClosed() {
        var ended = new AtomicInteger();
        var over = new Promise<Integer>();
        try (var up = HttpServer.builder().webSocket("/chat", (_, socket) -> {
            echo(socket);
            over.complete(ended.incrementAndGet());
        }).start("127.0.0.1", 0);
                var gateway = Proxying.to(Upstreams.of("http://" + up.address()));
                var front = HttpServer.builder().use((request, next) -> {
                    Response _ = next.handle(request);
                    return Response.empty(403);
                }).any("/{path...}", gateway).start("127.0.0.1", 0);
                var http = HttpClient.create()) {
            var refused = assertThrows(ReplyStatusException.class,
                    () -> http.webSocket("ws://" + front.address() + "/chat").connect());
            assertEquals(403, refused.status());
            awaitIdle(gateway);
            assertFalse(over.isDone());
        }
    }

    @SimTest(seeds = 5)
    void stopOfTheGatewayClosesBoth() throws Exception {
        var code = new Promise<Integer>();
        try (var up = HttpServer.builder().webSocket("/chat", (_, socket) -> {
            echo(socket);
            code.complete(socket.closeCode().orElseThrow());
        }).start("127.0.0.1", 0);
                var gateway = Proxying.to(Upstreams.of("http://" + up.address()));
                var http = HttpClient.create()) {
            WebSocket socket;
            Task<Void> receiving;
            try (var front = HttpServer.builder().any("/{path...}", gateway).start("127.0.0.1", 0)) {
                socket = http.webSocket("ws://" + front.address() + "/chat").connect();
                receiving = Heddle.spawn(() -> {
                    while (socket.receive().isPresent()) {}
                });
            }
            assertEquals(1001, code.join());
            receiving.join();
            assertEquals(OptionalInt.of(1001), socket.closeCode());
            awaitIdle(gateway);
        }
    }
}
