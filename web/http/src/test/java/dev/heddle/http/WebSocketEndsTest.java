package dev.heddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.heddle.ClosedException;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.Promise;
import dev.heddle.Task;
import dev.heddle.engine.Engines;
import dev.heddle.http.RawPeer.Deed;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Proxy;
import dev.heddle.http.internal.http2.Http2Error;
import dev.heddle.http.internal.http2.Http2Frame;
import dev.heddle.http.internal.websocket.AcceptKey;
import dev.heddle.http.internal.websocket.CloseCodes;
import dev.heddle.http.internal.websocket.FrameHead;
import dev.heddle.http.server.HttpServer;
import dev.heddle.io.MemoryStreams;
import dev.heddle.sim.Sim;
import dev.heddle.sync.Event;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Only a close of the peer ends a WebSocket in order; what ends without one is a loss (RFC 6455, section 7.1), told to
 * each task that waits and to each later call: on both sides, on each engine and on streams of HTTP/2.
 */
@Timeout(60)
final class WebSocketEndsTest {

    private static final byte[] NOTHING = {};

    // ---- what must come out ----

    /** How the connection, or the stream, ends. */
    enum End {
        CLOSE_FRAME(true, 0, Deed.END),
        CLOSE_FRAME_BEFORE_A_RESET(true, 0, Deed.RESET),
        END(false, 0, Deed.END),
        HALF_CLOSE(false, 0, Deed.HALF_CLOSE),
        RESET(false, 0, Deed.RESET),
        END_IN_A_FRAME(false, 1, Deed.END),
        HALF_CLOSE_BETWEEN_FRAMES(false, 3, Deed.HALF_CLOSE),
        RESET_IN_A_FRAME(false, 1, Deed.RESET);

        private final boolean inOrder;
        private final int begun;
        private final Deed deed;

        End(boolean inOrder, int begun, Deed deed) {
            this.inOrder = inOrder;
            this.begun = begun;
            this.deed = deed;
        }

        void play(Far far) throws Exception {
            if (inOrder) {
                far.frame(0x88, CloseCodes.payload(1000, ""));
            } else if (begun > 0) {
                // A part of a message in frames: maybe the first, which may be whole.
                byte[] frame = far.bytes(0x01, "abc");
                far.send(begun == 3 ? frame : java.util.Arrays.copyOf(frame, frame.length - 2));
            }
            far.act(deed);
        }

        String received() {
            return inOrder ? "closed" : "BrokenException";
        }

        String sent() {
            return inOrder ? "ClosedException" : "BrokenException";
        }
    }

    /** What our side does when the end comes. */
    enum Call {
        RECEIVE {
            @Override
            boolean isClosed(WebSocket socket) {
                return socket.receive().isEmpty();
            }
        },
        RECEIVE_STREAM {
            @Override
            boolean isClosed(WebSocket socket) {
                var message = socket.receiveStream();
                if (message.isPresent()) {
                    byte[] all = new byte[100];
                    int came = message.get().read(all, 0, 100);
                    while (came >= 0) {
                        came = message.get().read(all, 0, 100);
                    }
                    throw new AssertionError("a cut message was given as a whole one");
                }
                return true;
            }
        },
        ITERATE {
            @Override
            boolean isClosed(WebSocket socket) {
                return !socket.iterator().hasNext();
            }
        },
        AWAIT_CLOSE {
            @Override
            boolean isClosed(WebSocket socket) {
                socket.awaitClose();
                return true;
            }
        };

        abstract boolean isClosed(WebSocket socket);

        String outcome(WebSocket socket) {
            try {
                return isClosed(socket) ? "closed" : "a message";
            } catch (HeddleException e) {
                return e.getClass().getSimpleName();
            }
        }
    }

    private static String message(WebSocket socket) {
        try {
            socket.receive();
            return "none";
        } catch (HeddleException e) {
            return e.getMessage();
        }
    }

    private static String sending(WebSocket socket) {
        try {
            while (true) {
                socket.sendText("x".repeat(1000));
                Heddle.checkpoint();
            }
        } catch (HeddleException e) {
            return e.getClass().getSimpleName();
        }
    }

    private static void assertEnds(Call call, End end, WebSocket socket, Far far) throws Exception {
        far.frame(0x81, "hi".getBytes(StandardCharsets.UTF_8));
        assertEquals(new WebSocketMessage.Text("hi"), socket.receive().orElseThrow());
        Task<String> waiting = Heddle.spawn(() -> call.outcome(socket));
        Heddle.checkpoint();
        end.play(far);

        assertEquals(end.received(), waiting.join(), () -> message(socket));
        String first = message(socket);
        for (Call each : Call.values()) {
            assertEquals(end.received(), each.outcome(socket), each.name());
            assertEquals(end.sent(), sending(socket), "a send behind " + each);
            assertEquals(first, message(socket));
        }
        assertEquals(OptionalInt.of(end.inOrder ? 1000 : 1006), socket.closeCode());
        assertFalse(socket.isOpen());
        socket.close();
    }

    /** A writer that learns of a loss first. */
    private static void assertWriterIsTold(End end, WebSocket socket, Far far) throws Exception {
        end.play(far);
        assertEquals("BrokenException", sending(socket));
        assertEquals("BrokenException", sending(socket));
        assertFalse(socket.isOpen(), "known to be lost");
        for (Call each : Call.values()) {
            assertEquals("BrokenException", each.outcome(socket), each.name());
            assertEquals("BrokenException", sending(socket), "a send behind " + each);
        }
        assertEquals(OptionalInt.of(1006), socket.closeCode());
        socket.close();
    }

    private interface Check {
        void run(WebSocket socket, Far far) throws Exception;
    }

    // ---- the far end ----

    /** The peer, byte by byte. */
    private abstract static class Far {

        private final boolean masks;

        Far(boolean masks) {
            this.masks = masks;
        }

        abstract void send(byte[] bytes) throws IOException;

        abstract void act(Deed deed) throws IOException;

        /** Waits until some of what the other end sends is here. */
        abstract void awaitBytes() throws IOException;

        byte[] bytes(int first, String text) {
            return bytes(first, text.getBytes(StandardCharsets.UTF_8));
        }

        byte[] bytes(int first, byte[] payload) {
            if (masks) {
                return FramePeer.frame(first, payload);
            }
            byte[] head = new byte[FrameHead.MAX_BYTES];
            int size = FrameHead.write(head, first, payload.length, false, 0);
            return FramePeer.join(java.util.Arrays.copyOf(head, size), payload);
        }

        void frame(int first, byte[] payload) throws IOException {
            send(bytes(first, payload));
        }
    }

    private static final class Raw extends Far {

        private final RawPeer peer;

        Raw(RawPeer peer, boolean masks) {
            super(masks);
            this.peer = peer;
        }

        @Override
        void send(byte[] bytes) throws IOException {
            peer.send(bytes);
        }

        @Override
        void act(Deed deed) throws IOException {
            peer.act(deed);
            Heddle.spawn("drain", peer::drain);
        }

        @Override
        void awaitBytes() throws IOException {
            peer.next();
        }
    }

    private static final class OnStream extends Far {

        private final FrameWire wire;
        private final boolean whole;

        /**
         * @param whole whether the connection ends, and not only the stream
         */
        OnStream(FrameWire wire, boolean masks, boolean whole) {
            super(masks);
            this.wire = wire;
            this.whole = whole;
        }

        @Override
        void send(byte[] bytes) {
            wire.frame(Http2Frame.DATA, 0, 1, bytes);
        }

        @Override
        void act(Deed deed) {
            if (deed == Deed.RESET && whole) {
                wire.stream.abort();
            } else if (deed == Deed.RESET) {
                wire.reset(1, Http2Error.CANCEL);
            } else if (whole && deed == Deed.END) {
                wire.stream.closeOutput();
            } else {
                wire.frame(Http2Frame.DATA, 1, 1, NOTHING);
            }
            if (wire.stream.isOpen()) {
                Heddle.spawn("drain", () -> {
                    try {
                        wire.stream.readAll(1 << 30);
                    } catch (HeddleException gone) {
                        // As the test wants it.
                    }
                });
            }
        }

        @Override
        void awaitBytes() {
            wire.read(Http2Frame.DATA);
        }
    }

    /** Where the socket under test is. */
    enum Side {
        SERVER {
            @Override
            void play(Check check) throws Exception {
                var opened = new Promise<WebSocket>();
                var done = Event.named("the test is over");
                try (HttpServer server = server(opened, done).start("127.0.0.1", 0)) {
                    RawPeer peer = RawPeer.connect(server.port()).send(FramePeer.request("/"));
                    peer.head();
                    try {
                        check.run(opened.join(), new Raw(peer, true));
                    } finally {
                        done.set();
                        peer.close();
                    }
                }
            }
        },
        CLIENT {
            @Override
            void play(Check check) throws Exception {
                playClient(check, false);
            }
        },
        CLIENT_THROUGH_A_TUNNEL {
            @Override
            void play(Check check) throws Exception {
                playClient(check, true);
            }
        },
        SERVER_OF_HTTP2 {
            @Override
            void play(Check check) {
                for (boolean whole : new boolean[]{false, true}) {
                    var opened = new Promise<WebSocket>();
                    var done = Event.named("the test is over");
                    FrameWire.play(server(opened, done), wire -> {
                        wire.head(1, false, ":method", "CONNECT", ":protocol", "websocket", ":scheme", "http",
                                ":authority", "site", ":path", "/", "sec-websocket-version", "13");
                        wire.read(Http2Frame.HEADERS);
                        check.run(opened.join(), new OnStream(wire, true, whole));
                        done.set();
                    });
                }
            }
        },
        CLIENT_OF_HTTP2 {
            @Override
            void play(Check check) {
                for (boolean whole : new boolean[]{false, true}) {
                    Sim.run(() -> {
                        var wires = new Promise<FrameWire>();
                        var done = Event.named("the test is over");
                        try (HttpClient http = HttpClient.builder().http2PriorKnowledge().connector((host, port) -> {
                            MemoryStreams.Pair pair = MemoryStreams.pair(1 << 20);
                            Heddle.currentLoop().spawn(() -> {
                                FrameWire wire = FrameWire.server(pair.right(), 8, 1);
                                wire.read(Http2Frame.HEADERS);
                                wire.head(1, false, ":status", "200");
                                wires.complete(wire);
                                done.await();
                                pair.right().close();
                            });
                            return pair.left();
                        }).build()) {
                            WebSocket socket = http.webSocket("ws://site/").options(OPTIONS).sharingConnection()
                                    .connect();
                            check.run(socket, new OnStream(wires.join(), false, whole));
                            done.set();
                        }
                    });
                }
            }
        };

        private static final WebSocketOptions OPTIONS = WebSocketOptions.DEFAULT.withCompression(false)
                .withCloseTimeout(Duration.ofSeconds(5)).withMaxFrameBytes(50_000_000).withMaxMessageBytes(50_000_000);

        abstract void play(Check check) throws Exception;

        /** Plays the server, and the proxy before it, to which a client's CONNECT goes. */
        private static void playClient(Check check, boolean tunnel) throws Exception {
            var peers = new Promise<RawPeer>();
            try (var server = new RawPeer.Server(peer -> {
                if (tunnel) {
                    peer.head();
                    peer.send("HTTP/1.1 200 OK\r\n\r\n");
                }
                String head = peer.head();
                String key = head.replaceAll("(?is).*sec-websocket-key: *([^\\r]+)\\r.*", "$1");
                peer.send("HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Accept: " + AcceptKey.acceptFor(key) + "\r\n\r\n");
                peers.complete(peer);
            });
                    HttpClient direct = HttpClient.create();
                    HttpClient proxied = HttpClient.builder().proxy(Proxy.http("127.0.0.1", server.port())).build()) {
                String url = tunnel ? "ws://site.example/" : server.url().replace("http", "ws") + "/";
                WebSocket socket = (tunnel ? proxied : direct).webSocket(url).options(OPTIONS).connect();
                check.run(socket, new Raw(peers.join(), false));
            }
        }

        /** Hands its socket to the test. */
        private static HttpServer.Builder server(Promise<WebSocket> opened, Event done) {
            return HttpServer.builder().webSocket("/", OPTIONS, (request, socket) -> {
                opened.complete(socket);
                done.await();
            });
        }

        void run(String engine, Check check) throws Exception {
            if (engine.isEmpty()) {
                play(check);
            } else {
                Heddle.run(Config.DEFAULT.withSignals(false).withEngine(Engines.named(engine)), () -> play(check));
            }
        }
    }

    static Stream<Arguments> places() {
        return Stream.concat(
                Engines.offers().stream().filter(offer -> offer.whyNot().isEmpty()).map(Engines.Offer::name)
                        .flatMap(engine -> Stream.of(Side.SERVER, Side.CLIENT, Side.CLIENT_THROUGH_A_TUNNEL)
                                .map(side -> Arguments.of(engine, side))),
                Stream.of(Arguments.of("", Side.SERVER_OF_HTTP2), Arguments.of("", Side.CLIENT_OF_HTTP2)));
    }

    static Stream<Arguments> cells() {
        return places().flatMap(place -> Stream.of(End.values())
                .map(end -> Arguments.of(place.get()[0], place.get()[1], end)));
    }

    @ParameterizedTest
    @MethodSource("cells")
    void endIsInOrderOrALossForEachWhoWaitsAndEachLaterCall(String engine, Side side, End end) throws Exception {
        for (Call call : Call.values()) {
            side.run(engine, (socket, far) -> assertEnds(call, end, socket, far));
        }
    }

    @ParameterizedTest
    @MethodSource("places")
    void writerThatLearnsOfALossFirstIsToldAtEachSend(String engine, Side side) throws Exception {
        side.run(engine, (socket, far) -> assertWriterIsTold(End.RESET, socket, far));
    }

    @ParameterizedTest
    @MethodSource("places")
    void readerAndBlockedWriterBothLearnOfALoss(String engine, Side side) throws Exception {
        side.run(engine, (socket, far) -> {
            Task<String> reader = Heddle.spawn(() -> Call.RECEIVE.outcome(socket));
            Task<String> writer = Heddle.spawn(() -> {
                try {
                    socket.sendBinary(new byte[30_000_000]);
                    return "sent";
                } catch (HeddleException e) {
                    return e.getClass().getSimpleName();
                }
            });
            far.awaitBytes();
            far.act(Deed.RESET);
            assertEquals("BrokenException", reader.join());
            assertEquals("BrokenException", writer.join());
            assertEquals("BrokenException", sending(socket));
        });
    }

    /** A caller that closes itself hears of that, and of no loss. */
    @ParameterizedTest
    @MethodSource("places")
    void ownAbortIsNoLoss(String engine, Side side) throws Exception {
        side.run(engine, (socket, far) -> {
            Task<String> waiting = Heddle.spawn(() -> Call.RECEIVE.outcome(socket));
            Heddle.checkpoint();
            socket.abort();
            String closed = ClosedException.class.getSimpleName();
            assertEquals(closed, waiting.join());
            assertEquals(closed, Call.RECEIVE.outcome(socket));
            assertEquals(closed, sending(socket));
        });
    }
}
