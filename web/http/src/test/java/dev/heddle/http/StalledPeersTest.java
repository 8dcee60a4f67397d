package dev.heddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.CancelScope;
import dev.heddle.ClosedException;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.engine.Engines;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.gateway.Proxying;
import dev.heddle.http.gateway.Upstreams;
import dev.heddle.http.internal.http2.Http2Frame;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.http.server.ServerLimits;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MemoryStreams;
import dev.heddle.sim.Sim;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Peers that give or take nothing, a byte a minute, or all but the rest: however quick they were before, none has a
 * connection or a stream for longer than the limits on silence say. In virtual time.
 */
final class StalledPeersTest {

    private static final int MEGABYTE = 1_000_000;
    private static final int INITIAL_WINDOW = 65_535;

    /** Longest silence by default, and a little. */
    private static final Duration LIMIT = Duration.ofSeconds(30 + 5);

    /** The same where the heartbeat of a WebSocket finds it: ping, pong, and the time between two looks. */
    private static final Duration SOCKET_LIMIT = Duration.ofSeconds(30 + 20 + 20 + 5);

    /** What the peer does after a quick start. */
    enum Manner {
        NOTHING(0),
        BYTE_A_MINUTE(60);

        /** Until its last byte, which the silence begins behind. */
        private final int lastByteSeconds;

        Manner(int lastByteSeconds) {
            this.lastByteSeconds = lastByteSeconds;
        }

        /** Goes on so until the connection is over. */
        void stall(ThrowingRunnable byteMore) throws Exception {
            while (true) {
                Heddle.sleep(Duration.ofMinutes(1));
                if (this == BYTE_A_MINUTE) {
                    byteMore.run();
                }
            }
        }
    }

    private interface ThrowingRunnable {
        void run() throws Exception;
    }

    /** What is carried. */
    enum Path {
        UPLOAD("POST /up HTTP/1.1\r\nHost: a\r\nContent-Length: 5000000\r\n\r\n", true),
        CHUNKED_UPLOAD("POST /up HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4c4b40\r\n", true),
        RESPONSE("GET /big HTTP/1.1\r\nHost: a\r\n\r\n", false),
        STREAM("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n", false),
        EVENTS("GET /events HTTP/1.1\r\nHost: a\r\n\r\n", false),
        SOCKET("GET /socket HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", false);

        private final String request;
        private final boolean isUp;

        Path(String request, boolean isUp) {
            this.request = request;
            this.isUp = isUp;
        }
    }

    private static HttpServer.Builder server() {
        return HttpServer.builder()
                .post("/up", request -> Response.text("" + request.bytes(8 * MEGABYTE).length))
                .get("/big", request -> Response.bytes("a/b", new byte[20 * MEGABYTE]))
                .get("/endless", request -> Response.stream("a/b", out -> {
                    while (true) {
                        out.write(new byte[8192]);
                    }
                }))
                .get("/events", request -> Response.events(events -> {
                    while (true) {
                        events.send("x".repeat(8192));
                    }
                }))
                .webSocket("/socket", (request, socket) -> {
                    while (true) {
                        socket.sendText("x".repeat(8192));
                        // Else no time would pass while the gateway reads on to the close.
                        Heddle.sleep(Duration.ofMillis(1));
                    }
                });
    }

    private static HttpServer behindGateway(HttpServer upstream) {
        HttpClient http = HttpClient.builder().connector((host, port) -> {
            MemoryStreams.Pair pair = MemoryStreams.pair();
            Heddle.currentLoop().spawn(() -> upstream.serve(pair.right()));
            return pair.left();
        }).build();
        return HttpServer.builder().any("/{path...}", Proxying.to(Upstreams.of("http://up"), http)).build();
    }

    static Stream<Arguments> direct() {
        return cases(false);
    }

    static Stream<Arguments> throughAGateway() {
        return cases(true);
    }

    private static Stream<Arguments> cases(boolean gateway) {
        List<Arguments> all = new ArrayList<>();
        for (Path path : Path.values()) {
            for (Manner manner : Manner.values()) {
                for (int quick : new int[]{0, 5 * MEGABYTE - 1}) {
                    all.add(Arguments.of(path, manner, quick, gateway));
                }
            }
        }
        return all.stream();
    }

    /** How long the connection lives after the peer has stalled. */
    private static Duration life(HttpServer server, Path path, Manner manner, int quick) throws Exception {
        try (MemoryStreams.Pair pair = MemoryStreams.pair()) {
            Task<Void> connection = Heddle.currentLoop().spawn(() -> server.serve(pair.right()));
            ByteStream peer = pair.left();
            peer.write(path.request);
            for (int left = quick; left > 0;) {
                int count = Math.min(left, 8192);
                if (path.isUp) {
                    peer.write(new byte[count]);
                } else {
                    byte[] piece = new byte[count];
                    count = peer.read(piece);
                    assertTrue(count > 0, "over too early");
                }
                left -= count;
            }
            long start = Heddle.currentLoop().nanoTime();
            Task<Void> stalling = Heddle.currentLoop().spawn(() -> {
                try {
                    manner.stall(() -> {
                        if (path.isUp) {
                            peer.write("x");
                        } else {
                            peer.read(new byte[1]);
                        }
                    });
                } catch (BrokenException | ClosedException over) {
                    // The other side has given it up.
                }
            });
            Heddle.moveOnAfter(Duration.ofHours(5), () -> {
                connection.join();
            });
            stalling.cancel();
            return Duration.ofNanos(Heddle.currentLoop().nanoTime() - start);
        }
    }

    @ParameterizedTest
    @MethodSource("throughAGateway")
    @Tag("full")
    void connectionOfAGatewayIsOverSoonAfterItsPeerStalls(Path path, Manner manner, int quick, boolean gateway) {
        connectionIsOverSoonAfterItsPeerStalls(path, manner, quick, gateway);
    }

    @ParameterizedTest
    @MethodSource("direct")
    void connectionIsOverSoonAfterItsPeerStalls(Path path, Manner manner, int quick, boolean gateway) {
        Sim.run(() -> {
            HttpServer upstream = server().build();
            HttpServer asked = gateway ? behindGateway(upstream) : upstream;
            CancelScope.open(scope -> {
                Duration life = life(asked, path, manner, quick);
                Duration limit = (path == Path.SOCKET ? SOCKET_LIMIT : LIMIT).plusSeconds(manner.lastByteSeconds);
                assertTrue(life.compareTo(limit) <= 0, "lived for " + life);
                scope.cancel("done");
            });
        });
    }

    @Test
    void silentPeersAreCutAfterTheStallTimeItself() {
        Sim.run(() -> {
            ServerLimits shorter = ServerLimits.DEFAULT.withStallTime(Duration.ofSeconds(7));
            for (var each : Map.of(30, ServerLimits.DEFAULT, 7, shorter).entrySet()) {
                HttpServer server = server().limits(each.getValue()).build();
                for (Path path : List.of(Path.UPLOAD, Path.CHUNKED_UPLOAD, Path.RESPONSE, Path.STREAM, Path.EVENTS)) {
                    Duration life = life(server, path, Manner.NOTHING, 5 * MEGABYTE - 1);
                    // A 408 has two seconds more to arrive.
                    assertEquals(each.getKey() + (path.isUp ? 2 : 0), life.toSeconds(), path + " lived for " + life);
                }
            }
        });
    }

    static Stream<String> enginesThatCanTell() {
        return Engines.offers().stream().filter(offer -> offer.whyNot().isEmpty()).map(Engines.Offer::name)
                .filter(name -> !name.equals("nio"));
    }

    /**
     * The server's buffer in the system holds megabytes: room is made in it only when a third is gone. The peer's is told
     * its size, since the system may give it tens of megabytes, and acknowledges a sixteenth of it at once.
     */
    @ParameterizedTest
    @MethodSource("enginesThatCanTell")
    @Tag("full")
    void readerThatIsSlowButSteadyIsNoSilentOne(String engine) {
        Heddle.run(Config.DEFAULT.withSignals(false).withEngine(Engines.named(engine)), () -> {
            try (HttpServer started = server().limits(ServerLimits.DEFAULT.withStallTime(Duration.ofSeconds(4)))
                    .start("127.0.0.1", 0);
                    var peer = new Socket()) {
                peer.setReceiveBufferSize(200_000);
                Heddle.offload(() -> {
                    peer.connect(new InetSocketAddress("127.0.0.1", started.port()));
                    peer.getOutputStream().write(Path.STREAM.request.getBytes(StandardCharsets.US_ASCII));
                });
                for (int i = 0; i < 120; i++) {
                    assertEquals(20_000, Heddle.offload(() -> peer.getInputStream().readNBytes(20_000).length));
                    Heddle.sleep(Duration.ofMillis(100));
                }
                assertEquals(1, started.statistics().connections());
                Heddle.timeout(Duration.ofSeconds(30), () -> {
                    while (started.statistics().connections() > 0) {
                        Heddle.sleep(Duration.ofMillis(100));
                    }
                });
            }
        });
    }

    /** What this class is to find, planted. */
    @Test
    void creditWithoutACapIsFound() {
        Sim.run(() -> {
            HttpServer uncapped = server().limits(ServerLimits.DEFAULT.withStallTime(Duration.ofDays(1000))).build();
            for (Path path : List.of(Path.UPLOAD, Path.RESPONSE)) {
                Duration life = life(uncapped, path, Manner.NOTHING, 5 * MEGABYTE - 1);
                assertTrue(life.compareTo(Duration.ofHours(2)) > 0, path + " lived for " + life);
            }
        });
    }

    /** Of HTTP/2: a stream that stalls ends, and its connection serves others. */
    enum Stream2 {
        UPLOAD,
        NARROW_WINDOW,
        WIDE_WINDOW
    }

    static Stream<Arguments> streams() {
        return Stream.of(Stream2.values())
                .flatMap(stream -> Stream.of(Manner.values()).map(manner -> Arguments.of(stream, manner)));
    }

    @ParameterizedTest
    @MethodSource("streams")
    void streamIsOverSoonAfterItsPeerStalls(Stream2 kind, Manner manner) {
        FrameWire.raw(server(), wire -> {
            wire.begin(4, kind == Stream2.WIDE_WINDOW ? Integer.MAX_VALUE : INITIAL_WINDOW);
            if (kind == Stream2.UPLOAD) {
                wire.post(1, "/up", "content-length", "5000000");
                upload(wire);
            } else {
                wire.window(0, Integer.MAX_VALUE - INITIAL_WINDOW).get(1, "/big");
                take(wire, kind == Stream2.NARROW_WINDOW);
            }
            long start = Heddle.currentLoop().nanoTime();
            Task<Void> stalling = Heddle.currentLoop().spawn(() -> manner.stall(() -> {
                if (kind == Stream2.UPLOAD) {
                    wire.data(1, "x", false);
                } else {
                    wire.window(1, kind == Stream2.NARROW_WINDOW ? 1 : 0);
                }
            }));
            if (kind == Stream2.WIDE_WINDOW) {
                wire.connection.join();
            } else {
                untilOver(wire);
            }
            stalling.cancel();
            Duration life = Duration.ofNanos(Heddle.currentLoop().nanoTime() - start);
            Duration limit = LIMIT.plusSeconds(manner.lastByteSeconds);
            assertTrue(life.compareTo(limit) <= 0, "lived for " + life);
            if (manner == Manner.NOTHING) {
                // Of an upload nothing has come, so its average ends it before its silence would.
                assertEquals(kind == Stream2.UPLOAD ? 20 : 30, life.toSeconds(), "lived for " + life);
            }
        });
    }

    private static void upload(FrameWire wire) {
        Heddle.currentLoop().spawn(() -> {
            try {
                while (true) {
                    wire.read();
                }
            } catch (BrokenException | ClosedException over) {
                // The test is over.
            }
        });
    }

    private static void take(FrameWire wire, boolean narrow) {
        for (int left = 5 * MEGABYTE; left > 0;) {
            FrameWire.Frame frame = wire.read();
            int count = frame.type() == Http2Frame.DATA ? frame.payload().length : 0;
            left -= count;
            if (narrow && count > 0) {
                wire.window(1, count);
            }
        }
    }

    private static void untilOver(FrameWire wire) {
        FrameWire.Frame frame = wire.read();
        while (frame.type() != Http2Frame.RST_STREAM && !(frame.type() == Http2Frame.HEADERS)) {
            frame = wire.read();
        }
    }
}
