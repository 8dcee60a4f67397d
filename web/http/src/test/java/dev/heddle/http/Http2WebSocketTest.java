package dev.heddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.DeadlineExceededException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.conformance.LeavesNothing;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.internal.http2.Http2Error;
import dev.heddle.http.internal.http2.Http2Frame;
import dev.heddle.http.server.HttpServer;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MemoryStreams;
import dev.heddle.net.Tcp;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** WebSockets as streams of HTTP/2 (RFC 8441), with both sides of this project and in virtual time. */
@LeavesNothing
final class Http2WebSocketTest extends StreamWebSocketContract {

    private static final Duration LONG = Duration.ofSeconds(30);

    @Override
    protected String version() {
        return "HTTP/2";
    }

    @Override
    protected String origin() {
        return "http://127.0.0.1";
    }

    @Override
    protected HttpServer start(HttpServer.Builder server) {
        return server.start("127.0.0.1", 80);
    }

    @Override
    protected HttpClient client() {
        return HttpClient.builder().http2PriorKnowledge().build();
    }

    @Override
    protected long opened(HttpClient http) {
        return http.statistics().opened();
    }

    @Override
    protected String toldOfAReset() {
        return " is lost: the peer reset stream 3: CANCEL";
    }

    @Override
    protected Duration silence() {
        return Duration.ofDays(2);
    }

    private static void play(HttpServer.Builder server, HttpClient.Builder client, Body body) {
        Sim.run(() -> {
            try (HttpServer running = server.start("127.0.0.1", 80); HttpClient http = client.build()) {
                body.run(running, http);
            }
        });
    }

    // ---- refusals ----

    @Test
    void serverWithoutHttp2GetsAConnectionOfHttp1() {
        play(builder, HttpClient.builder(), (server, http) -> {
            try (WebSocket socket = connect(http, "/who")) {
                assertEquals("GET HTTP/1.1 true 0", text(socket));
            }
        });
    }

    // ---- ends ----

    /** A peer without a window, which never answers a ping. */
    @Test
    void peerThatTakesNothingIsGivenUp() {
        against(new int[]{8, 1, 4, 0}, wire -> {
            wire.fields(wire.read(Http2Frame.HEADERS));
            wire.head(1, false, ":status", "200");
            assertEquals(Http2Error.CANCEL, wire.untilReset(1));
        }, (server, http) -> {
            WebSocket socket = http.webSocket("ws://site/").sharingConnection().connect();
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
            WebSocket socket = http.webSocket("ws://site/").sharingConnection().connect();
            socket.sendText("nobody takes this");
            long begun = Heddle.currentLoop().nanoTime();
            socket.close();
            assertTrue(Heddle.currentLoop().nanoTime() - begun <= Duration.ofSeconds(6).toNanos());
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
                    .sharingConnection().connect();
            assertEquals("hi", text(socket));
            socket.sendText("and you");
            socket.abort();
        });
    }

    @Test
    void serverThatDoesNotAllowItGetsAConnectionOfHttp1() {
        against(new int[0], wire -> {}, (server, http) -> {
            try (WebSocket socket = http.webSocket("ws://site/who").sharingConnection().connect()) {
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
                try (WebSocket socket = http.webSocket("ws://site/who").sharingConnection().connect()) {
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
                () -> http.webSocket("ws://site/").sharingConnection().connect()));
    }

    @Test
    void subprotocolThatWasNotOfferedIsRefused() {
        against(new int[]{8, 1}, wire -> {
            wire.fields(wire.read(Http2Frame.HEADERS));
            wire.head(1, false, ":status", "200", "sec-websocket-protocol", "other");
            assertEquals(Http2Error.CANCEL, wire.untilReset(1));
        }, (server, http) -> assertThrows(BadReplyException.class,
                () -> http.webSocket("ws://site/").sharingConnection().connect()));
    }

    @Test
    void settingThatIsNeitherOrTakenBackIsAFault() {
        against(new int[]{8, 2}, wire -> assertEquals(Http2Error.PROTOCOL_ERROR, wire.untilGone()),
                (server, http) -> http.webSocket("ws://site/echo").sharingConnection().connect().close());
        against(new int[]{8, 1}, wire -> {
            wire.fields(wire.read(Http2Frame.HEADERS));
            wire.settings(8, 0);
            assertEquals(Http2Error.PROTOCOL_ERROR, wire.untilGone());
        }, (server, http) -> assertThrows(BrokenException.class,
                () -> http.webSocket("ws://site/").sharingConnection().connect()));
    }

    @Test
    void serverThatNeverSaysWhatItAllowsIsLate() {
        Sim.run(() -> {
            MemoryStreams.Pair pair = MemoryStreams.pair(1 << 20);
            try (HttpClient http = HttpClient.builder().http2PriorKnowledge().connector((host, port) -> pair.left())
                    .build()) {
                assertThrows(DeadlineExceededException.class, () -> http.webSocket("ws://site/").sharingConnection()
                        .timeout(Duration.ofSeconds(2)).connect());
            }
            pair.right().close();
        });
    }
}
