package dev.heddle.http.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Promise;
import dev.heddle.engine.Engines;
import dev.heddle.http.FrameWire;
import dev.heddle.http.RawPeer;
import dev.heddle.http.RawPeer.Deed;
import dev.heddle.http.client.ClientTimeouts;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.internal.http2.Http2Frame;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.ServerLimits;
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
 * What is cut on one side of a gateway is cut on the other, and never looks whole there: responses on their way down,
 * bodies on their way up; whoever leaves frees the other side.
 */
@Timeout(60)
@Tag("full")
final class CutThroughAGatewayTest {

    static final int MORE_THAN_BUFFERED = 30_000_000;
    private static final Duration PATIENCE = Duration.ofMillis(100);

    static Stream<String> engines() {
        return Engines.offers().stream().filter(offer -> offer.whyNot().isEmpty()).map(Engines.Offer::name);
    }

    // ---- down ----

    /** How the upstream says where its response ends, and what has come of it. */
    enum Framing {
        LENGTH("Content-Length: 100\r\n\r\n"),
        CHUNKED("Transfer-Encoding: chunked\r\n\r\n"),
        UNTIL_THE_END("Connection: close\r\n\r\n");

        private final String fields;

        Framing(String fields) {
            this.fields = fields;
        }

        String answer() {
            return "HTTP/1.1 200 OK\r\n" + fields + (this == CHUNKED ? "4\r\nhalf\r\n" : "half");
        }

        /** Whether a response is whole whose upstream has done this behind {@link #answer}. */
        boolean isWhole(Deed deed) {
            return this == UNTIL_THE_END && (deed == Deed.END || deed == Deed.HALF_CLOSE);
        }
    }

    /** The client of a gateway: what it asks, and whether what it got looks whole to it. */
    enum Client {
        HTTP_1_0("GET / HTTP/1.0\r\n\r\n"),
        HTTP_1_1("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
        HTTP_1_1_WITH_A_BODY("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbody"),
        HTTP_1_1_IN_A_BODY("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 100\r\n\r\nbody"),
        HTTP_2("");

        private final String request;

        Client(String request) {
            this.request = request;
        }

        /** Asks and reads to the end, and says what that was. */
        String ask(int port, Promise<String> arrived) throws Exception {
            if (this == HTTP_2) {
                return askByFrames(port, arrived);
            }
            RawPeer peer = RawPeer.connect(port).send(request);
            try {
                String head = peer.head();
                if (!head.startsWith("HTTP/1.1 200 ")) {
                    return head.substring(9, 12);
                }
                String body = "";
                for (int i = 0; !body.contains("half"); i++) {
                    body += peer.next();
                }
                arrived.complete(body);
                body += peer.rest();
                boolean endsWithIt = !head.contains("Content-Length") && !head.contains("Transfer-Encoding");
                boolean whole = !body.endsWith("|cut")
                        && (endsWithIt || body.endsWith("\r\n0\r\n\r\n"));
                return whole ? "whole" : "cut";
            } finally {
                peer.close();
            }
        }

        private static String askByFrames(int port, Promise<String> arrived) {
            try (var stream = Tcp.connect("127.0.0.1", port)) {
                FrameWire wire = FrameWire.client(stream).begin();
                wire.get(1, "/");
                String status = wire.fields(wire.read(Http2Frame.HEADERS)).get(":status");
                if (!"200".equals(status)) {
                    return String.valueOf(status);
                }
                FrameWire.Frame data = wire.read(Http2Frame.DATA);
                arrived.complete(data.text());
                for (FrameWire.Frame frame = data;; frame = wire.read()) {
                    if (frame.is(Http2Frame.DATA, 1) && frame.ends()) {
                        return "whole";
                    }
                    if (frame.is(Http2Frame.RST_STREAM, 1)) {
                        return "cut";
                    }
                }
            } catch (BrokenException lost) {
                return "cut";
            }
        }
    }

    private interface Visit {
        void play(int port, Proxying gateway) throws Exception;
    }

    private static void run(String engine, Deed ofUpstream, RawPeer.Script upstream, Visit visit) {
        Duration read = ofUpstream == Deed.SILENCE ? PATIENCE : ClientTimeouts.DEFAULT.read();
        Heddle.run(Config.DEFAULT.withSignals(false).withEngine(Engines.named(engine)), () -> {
            try (var up = new RawPeer.Server(upstream);
                    HttpClient http = HttpClient.create();
                    Proxying gateway = Proxying.to(Upstreams.of(up.url()), http).withRetries(0)
                            .withTimeouts(ClientTimeouts.DEFAULT.withRead(read))) {
                HttpServer server = HttpServer.builder().any("/", gateway)
                        .limits(ServerLimits.DEFAULT.withMaxBodyBytes(2L * MORE_THAN_BUFFERED)
                                .withLingerTime(Duration.ofMillis(10)))
                        .start("127.0.0.1", 0);
                visit.play(server.port(), gateway);
                while (gateway.statistics().getFirst().inFlight() > 0 || server.statistics().inFlight() > 0) {
                    Heddle.sleep(Duration.ofMillis(1));
                }
                server.stop(Duration.ZERO);
            }
        });
    }

    static Stream<Arguments> cells() {
        return engines().flatMap(engine -> Stream.of(Framing.values())
                .flatMap(framing -> Stream.of(Client.values()).map(client -> Arguments.of(engine, framing, client))));
    }

    @ParameterizedTest
    @MethodSource("cells")
    void responseThatIsCutIsCutForTheClientToo(String engine, Framing framing, Client client) {
        for (Deed deed : Deed.values()) {
            if (deed == Deed.SILENCE && framing != Framing.UNTIL_THE_END) {
                continue;
            }
            for (boolean clientHasSome : deed == Deed.SILENCE ? new boolean[]{false} : new boolean[]{true, false}) {
                var arrived = new Promise<String>();
                run(engine, deed, upstream -> {
                    upstream.head();
                    upstream.send(framing.answer());
                    if (clientHasSome) {
                        arrived.join();
                    }
                    upstream.act(deed);
                    upstream.drain();
                }, (port, gateway) -> {
                    String what = deed + ", " + clientHasSome;
                    String seen = client.ask(port, arrived);
                    if (framing.isWhole(deed)) {
                        assertEquals("whole", seen, what);
                    } else if (clientHasSome && deed != Deed.SILENCE) {
                        assertEquals("cut", seen, what);
                    } else {
                        // A gateway that has passed nothing on yet says so instead.
                        assertTrue(List.of("cut", "502", "504").contains(seen), what + ": " + seen);
                    }
                });
            }
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void upstreamThatEndsBeforeItsHeadIsABadGatewayAndASilentOneIsLate(String engine) {
        for (Deed deed : Deed.values()) {
            for (String begin : List.of("", "HTTP/1.1 200 OK\r\nA: b\r\n")) {
                for (Client client : Client.values()) {
                    if (deed == Deed.SILENCE && (begin.isEmpty() || client == Client.HTTP_1_1_IN_A_BODY)) {
                        continue; // a client that is silent too is the one that is late
                    }
                    run(engine, deed, upstream -> {
                        upstream.head();
                        upstream.send(begin).act(deed);
                        upstream.drain();
                    }, (port, gateway) -> assertEquals(deed == Deed.SILENCE ? "504" : "502",
                            client.ask(port, new Promise<>()), begin + deed + client));
                }
            }
        }
    }

    // ---- up ----

    /** What of a request its client has sent, and what of its body there is for the upstream. */
    enum Request {
        LENGTH("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf", "half"),
        CHUNKED("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", "4\r\nhalf\r\n"),
        WHOLE(Client.HTTP_1_1_WITH_A_BODY.request, "body"),
        NO_BODY(Client.HTTP_1_1.request, ""),
        NO_BODY_OF_HTTP_1_0(Client.HTTP_1_0.request, "");

        private final String text;
        private final String body;

        Request(String text, String body) {
            this.text = text;
            this.body = body;
        }
    }

    static Stream<Arguments> requests() {
        return engines()
                .flatMap(engine -> Stream.of(Request.values()).map(request -> Arguments.of(engine, request)));
    }

    /** The upstream is told by the end of its connection, and a cut body has no end before that. */
    @ParameterizedTest
    @MethodSource("requests")
    void clientThatLeavesFreesTheUpstreamAndItsBodyStaysCut(String engine, Request request) {
        for (Deed deed : List.of(Deed.END, Deed.HALF_CLOSE, Deed.RESET)) {
            for (boolean answered : new boolean[]{false, true}) {
                var arrived = new Promise<String>();
                var seen = new Promise<String>();
                run(engine, Deed.END, upstream -> {
                    upstream.head();
                    String body = "";
                    while (body.length() < request.body.length()) {
                        body += upstream.next();
                    }
                    if (answered) {
                        upstream.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n");
                    }
                    arrived.complete(body);
                    seen.complete(body + upstream.rest());
                }, (port, gateway) -> {
                    RawPeer client = RawPeer.connect(port).send(request.text);
                    arrived.join();
                    if (answered) {
                        client.head();
                    }
                    client.act(deed);
                    assertEquals(request.body, seen.join().replace("|cut", ""), request + " " + deed);
                    client.close();
                });
            }
        }
    }

    /** An upload that nobody reads holds both sides up until the upstream is cut off. */
    @ParameterizedTest
    @MethodSource("engines")
    void blockedUploadEndsWithItsUpstream(String engine) {
        for (Deed deed : List.of(Deed.RESET, Deed.SILENCE)) {
            run(engine, deed, upstream -> {
                upstream.head();
                upstream.act(deed);
            }, (port, gateway) -> {
                String status = statusOfABlockedUpload(port);
                assertTrue(status.startsWith(deed == Deed.RESET ? "HTTP/1.1 502" : "HTTP/1.1 504"), status);
            });
        }
    }

    /** The first line for a client that sends more than fits. */
    static String statusOfABlockedUpload(int port) {
        try (var client = Tcp.connect("127.0.0.1", port)) {
            client.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + MORE_THAN_BUFFERED + "\r\n\r\n");
            var _ = Heddle.spawn(() -> {
                try {
                    client.write(new byte[MORE_THAN_BUFFERED]);
                } catch (BrokenException cut) {
                    // The gateway reads no more.
                }
            });
            String status = client.readLine(100).orElseThrow();
            client.abort();
            return status;
        }
    }
}
