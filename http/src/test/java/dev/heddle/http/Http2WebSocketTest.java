package dev.heddle.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.CancelScope;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.conformance.LeavesNothing;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.ReplyStatusException;
import dev.heddle.http.gateway.Proxying;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import dev.heddle.sim.Sim;
import dev.heddle.sync.Event;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** WebSockets as streams of HTTP/2 (RFC 8441), with both sides of this project and in virtual time. */
@LeavesNothing
final class Http2WebSocketTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private interface Body {
        void run(HttpServer server, HttpClient http) throws Exception;
    }

    private final List<String> seen = new ArrayList<>();

    private final HttpServer.Builder builder = HttpServer.builder()
            .get("/", request -> Response.text("page"))
            .webSocket("/echo", FramePeer::echo)
            .webSocket("/who", (request, socket) -> socket.sendText(
                    request.method() + " " + request.version() + " " + request.asksForWebSocket() + " "
                            + request.contentLength().orElse(-1)));

    private void play(Body body) {
        play(builder, HttpClient.builder().http2PriorKnowledge(), body);
    }

    private static void play(HttpServer.Builder server, HttpClient.Builder client, Body body) {
        Sim.run(() -> {
            try (HttpServer running = server.start("127.0.0.1", 80); HttpClient http = client.build()) {
                body.run(running, http);
            }
        });
    }

    private static WebSocket connect(HttpClient http, String path) {
        return http.webSocket("ws://127.0.0.1" + path).overHttp2().connect();
    }

    private static String text(WebSocket socket) {
        return ((WebSocketMessage.Text) socket.receive().orElseThrow()).text();
    }

    // ---- what it is for ----

    @Test
    void textBytesAndStreamsGoThereAndBackCompressedAndNot() {
        for (WebSocketOptions options : List.of(WebSocketOptions.DEFAULT, WebSocketOptions.DEFAULT.withoutCompression(),
                WebSocketOptions.DEFAULT.withCompression(9, 0, true))) {
            play(HttpServer.builder().webSocket("/echo", options, FramePeer::echo),
                    HttpClient.builder().http2PriorKnowledge(), (server, http) -> {
                        try (WebSocket socket = http.webSocket("ws://127.0.0.1/echo").options(options).overHttp2()
                                .connect()) {
                            for (int length : new int[]{0, 1, 125, 126, 16_383, 65_535, 65_536, 600_000}) {
                                String text = "ä".repeat(length / 2) + "x".repeat(length % 2);
                                socket.sendText(text);
                                assertEquals(new WebSocketMessage.Text(text), socket.receive().orElseThrow());
                                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                                socket.streamBinary(out -> out.write(bytes));
                                assertArrayEquals(bytes, socket.receiveStream().orElseThrow().readAllBytes());
                            }
                            socket.close(3000, "done");
                            assertEquals(OptionalInt.of(3000), socket.closeCode());
                        }
                    });
        }
    }

    @Test
    void manyShareAConnectionWithRequests() {
        play((server, http) -> {
            List<Integer> numbers = IntStream.range(0, 50).boxed().toList();
            List<String> heard = Heddle.map(numbers, numbers.size(), number -> {
                try (WebSocket socket = connect(http, "/echo")) {
                    socket.sendText("number " + number);
                    assertEquals("page", http.get("http://127.0.0.1/").text());
                    return text(socket);
                }
            });
            assertEquals(numbers.stream().map(number -> "number " + number).toList(), heard);
            assertEquals(1, http.statistics().opened());
        });
    }

    @Test
    void handlerSeesTheGetThatItStandsFor() {
        play((server, http) -> {
            try (WebSocket socket = connect(http, "/who")) {
                assertEquals("GET HTTP/2 true 0", text(socket));
            }
        });
    }

    @Test
    void subprotocolsAreAgreedOn() {
        WebSocketOptions options = WebSocketOptions.DEFAULT.withSubprotocols("b", "c");
        play(builder.webSocket("/sub", options, (request, socket) -> socket.receive()),
                HttpClient.builder().http2PriorKnowledge(), (server, http) -> {
                    try (WebSocket socket = http.webSocket("ws://127.0.0.1/sub").subprotocols("a", "c", "b").overHttp2()
                            .connect()) {
                        assertEquals(Optional.of("b"), socket.subprotocol());
                    }
                });
    }

    // ---- refusals ----

    @Test
    void pathWithoutAWebSocketIsRefusedAndNoPageIsTakenForOne() {
        play((server, http) -> {
            var page = assertThrows(ReplyStatusException.class, () -> connect(http, "/"));
            assertEquals(501, page.status());
            var none = assertThrows(ReplyStatusException.class, () -> connect(http, "/none"));
            assertEquals(404, none.status());
            assertEquals("page", http.get("http://127.0.0.1/").text());
            assertEquals(1, http.statistics().opened());
        });
    }

    @Test
    void pageOfAnotherOriginIsRefused() {
        play((server, http) -> {
            var e = assertThrows(ReplyStatusException.class, () -> http.webSocket("ws://127.0.0.1/echo")
                    .header("Origin", "http://evil.example").overHttp2().connect());
            assertEquals(403, e.status());
        });
    }

    @Test
    void serverWithoutHttp2GetsAConnectionOfHttp1() {
        play(builder.withoutHttp2(), HttpClient.builder(), (server, http) -> {
            try (WebSocket socket = connect(http, "/who")) {
                assertEquals("GET HTTP/1.1 true 0", text(socket));
            }
        });
    }

    // ---- ends ----

    @Test
    void closeOfEitherSideIsOrderlyAndFreesTheStream() {
        builder.webSocket("/bye", (request, socket) -> socket.close(3001, "enough"));
        play((server, http) -> {
            WebSocket socket = connect(http, "/bye");
            assertEquals(Optional.empty(), socket.receive());
            assertEquals(OptionalInt.of(3001), socket.closeCode());
            try (WebSocket other = connect(http, "/echo")) {
                other.close(3002, "");
                assertEquals(OptionalInt.of(3002), other.closeCode());
            }
            assertEquals(1, http.statistics().opened());
            assertEquals(1, http.statistics().idle());
        });
    }

    @Test
    void abortOfEitherSideIsALossForTheOther() {
        var heard = new Event();
        builder.webSocket("/abort", (request, socket) -> socket.abort());
        builder.webSocket("/listen", (request, socket) -> {
            try {
                socket.receive();
            } catch (BrokenException e) {
                seen.add(e.getMessage());
            }
            heard.set();
        });
        play((server, http) -> {
            WebSocket socket = connect(http, "/abort");
            assertThrows(BrokenException.class, socket::receive);
            connect(http, "/listen").abort();
            heard.await();
            assertEquals(List.of("the peer reset stream 3: CANCEL"), seen);
            assertEquals("page", http.get("http://127.0.0.1/").text());
            assertEquals(1, http.statistics().opened());
        });
    }

    @Test
    void cancelledOpeningLeavesTheConnectionToOthers() {
        builder.get("/slow", request -> {
            Heddle.sleep(LONG);
            return Response.webSocket(request, WebSocketOptions.DEFAULT, FramePeer::echo);
        });
        play((server, http) -> {
            assertFalse(Heddle.moveOnAfter(Duration.ofSeconds(1), () -> connect(http, "/slow").abort()));
            assertEquals("page", http.get("http://127.0.0.1/").text());
            assertEquals(1, http.statistics().opened());
            assertEquals(1, http.statistics().idle());
        });
    }

    @Test
    void cancelledReceiveHasLostNothing() {
        builder.webSocket("/late", (request, socket) -> {
            Heddle.sleep(Duration.ofSeconds(2));
            socket.sendText("late");
            socket.receive();
        });
        play((server, http) -> {
            try (WebSocket socket = connect(http, "/late")) {
                assertFalse(Heddle.moveOnAfter(Duration.ofSeconds(1), () -> {
                    var _ = socket.receive();
                }));
                assertEquals("late", text(socket));
            }
        });
    }

    @Test
    void stoppedServerSaysGoodbyeToEach() {
        play((server, http) -> {
            WebSocket socket = connect(http, "/echo");
            Task<Void> stop = Heddle.spawn(() -> server.stop(LONG));
            assertEquals(Optional.empty(), socket.receive());
            assertEquals(OptionalInt.of(1001), socket.closeCode());
            stop.join();
        });
    }

    @Test
    void lostConnectionIsALossForEach() {
        builder.webSocket("/cut", (request, socket) -> request.connection().abort());
        play((server, http) -> {
            WebSocket other = connect(http, "/echo");
            WebSocket socket = connect(http, "/cut");
            assertThrows(BrokenException.class, socket::receive);
            assertThrows(BrokenException.class, other::receive);
        });
    }

    // ---- windows ----

    @Test
    void oneThatIsNotReadHoldsUpNoOther() {
        builder.webSocket("/flood", (request, socket) -> {
            for (int i = 0; i < 100; i++) {
                socket.sendBinary(new byte[100_000]);
            }
            seen.add("all sent");
        });
        play((server, http) -> {
            WebSocketOptions options = WebSocketOptions.DEFAULT.withoutCompression();
            WebSocket slow = http.webSocket("ws://127.0.0.1/flood").options(options).overHttp2().connect();
            Heddle.sleep(Duration.ofSeconds(1));
            try (WebSocket quick = connect(http, "/echo")) {
                quick.sendText("hello");
                assertEquals("hello", text(quick));
            }
            assertEquals(List.of(), seen);
            for (int i = 0; i < 100; i++) {
                assertEquals(100_000, ((WebSocketMessage.Binary) slow.receive().orElseThrow()).bytes().length);
            }
            assertEquals(Optional.empty(), slow.receive());
            assertEquals(List.of("all sent"), seen);
        });
    }

    @Test
    void sendThatWaitsForAWindowIsCancelled() {
        builder.webSocket("/deaf", (request, socket) -> Heddle.sleep(LONG));
        play((server, http) -> {
            WebSocket socket = http.webSocket("ws://127.0.0.1/deaf").options(
                    WebSocketOptions.DEFAULT.withoutCompression()).overHttp2().connect();
            assertFalse(Heddle.moveOnAfter(Duration.ofSeconds(1), () -> {
                for (int i = 0; i < 100; i++) {
                    socket.sendBinary(new byte[100_000]);
                }
            }));
            socket.abort();
            assertEquals("page", http.get("http://127.0.0.1/").text());
        });
    }

    @Test
    void moreThanTheServerHasRoomForOpenAnotherConnection() {
        play((server, http) -> {
            List<WebSocket> sockets = new ArrayList<>();
            for (int i = 0; i < 250; i++) {
                sockets.add(connect(http, "/echo"));
            }
            for (WebSocket socket : sockets) {
                socket.sendText("still here");
            }
            for (WebSocket socket : sockets) {
                assertEquals("still here", text(socket));
            }
            sockets.forEach(WebSocket::close);
            assertEquals(3, http.statistics().opened());
        });
    }

    // ---- with others ----

    @Test
    void gatewayPassesItOn() {
        play((server, http) -> {
            try (HttpServer gateway = HttpServer.builder().any("/{path...}", Proxying.to("http://127.0.0.1:80"))
                    .start("127.0.0.1", 81);
                    WebSocket socket = http.webSocket("ws://127.0.0.1:81/echo").overHttp2().connect()) {
                assertTrue(gateway.port() > 0);
                socket.sendText("through");
                assertEquals("through", text(socket));
            }
        });
    }

    @Test
    void endOfTheResponseIsTold() {
        var ended = new Event();
        builder.get("/told", (Request request) -> Response
                .webSocket(request, WebSocketOptions.DEFAULT, FramePeer::echo).onEnd(ended::set));
        play((server, http) -> {
            WebSocket socket = connect(http, "/told");
            assertFalse(ended.isSet());
            socket.close();
            ended.await();
        });
    }

    @Test
    void scopeThatEndsWhileItIsOpenedLeavesNothing() {
        play((server, http) -> {
            for (int millis = 0; millis < 40; millis++) {
                Duration time = Duration.ofMillis(millis);
                CancelScope.open(scope -> {
                    scope.deadlineAfter(time);
                    try (WebSocket socket = connect(http, "/echo")) {
                        socket.sendText("x");
                        var _ = socket.receive();
                    }
                });
            }
            assertEquals("page", http.get("http://127.0.0.1/").text());
        });
    }
}
