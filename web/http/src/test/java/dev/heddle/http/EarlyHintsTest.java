package dev.heddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.CancelScope;
import dev.heddle.Heddle;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.http.gateway.Proxying;
import dev.heddle.http.gateway.Upstreams;
import dev.heddle.http.internal.http2.Http2Error;
import dev.heddle.http.internal.http2.Http2Frame;
import dev.heddle.http.server.Handler;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.io.MemoryStreams;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimTest;
import dev.heddle.sync.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Interim responses, above all 103 Early Hints: sent by a handler, heard by a client, passed on by a gateway. */
final class EarlyHintsTest {

    private static final Headers HINT = Headers.of("Link", "</style.css>; rel=preload; as=style");
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    private static final String ON_THE_WIRE = "HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload; as=style\r\n\r\n";
    private static final String EMPTY = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    private static HttpServer.Builder answering(Handler handler) {
        return HttpServer.builder().any("/", handler);
    }

    private static HttpServer.Builder hinting() {
        return answering(request -> {
            request.sendEarlyHints(HINT);
            request.sendInterim(104, Headers.of("Upload-Offset", "7"));
            return Response.text("page");
        });
    }

    // ---- a handler ----

    @Test
    void hintsLeaveBeforeTheResponseOverHttp1() {
        String answer = Wire.ask(hinting(), GET);
        assertTrue(answer.startsWith(
                ON_THE_WIRE + "HTTP/1.1 104 \r\nUpload-Offset: 7\r\n\r\nHTTP/1.1 200 OK\r\n"), answer);
        assertTrue(answer.endsWith("page"), answer);
    }

    @Test
    void hintsLeaveWhileTheHandlerStillWorks() {
        Event go = Event.named("the page");
        HttpServer.Builder server = answering(request -> {
            request.sendEarlyHints(HINT);
            go.await();
            return Response.text("page");
        });
        Wire.play(server, (peer, connection) -> {
            peer.write(GET);
            assertEquals(ON_THE_WIRE, Wire.text(peer.readUntil(Wire.latin1("\r\n\r\n"), 1000)));
            go.set();
            assertTrue(Wire.text(peer.readAll(1000)).startsWith("HTTP/1.1 200 OK"));
        });
    }

    @Test
    void hintsToPipelinedRequestsStandBehindTheResponseBefore() {
        String one = GET.replace("Connection: close\r\n", "");
        String answer = Wire.ask(hinting(), one + GET);
        assertEquals(List.of("103", "104", "200", "103", "104", "200"), Pattern.compile("HTTP/1\\.1 ([0-9]+)")
                .matcher(answer).results().map(found -> found.group(1)).toList());
    }

    @Test
    void peerOfHttp10GetsNone() {
        assertTrue(Wire.ask(hinting(), "GET / HTTP/1.0\r\n\r\n").startsWith("HTTP/1.1 200 OK"));
    }

    @Test
    void hintsLeaveBeforeTheResponseOverHttp2() {
        FrameWire.play(hinting(), wire -> {
            FrameWire.Frame hint = wire.get(1, "/").read(Http2Frame.HEADERS);
            assertEquals("{:status=103, link=" + HINT.first("Link") + "}", wire.fields(hint).toString());
            assertEquals("104", wire.fields(wire.read(Http2Frame.HEADERS)).get(":status"));
            assertEquals("page", wire.answer(1).body());
        });
    }

    @Test
    void whatIsNoInterimResponseIsRefused() {
        String answer = Wire.ask(answering(request -> {
            for (int status : new int[]{99, 100, 101, 200}) {
                assertThrows(IllegalArgumentException.class, () -> request.sendInterim(status, HINT));
            }
            for (String name : List.of("Content-Length", "Transfer-Encoding", "Connection", "Upgrade")) {
                assertThrows(IllegalArgumentException.class, () -> request.sendEarlyHints(Headers.of(name, "1")));
            }
            return Response.text("page");
        }), GET);
        assertEquals(200, Wire.status(answer));
    }

    @Test
    void hintsAreTooLateOnceTheResponseHasBegun() {
        HttpServer.Builder server = answering(request -> Response.stream("a/b", out -> {
            out.write('a');
            out.flush();
            assertThrows(IllegalStateException.class, () -> request.sendEarlyHints(HINT));
            out.write('b');
        }));
        String answer = Wire.ask(server, GET);
        assertTrue(answer.contains("\r\n0001\r\nb\r\n"), answer);
        FrameWire.play(server, wire -> assertEquals("ab", wire.get(1, "/").answer(1).body()));
    }

    @Test
    void hintsToAResetStreamAreALoss() {
        Event reset = Event.named("the reset");
        List<String> told = new ArrayList<>();
        FrameWire.play(answering(request -> {
            reset.await();
            told.add(assertThrows(BrokenException.class, () -> request.sendEarlyHints(HINT)).getMessage());
            return Response.text("page");
        }), wire -> {
            wire.get(1, "/");
            Heddle.sleep(Duration.ofSeconds(1));
            wire.reset(1, Http2Error.CANCEL);
            Heddle.sleep(Duration.ofSeconds(1));
            reset.set();
            Heddle.sleep(Duration.ofSeconds(1));
            assertTrue(told.getFirst().contains("the peer reset stream 1"), told::toString);
        });
    }

    @Test
    void handlerWhosePeerReadsNothingIsCutOffInItsHints() {
        List<Throwable> cuts = new ArrayList<>();
        Headers large = Headers.of("Link", "x".repeat(60_000));
        Wire.play(answering(request -> {
            try {
                while (true) {
                    request.sendEarlyHints(large);
                }
            } catch (Throwable e) {
                cuts.add(e);
                throw e;
            }
        }), (peer, connection) -> {
            peer.write(GET);
            connection.awaitOutcome();
            assertEquals(1, cuts.size());
        });
    }

    // ---- a client ----

    private static final String INTERIMS = "HTTP/1.1 100 Continue\r\n\r\n" + ON_THE_WIRE
            + "HTTP/1.1 102 Processing\r\n\r\n" + EMPTY;

    @SimTest(seeds = 10)
    void clientHearsAllButTheGoAheadBeforeTheReply() {
        try (var server = ScriptedServer.answering(INTERIMS); var http = server.client().build()) {
            List<String> heard = new ArrayList<>();
            Reply reply = http.request("GET", "http://h/")
                    .onInterim((status, fields) -> heard.add(status + " " + fields.first("Link"))).send();
            assertEquals(200, reply.status());
            assertEquals(List.of("103 " + HINT.first("Link"), "102 null"), heard);
            assertEquals(200, http.get("http://h/").status());
        }
    }

    @SimTest(seeds = 10)
    void clientHearsThemWhileItSendsABody() {
        try (var server = ScriptedServer.of(peer -> {
            peer.request();
            peer.readUntil("0\r\n\r\n");
            peer.send(INTERIMS);
        }); var http = server.client().build()) {
            List<Integer> heard = new ArrayList<>();
            http.request("POST", "http://h/").body(out -> out.write(new byte[10]))
                    .onInterim((status, fields) -> heard.add(status)).send().close();
            assertEquals(List.of(103, 102), heard);
        }
    }

    @SimTest(seeds = 10)
    void whatTheListenerThrowsEndsTheRequest() {
        try (var server = ScriptedServer.answering(INTERIMS); var http = server.client().build()) {
            var asked = http.request("GET", "http://h/").onInterim((status, fields) -> {
                throw new IllegalStateException("enough");
            });
            assertEquals("enough", assertThrows(IllegalStateException.class, asked::send).getMessage());
            assertEquals(0, http.statistics().connections());
        }
    }

    @SimTest(seeds = 10)
    void cancelReachesAListenerThatWaits() {
        try (var server = ScriptedServer.answering(INTERIMS); var http = server.client().build()) {
            boolean whole = Heddle.moveOnAfter(Duration.ofSeconds(1), () -> {
                http.request("GET", "http://h/")
                        .onInterim((status, fields) -> Heddle.sleep(Duration.ofHours(1))).send();
            });
            assertEquals(false, whole);
            CancelScope.throwIfCancelled();
            assertEquals(0, http.statistics().connections());
        }
    }

    // ---- a gateway, over both versions on both sides ----

    private static HttpClient.Builder over(boolean http2) {
        HttpClient.Builder options = HttpClient.builder();
        return http2 ? options.http2PriorKnowledge() : options;
    }

    @ParameterizedTest
    @ValueSource(strings = {"1 1", "1 2", "2 1", "2 2"})
    void gatewayPassesThemOn(String versions) {
        Sim.run(() -> {
            try (HttpServer upstream = hinting().start("127.0.0.1", 0);
                    HttpClient up = over(versions.startsWith("2")).build();
                    Proxying passing = Proxying.to(Upstreams.of("http://127.0.0.1:" + upstream.port()), up);
                    HttpServer gateway = answering(passing).start("127.0.0.1", 0);
                    HttpClient http = over(versions.endsWith("2")).build()) {
                List<String> heard = new ArrayList<>();
                Reply reply = http.request("GET", "http://127.0.0.1:" + gateway.port() + "/")
                        .onInterim((status, fields) -> heard.add(status + " " + fields.all("Link"))).send();
                assertEquals("page", reply.text());
                assertEquals(List.of("103 " + HINT.all("Link"), "104 []"), heard);
            }
        });
    }

    @SimTest(seeds = 10)
    void gatewayKeepsWhatIsOfOneConnection() {
        String odd = "HTTP/1.1 103 Early Hints\r\nHost: a\r\nConnection: X-Hop\r\nX-Hop: 1\r\nLink: x\r\n\r\n";
        try (var upstream = ScriptedServer.answering(odd + EMPTY);
                HttpClient up = upstream.client().build();
                Proxying passing = Proxying.to(Upstreams.of("http://up"), up)) {
            HttpServer server = answering(passing).build();
            try (var pair = MemoryStreams.pair()) {
                Heddle.spawn(() -> server.serve(pair.right()));
                pair.left().write(GET);
                assertEquals("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n",
                        Wire.text(pair.left().readUntil(Wire.latin1("\r\n\r\n"), 1000)));
                assertTrue(Wire.text(pair.left().readAll(1000)).startsWith("HTTP/1.1 200 OK"));
            }
        }
    }
}
