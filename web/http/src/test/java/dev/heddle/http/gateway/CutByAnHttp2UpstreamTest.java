package dev.heddle.http.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Promise;
import dev.heddle.Task;
import dev.heddle.engine.Engines;
import dev.heddle.http.FrameWire;
import dev.heddle.http.RawPeer;
import dev.heddle.http.RawPeer.Deed;
import dev.heddle.http.StreamDeed;
import dev.heddle.http.client.ClientTimeouts;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.gateway.CutThroughAGatewayTest.Client;
import dev.heddle.http.internal.http2.Http2Frame;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.ServerLimits;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Listener;
import dev.heddle.net.Tcp;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A gateway in front of an upstream of HTTP/2: a response whose stream or connection is cut is cut for its client, one
 * that ended first is whole, and whoever leaves has the stream reset.
 */
@Timeout(60)
@Tag("full")
final class CutByAnHttp2UpstreamTest {

    private static final Duration PATIENCE = Duration.ofMillis(100);

    /** What the upstream does with its connection. */
    private interface Script {
        void play(FrameWire wire) throws Exception;
    }

    private interface Visit {
        void play(int port) throws Exception;
    }

    private static void run(String engine, Duration read, Script upstream, Visit visit) {
        Heddle.run(Config.DEFAULT.withSignals(false).withEngine(Engines.named(engine)), () -> {
            try (Listener listener = Tcp.listen(0)) {
                Task<Void> serving = Heddle.spawn("upstream", () -> {
                    try (ByteStream stream = listener.accept()) {
                        upstream.play(FrameWire.server(stream));
                        stream.readAll(1 << 30);
                    } catch (BrokenException | ClosedException gone) {
                        // By its own deed, or the gateway's.
                    }
                });
                pass("http://127.0.0.1:" + listener.port(), read, visit);
                serving.join();
            }
        });
    }

    private static void pass(String upstream, Duration read, Visit visit) throws Exception {
        try (HttpClient http = HttpClient.builder().http2PriorKnowledge().build();
                Proxying gateway = Proxying.to(Upstreams.of(upstream), http).withRetries(0)
                        .withTimeouts(ClientTimeouts.DEFAULT.withRead(read))) {
            HttpServer server = HttpServer.builder().any("/", gateway)
                    .limits(ServerLimits.DEFAULT.withMaxBodyBytes(2L * CutThroughAGatewayTest.MORE_THAN_BUFFERED)
                            .withLingerTime(Duration.ofMillis(10)))
                    .start("127.0.0.1", 0);
            visit.play(server.port());
            while (gateway.statistics().getFirst().inFlight() > 0 || server.statistics().inFlight() > 0) {
                Heddle.sleep(Duration.ofMillis(1));
            }
            server.stop(Duration.ZERO);
        }
    }

    // ---- down ----

    static Stream<Arguments> cells() {
        return CutThroughAGatewayTest.engines()
                .flatMap(engine -> Stream.of(Client.values()).map(client -> Arguments.of(engine, client)));
    }

    @ParameterizedTest
    @MethodSource("cells")
    void responseThatIsCutIsCutForTheClientToo(String engine, Client client) {
        for (StreamDeed deed : StreamDeed.values()) {
            boolean silent = deed == StreamDeed.SILENCE;
            if (deed == StreamDeed.END && client == Client.HTTP_1_1_IN_A_BODY) {
                continue; // The upstream takes the rest of the body, so all wait for the silent client.
            }
            for (boolean clientHasSome : silent ? new boolean[]{false} : new boolean[]{true, false}) {
                var arrived = new Promise<String>();
                run(engine, silent ? PATIENCE : ClientTimeouts.DEFAULT.read(), wire -> {
                    wire.read(Http2Frame.HEADERS);
                    deed.begin(wire);
                    if (clientHasSome) {
                        arrived.join();
                    }
                    deed.play(wire);
                }, port -> {
                    String what = deed + ", " + clientHasSome;
                    String seen = client.ask(port, arrived);
                    if (deed.failure() == null) {
                        assertEquals("whole", seen, what);
                    } else if (clientHasSome) {
                        assertEquals("cut", seen, what);
                    } else {
                        // A gateway that has passed nothing on yet says so instead.
                        assertTrue(List.of("cut", "502", "504").contains(seen), what + ": " + seen);
                    }
                });
            }
        }
    }

    // ---- up ----

    /** What of a request its client has sent, and what of that is the body's. */
    enum Request {
        LENGTH("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf", "half"),
        CHUNKED("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", "half"),
        WHOLE("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody", "body|end"),
        NO_BODY("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "|end");

        private final String text;
        private final String arrives;

        Request(String text, String arrives) {
            this.text = text;
            this.arrives = arrives;
        }
    }

    static Stream<Arguments> requests() {
        return CutThroughAGatewayTest.engines()
                .flatMap(engine -> Stream.of(Request.values()).map(request -> Arguments.of(engine, request)));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void clientThatLeavesHasItsStreamResetAndItsBodyStaysCut(String engine, Request request) {
        for (Deed deed : List.of(Deed.END, Deed.HALF_CLOSE, Deed.RESET)) {
            for (boolean answered : new boolean[]{false, true}) {
                var arrived = new Promise<String>();
                var seen = new Promise<String>();
                run(engine, ClientTimeouts.DEFAULT.read(), wire -> {
                    String body = "";
                    while (!body.equals(request.arrives)) {
                        body += told(wire.read());
                    }
                    if (answered) {
                        wire.head(1, false, ":status", "200").data(1, "a", false);
                    }
                    arrived.complete(body);
                    while (!body.endsWith("|reset")) {
                        body += told(wire.read());
                    }
                    seen.complete(body);
                }, port -> {
                    RawPeer client = RawPeer.connect(port).send(request.text);
                    arrived.join();
                    if (answered) {
                        client.head();
                    }
                    client.act(deed);
                    assertEquals(request.arrives + "|reset", seen.join(), request + " " + deed);
                    client.close();
                });
            }
        }
    }

    /** What a frame of the request's stream says of its body. */
    private static String told(FrameWire.Frame frame) {
        if (frame.is(Http2Frame.RST_STREAM, 1)) {
            return "|reset";
        }
        boolean isData = frame.is(Http2Frame.DATA, 1);
        String end = (isData || frame.is(Http2Frame.HEADERS, 1)) && frame.ends() ? "|end" : "";
        return (isData ? frame.text() : "") + end;
    }

    /** An upload for which no window opens waits until the upstream is lost, or late. */
    @ParameterizedTest
    @MethodSource("losses")
    void blockedUploadEndsWithItsUpstream(String engine, StreamDeed deed) {
        boolean silent = deed == StreamDeed.SILENCE;
        run(engine, silent ? PATIENCE : ClientTimeouts.DEFAULT.read(), wire -> {
            for (int came = 0; came < 65_535;) {
                FrameWire.Frame frame = wire.read();
                came += frame.is(Http2Frame.DATA, 1) ? frame.payload().length : 0;
            }
            deed.play(wire);
        }, port -> {
            String status = CutThroughAGatewayTest.statusOfABlockedUpload(port);
            assertTrue(status.startsWith(silent ? "HTTP/1.1 504" : "HTTP/1.1 502"), status);
        });
    }

    static Stream<Arguments> losses() {
        return CutThroughAGatewayTest.engines().flatMap(engine -> Stream.of(
                StreamDeed.RESET, StreamDeed.END_OF_THE_CONNECTION, StreamDeed.RESET_OF_THE_CONNECTION,
                StreamDeed.GOAWAY_AND_THE_END, StreamDeed.SILENCE).map(deed -> Arguments.of(engine, deed)));
    }
}
