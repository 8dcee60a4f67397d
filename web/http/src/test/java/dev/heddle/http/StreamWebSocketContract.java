package dev.heddle.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.CancelScope;
import dev.heddle.DeadlineExceededException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.ReplyStatusException;
import dev.heddle.http.client.WebSocketRequest;
import dev.heddle.http.gateway.Proxying;
import dev.heddle.http.gateway.Upstreams;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import dev.heddle.http.server.ServerLimits;
import dev.heddle.sim.Sim;
import dev.heddle.sync.Event;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What a WebSocket on a stream of a shared connection does, over each version of HTTP that has streams: with both sides of
 * this project and in virtual time. A version adds how server and client are made.
 */
public abstract class StreamWebSocketContract {

    private static final Duration LONG = Duration.ofSeconds(30);

    /** What a test does. */
    protected interface Body {
        void run(HttpServer server, HttpClient http) throws Exception;
    }

    private final List<String> seen = new ArrayList<>();

    /** A server with a page and two WebSockets. */
    protected final HttpServer.Builder builder = HttpServer.builder()
            .get("/", request -> Response.text("page"))
            .webSocket("/echo", FramePeer::echo)
            .webSocket("/who", (request, socket) -> socket.sendText(
                    request.method() + " " + request.version() + " " + request.asksForWebSocket() + " "
                            + request.contentLength().orElse(-1)));

    // ---- of the version ----

    /** What the handler sees. */
    protected abstract String version();

    /** The origin of the server. */
    protected abstract String origin();

    /** Starts a server there. */
    protected abstract HttpServer start(HttpServer.Builder server);

    /** A client that goes there by this version. */
    protected abstract HttpClient client();

    /** How many connections of this version a client has made. */
    protected abstract long opened(HttpClient http);

    /** How the message of a loss ends that a reset was. */
    protected abstract String toldOfAReset();

    /** How long nothing may be said. */
    protected abstract Duration silence();

    // ---- for tests ----

    protected final void play(Body body) {
        play(builder, body);
    }

    private void play(HttpServer.Builder server, Body body) {
        Sim.run(() -> {
            try (HttpServer running = start(server); HttpClient http = client()) {
                body.run(running, http);
            }
        });
    }

    protected final WebSocketRequest asked(HttpClient http, String path) {
        return http.webSocket(origin().replaceFirst("http", "ws") + path).sharingConnection();
    }

    protected final WebSocket connect(HttpClient http, String path) {
        return asked(http, path).connect();
    }

    protected static String text(WebSocket socket) {
        return ((WebSocketMessage.Text) socket.receive().orElseThrow()).text();
    }

    // ---- what it is for ----

    @Test
    void textBytesAndStreamsGoThereAndBackCompressedAndNot() {
        for (WebSocketOptions options : List.of(WebSocketOptions.DEFAULT,
                WebSocketOptions.DEFAULT.withCompression(false),
                WebSocketOptions.DEFAULT.withCompressionLevel(9).withMinCompressBytes(0).withContextTakeover(true))) {
            play(HttpServer.builder().webSocket("/echo", options, FramePeer::echo), (server, http) -> {
                try (WebSocket socket = asked(http, "/echo").options(options).connect()) {
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
                    assertEquals("page", http.get(origin() + "/").text());
                    return text(socket);
                }
            });
            assertEquals(numbers.stream().map(number -> "number " + number).toList(), heard);
            assertEquals(1, opened(http));
        });
    }

    @Test
    void hundredAtOnceShareAConnection() {
        play((server, http) -> {
            List<Integer> numbers = IntStream.range(0, 100).boxed().toList();
            List<WebSocket> sockets = Heddle.map(numbers, numbers.size(), _ -> connect(http, "/echo"));
            assertEquals(1, opened(http));
            Heddle.map(sockets, sockets.size(), socket -> {
                for (int i = 0; i < 10; i++) {
                    socket.sendText("message " + i);
                    assertEquals("message " + i, text(socket));
                }
                socket.close();
                return socket.closeCode();
            }).forEach(code -> assertEquals(OptionalInt.of(1000), code));
        });
    }

    @Test
    void handlerSeesTheGetThatItStandsFor() {
        play((server, http) -> {
            try (WebSocket socket = connect(http, "/who")) {
                assertEquals("GET " + version() + " true 0", text(socket));
            }
        });
    }

    @Test
    void subprotocolsAreAgreedOn() {
        WebSocketOptions options = WebSocketOptions.DEFAULT.withSubprotocols("b", "c");
        play(builder.webSocket("/sub", options, (request, socket) -> socket.receive()), (server, http) -> {
            try (WebSocket socket = asked(http, "/sub").subprotocols("a", "c", "b").connect()) {
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
            assertEquals("page", http.get(origin() + "/").text());
            assertEquals(1, opened(http));
        });
    }

    @Test
    void pageOfAnotherOriginIsRefused() {
        play((server, http) -> {
            var e = assertThrows(ReplyStatusException.class, () -> asked(http, "/echo")
                    .header("Origin", "http://evil.example").connect());
            assertEquals(403, e.status());
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
            assertEquals(1, opened(http));
            assertEquals(1, http.statistics().idle());
        });
    }

    /** Neither side waits for a time limit. */
    @Test
    void closeTakesNoTime() {
        builder.webSocket("/bye", (request, socket) -> socket.close(3001, "enough"));
        play((server, http) -> {
            long begun = Heddle.currentLoop().nanoTime();
            for (int i = 0; i < 10; i++) {
                connect(http, "/echo").close();
                assertEquals(Optional.empty(), connect(http, "/bye").receive());
            }
            assertTrue(Heddle.currentLoop().nanoTime() - begun < Duration.ofSeconds(1).toNanos());
        });
    }

    @Test
    void silenceOfDaysIsNoFaultWhereBothAnswerPings() {
        play((server, http) -> {
            try (WebSocket socket = connect(http, "/echo")) {
                Task<String> later = Heddle.spawn(() -> text(socket));
                Heddle.sleep(silence());
                socket.sendText("still there");
                assertEquals("still there", later.join());
            }
            assertEquals(1, opened(http));
        });
    }

    /** The connection is younger than it: requests go to the next one, and it goes on. */
    @Test
    void connectionThatHasHadItsRequestsKeepsItsWebSockets() {
        builder.limits(ServerLimits.DEFAULT.withMaxRequests(3).withMaxLifetime(Duration.ofHours(1)));
        play((server, http) -> {
            try (WebSocket socket = connect(http, "/echo")) {
                for (int i = 0; i < 10; i++) {
                    assertEquals("page", http.get(origin() + "/").text());
                }
                socket.sendText("old");
                assertEquals("old", text(socket));
                assertTrue(opened(http) > 1);
            }
        });
    }

    @Test
    void closedClientLeavesItsWebSocketsOpen() {
        play((server, http) -> {
            WebSocket socket;
            try (HttpClient other = client()) {
                socket = connect(other, "/echo");
            }
            socket.sendText("open");
            assertEquals("open", text(socket));
            socket.close();
            assertEquals(OptionalInt.of(1000), socket.closeCode());
        });
    }

    @Test
    void abortOfEitherSideIsALossForTheOther() {
        var heard = Event.create();
        builder.webSocket("/abort", (request, socket) -> {
            socket.receive(); // so that the consent has arrived, which a reset may take away
            socket.abort();
        });
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
            socket.sendText("now");
            assertThrows(BrokenException.class, socket::receive);
            connect(http, "/listen").abort();
            heard.await();
            assertEquals(1, seen.size());
            assertTrue(seen.getFirst().endsWith(toldOfAReset()), seen.getFirst());
            assertEquals("page", http.get(origin() + "/").text());
            assertEquals(1, opened(http));
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
            assertEquals("page", http.get(origin() + "/").text());
            assertEquals(1, opened(http));
            assertEquals(1, http.statistics().idle());
        });
    }

    @Test
    void openingThatTakesTooLongIsLateAndLeavesTheConnectionToOthers() {
        builder.get("/slow", request -> {
            Heddle.sleep(LONG);
            return Response.webSocket(request, WebSocketOptions.DEFAULT, FramePeer::echo);
        });
        play((server, http) -> {
            var late = assertThrows(DeadlineExceededException.class,
                    () -> asked(http, "/slow").timeout(Duration.ofSeconds(2)).connect());
            assertTrue(String.valueOf(late.getMessage()).contains("/slow"), late::getMessage);
            assertEquals("page", http.get(origin() + "/").text());
            assertEquals(1, opened(http));
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
            WebSocketOptions options = WebSocketOptions.DEFAULT.withCompression(false);
            WebSocket slow = asked(http, "/flood").options(options).connect();
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

    /** What the client sends waits for a handler that does not read, and goes on when it does. */
    @Test
    void handlerThatDoesNotReadHoldsUpTheClient() {
        var read = Event.create();
        builder.webSocket("/later", (request, socket) -> {
            read.await();
            for (int i = 0; i < 30; i++) {
                seen.add(((WebSocketMessage.Binary) socket.receive().orElseThrow()).bytes().length + "");
            }
        });
        play((server, http) -> {
            WebSocket socket = asked(http, "/later").options(WebSocketOptions.DEFAULT.withCompression(false)).connect();
            Task<Void> sending = Heddle.spawn(() -> {
                for (int i = 0; i < 30; i++) {
                    socket.sendBinary(new byte[100_000]);
                }
            });
            Heddle.sleep(Duration.ofSeconds(1));
            assertFalse(sending.isDone());
            read.set();
            sending.join();
            assertEquals(Optional.empty(), socket.receive());
            assertEquals(Collections.nCopies(30, "100000"), seen);
        });
    }

    @Test
    void sendThatWaitsForAWindowIsCancelled() {
        builder.webSocket("/deaf", (request, socket) -> Heddle.sleep(LONG));
        play((server, http) -> {
            WebSocket socket = asked(http, "/deaf")
                    .options(WebSocketOptions.DEFAULT.withCompression(false)).connect();
            assertFalse(Heddle.moveOnAfter(Duration.ofSeconds(1), () -> {
                for (int i = 0; i < 100; i++) {
                    socket.sendBinary(new byte[100_000]);
                }
            }));
            socket.abort();
            assertEquals("page", http.get(origin() + "/").text());
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
            assertEquals(3, opened(http));
        });
    }

    // ---- with others ----

    @Test
    void gatewayPassesItOnToHttp1() {
        Proxying gateway = Proxying.to(Upstreams.of("http://127.0.0.1:81"));
        builder.any("/up", gateway);
        HttpServer.Builder upstream = HttpServer.builder().http1Only().webSocket("/up", (request, socket) -> {
            socket.sendText(request.version());
            FramePeer.echo(request, socket);
        });
        play((server, http) -> {
            try (gateway; HttpServer _ = upstream.start("127.0.0.1", 81); WebSocket socket = connect(http, "/up")) {
                assertEquals("HTTP/1.1", text(socket));
                socket.sendText("through");
                assertEquals("through", text(socket));
                socket.close(3003, "");
                assertEquals(OptionalInt.of(3003), socket.closeCode());
            }
        });
    }

    @Test
    void endOfTheResponseIsTold() {
        var ended = Event.create();
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
            assertEquals("page", http.get(origin() + "/").text());
        });
    }
}
