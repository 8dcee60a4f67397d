package dev.heddle.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.CancelScope;
import dev.heddle.ClosedException;
import dev.heddle.DeadlineExceededException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.conformance.LeavesNothing;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.ReplyStatusException;
import dev.heddle.http.gateway.Proxying;
import dev.heddle.http.gateway.Upstreams;
import dev.heddle.http.internal.http2.Http2Error;
import dev.heddle.http.internal.http2.Http2Frame;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import dev.heddle.http.server.ServerLimits;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MemoryStreams;
import dev.heddle.net.Tcp;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimOptions;
import dev.heddle.sync.Event;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
        for (WebSocketOptions options : List.of(WebSocketOptions.DEFAULT,
                WebSocketOptions.DEFAULT.withCompression(false),
                WebSocketOptions.DEFAULT.withCompressionLevel(9).withMinCompressBytes(0).withContextTakeover(true))) {
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
        play(builder, HttpClient.builder(), (server, http) -> {
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
                Heddle.sleep(Duration.ofDays(2));
                socket.sendText("still there");
                assertEquals("still there", later.join());
            }
            assertEquals(1, http.statistics().opened());
        });
    }

    /** The connection is younger than it: requests go to the next one, and it goes on. */
    @Test
    void connectionThatHasHadItsRequestsKeepsItsWebSockets() {
        builder.limits(ServerLimits.DEFAULT.withMaxRequests(3).withMaxLifetime(Duration.ofHours(1)));
        play((server, http) -> {
            try (WebSocket socket = connect(http, "/echo")) {
                for (int i = 0; i < 10; i++) {
                    assertEquals("page", http.get("http://127.0.0.1/").text());
                }
                socket.sendText("old");
                assertEquals("old", text(socket));
                assertTrue(http.statistics().opened() > 1);
            }
        });
    }

    @Test
    void closedClientLeavesItsWebSocketsOpen() {
        play((server, http) -> {
            WebSocket socket;
            try (HttpClient other = HttpClient.builder().http2PriorKnowledge().build()) {
                socket = connect(other, "/echo");
            }
            socket.sendText("open");
            assertEquals("open", text(socket));
            socket.close();
            assertEquals(OptionalInt.of(1000), socket.closeCode());
        });
    }

    /** A peer without a window, which never answers a ping. */
    @Test
    void peerThatTakesNothingIsGivenUp() {
        against(new int[]{8, 1, 4, 0}, wire -> {
            wire.fields(wire.read(Http2Frame.HEADERS));
            wire.head(1, false, ":status", "200");
            assertEquals(Http2Error.CANCEL, wire.untilReset(1));
        }, (server, http) -> {
            WebSocket socket = http.webSocket("ws://site/").overHttp2().connect();
            socket.sendText("nobody takes this");
            assertThrows(BrokenException.class, socket::receive);
        });
    }

    @Test
    void closeToAPeerThatTakesNothingEndsInTime() {
        against(new int[]{8, 1, 4, 0}, wire -> {
            wire.fields(wire.read(Http2Frame.HEADERS));
            wire.head(1, false, ":status", "200");
            assertEquals(Http2Error.CANCEL, wire.untilReset(1));
        }, (server, http) -> {
            WebSocket socket = http.webSocket("ws://site/").overHttp2().connect();
            socket.sendText("nobody takes this");
            long begun = Heddle.currentLoop().nanoTime();
            socket.close();
            assertTrue(Heddle.currentLoop().nanoTime() - begun <= Duration.ofSeconds(6).toNanos());
        });
    }

    @Test
    void abortOfEitherSideIsALossForTheOther() {
        var heard = Event.create();
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
            assertEquals(1, seen.size());
            assertTrue(seen.getFirst().endsWith(" is lost: the peer reset stream 3: CANCEL"), seen.getFirst());
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
    void stopTakesTheSameStepsForTheSameSeed() {
        assertEquals(stopWithManyOpen(), stopWithManyOpen());
    }

    private Sim.Result stopWithManyOpen() {
        return Sim.run(SimOptions.DEFAULT.withSeed(1), sim -> {
            try (HttpServer server = builder.start("127.0.0.1", 80);
                    HttpClient http = HttpClient.builder().http2PriorKnowledge().build()) {
                List<WebSocket> sockets = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    sockets.add(connect(http, "/echo"));
                }
                Task<Void> stop = Heddle.spawn(() -> server.stop(LONG));
                Heddle.map(sockets, sockets.size(), WebSocket::receive)
                        .forEach(received -> assertEquals(Optional.empty(), received));
                stop.join();
            }
        });
    }

    @Test
    void lostConnectionIsALossForEach() {
        List<ByteStream> streams = new ArrayList<>();
        HttpClient.Builder client = HttpClient.builder().http2PriorKnowledge().connector((host, port) -> {
            streams.add(Tcp.connect(host, port));
            return streams.getLast();
        });
        play(builder, client, (server, http) -> {
            WebSocket first = connect(http, "/echo");
            WebSocket second = connect(http, "/echo");
            streams.getFirst().abort();
            assertEquals(1, streams.size());
            assertThrows(BrokenException.class, first::receive);
            assertThrows(BrokenException.class, () -> second.sendText("x"));
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
                    WebSocketOptions.DEFAULT.withCompression(false)).overHttp2().connect();
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
            try (Proxying gateway = Proxying.to(Upstreams.of("http://127.0.0.1:80"));
                    HttpServer _ = HttpServer.builder().any("/{path...}", gateway).start("127.0.0.1", 81);
                    WebSocket socket = http.webSocket("ws://127.0.0.1:81/echo").overHttp2().connect()) {
                socket.sendText("through");
                assertEquals("through", text(socket));
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
            assertEquals("page", http.get("http://127.0.0.1/").text());
        });
    }

    // ---- servers that do otherwise ----

    private interface Script {
        void play(FrameWire wire) throws Exception;
    }

    /** The first connection of a client is what the script says; the later ones lead to a server of this project. */
    private void against(int[] settings, Script script, Body body) {
        Sim.run(() -> {
            List<Task<Void>> playing = new ArrayList<>();
            HttpServer server = builder.build();
            HttpClient.Builder client = HttpClient.builder().http2PriorKnowledge().connector((host, port) -> {
                MemoryStreams.Pair pair = MemoryStreams.pair(1 << 20);
                boolean first = playing.isEmpty();
                playing.add(Heddle.currentLoop().spawn(() -> {
                    try (ByteStream right = pair.right()) {
                        if (first) {
                            script.play(FrameWire.server(right, settings));
                            right.readAll(1 << 20);
                        } else {
                            server.serve(right);
                        }
                    } catch (BrokenException | ClosedException e) {
                        // The client has ended the connection, as some tests want it to.
                    }
                }));
                return pair.left();
            });
            try (HttpClient http = client.build()) {
                body.run(server, http);
            }
            playing.forEach(Task::join);
        });
    }

    @Test
    void requestIsAConnectWithAProtocolAndNothingOfHttp1() {
        against(new int[]{8, 1}, wire -> {
            FrameWire.Frame head = wire.read(Http2Frame.HEADERS);
            Map<String, String> fields = wire.fields(head);
            assertFalse(head.ends());
            assertEquals(List.of(":method", ":protocol", ":scheme", ":authority", ":path"),
                    fields.keySet().stream().limit(5).toList());
            assertEquals(List.of("CONNECT", "websocket", "http", "site", "/x"),
                    fields.values().stream().limit(5).toList());
            assertEquals("13", fields.get("sec-websocket-version"));
            assertFalse(fields.containsKey("sec-websocket-key"));
            assertFalse(fields.containsKey("upgrade"));
            // What it says of a length means nothing: RFC 9110, section 9.3.6.
            wire.head(1, false, ":status", "200", "content-length", "1");
            wire.data(1, "\u0081\u0002hi", false);
            assertEquals(0x80, wire.read(Http2Frame.DATA).payload()[1] & 0x80, "a frame of a client is masked");
        }, (server, http) -> {
            WebSocket socket = http.webSocket("ws://site/x").options(WebSocketOptions.DEFAULT.withCompression(false))
                    .overHttp2().connect();
            assertEquals("hi", text(socket));
            socket.sendText("and you");
            socket.abort();
        });
    }

    @Test
    void serverThatDoesNotAllowItGetsAConnectionOfHttp1() {
        against(new int[0], wire -> {}, (server, http) -> {
            try (WebSocket socket = http.webSocket("ws://site/who").overHttp2().connect()) {
                assertEquals("GET HTTP/1.1 true 0", text(socket));
            }
        });
    }

    @Test
    void streamThatIsRefusedIsAskedForOverHttp1() {
        for (Http2Error error : List.of(Http2Error.REFUSED_STREAM, Http2Error.HTTP_1_1_REQUIRED)) {
            against(new int[]{8, 1}, wire -> {
                wire.fields(wire.read(Http2Frame.HEADERS));
                wire.reset(1, error);
            }, (server, http) -> {
                try (WebSocket socket = http.webSocket("ws://site/who").overHttp2().connect()) {
                    assertEquals("GET HTTP/1.1 true 0", text(socket));
                }
            });
        }
    }

    @Test
    void consentThatEndsTheStreamIsNone() {
        against(new int[]{8, 1}, wire -> {
            wire.fields(wire.read(Http2Frame.HEADERS));
            wire.head(1, true, ":status", "200");
        }, (server, http) -> assertThrows(BadReplyException.class,
                () -> http.webSocket("ws://site/").overHttp2().connect()));
    }

    @Test
    void subprotocolThatWasNotOfferedIsRefused() {
        against(new int[]{8, 1}, wire -> {
            wire.fields(wire.read(Http2Frame.HEADERS));
            wire.head(1, false, ":status", "200", "sec-websocket-protocol", "other");
            assertEquals(Http2Error.CANCEL, wire.untilReset(1));
        }, (server, http) -> assertThrows(BadReplyException.class,
                () -> http.webSocket("ws://site/").overHttp2().connect()));
    }

    @Test
    void settingThatIsNeitherOrTakenBackIsAFault() {
        against(new int[]{8, 2}, wire -> assertEquals(Http2Error.PROTOCOL_ERROR, wire.untilGone()),
                (server, http) -> http.webSocket("ws://site/echo").overHttp2().connect().close());
        against(new int[]{8, 1}, wire -> {
            wire.fields(wire.read(Http2Frame.HEADERS));
            wire.settings(8, 0);
            assertEquals(Http2Error.PROTOCOL_ERROR, wire.untilGone());
        }, (server, http) -> assertThrows(BrokenException.class,
                () -> http.webSocket("ws://site/").overHttp2().connect()));
    }

    @Test
    void serverThatNeverSaysWhatItAllowsIsLate() {
        Sim.run(() -> {
            MemoryStreams.Pair pair = MemoryStreams.pair(1 << 20);
            try (HttpClient http = HttpClient.builder().http2PriorKnowledge().connector((host, port) -> pair.left())
                    .build()) {
                assertThrows(DeadlineExceededException.class, () -> http.webSocket("ws://site/").overHttp2()
                        .timeout(Duration.ofSeconds(2)).connect());
            }
            pair.right().close();
        });
    }
}
