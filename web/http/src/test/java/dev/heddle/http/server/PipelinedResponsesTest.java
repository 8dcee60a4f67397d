package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.http.Wire;
import dev.heddle.io.MemoryStreams;
import dev.heddle.sim.Sim;
import dev.heddle.sync.Event;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Responses to requests that came together leave together, and none waits for a handler. */
final class PipelinedResponsesTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
    }

    @Test
    void whatCameTogetherIsAnsweredByOneWrite() {
        Wire.play(HttpServer.builder().get("/", request -> Response.text("hello")), (peer, connection) -> {
            peer.write(GET.repeat(10));
            String first = Wire.text(copy(peer.fill()));
            assertEquals(10, Wire.count(first));
        });
    }

    private static byte[] copy(java.nio.ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    @Test
    void handlerThatWaitsHoldsNoOtherResponseBack() {
        Event go = Event.create();
        var server = HttpServer.builder()
                .get("/", request -> Response.text("quick"))
                .get("/slow", request -> {
                    go.await();
                    return Response.text("slow");
                });
        Wire.play(server, (peer, connection) -> {
            peer.write(get("/") + get("/") + get("/slow") + get("/"));
            assertTrue(Wire.response(peer).endsWith("quick"));
            assertTrue(Wire.response(peer).endsWith("quick"));
            assertFalse(Heddle.moveOnAfter(Duration.ofSeconds(5), () -> {
                peer.fill();
            }));
            go.set();
            assertTrue(Wire.response(peer).endsWith("slow"));
            assertTrue(Wire.response(peer).endsWith("quick"));
        });
    }

    @Test
    void responseLeavesBeforeTheRestOfAHalfRequestIsWaitedFor() {
        Wire.play(HttpServer.builder().get("/", request -> Response.text("hello")), (peer, connection) -> {
            peer.write(GET + "GET / HT");
            assertTrue(Wire.response(peer).endsWith("hello"));
            peer.write("TP/1.1\r\nHost: a\r\n\r\n");
            assertTrue(Wire.response(peer).endsWith("hello"));
        });
    }

    @Test
    void responseLeavesBeforeTheBodyOfTheNextRequestIsWaitedFor() {
        var server = HttpServer.builder()
                .get("/", request -> Response.text("hello"))
                .post("/", request -> Response.text(request.text(100)));
        Wire.play(server, (peer, connection) -> {
            peer.write(GET + "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbo");
            assertTrue(Wire.response(peer).endsWith("hello"));
            peer.write("dy");
            assertTrue(Wire.response(peer).endsWith("body"));
        });
    }

    @Test
    void orderHoldsWhateverTheKindsOfBodies() {
        var server = HttpServer.builder()
                .get("/text", request -> Response.text("text"))
                .get("/none", request -> Response.empty(204))
                .get("/big", request -> Response.text("x".repeat(50_000)))
                .get("/stream", request -> Response.stream("text/plain", out -> out.write(Wire.latin1("streamed"))))
                .get("/fail", request -> Response.stream("text/plain", out -> {
                    throw new IllegalStateException("before a byte");
                }));
        String all = Wire.ask(
                server,
                get("/text") + get("/none") + get("/stream") + get("/text") + get("/big") + get("/fail") + get("/text")
                        + "GET /text HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" + get("/text"));
        assertEquals(8, Wire.count(all));
        String order = all.replaceAll("x{50000}", "BIG")
                .replaceAll("(?s)HTTP/1\\.1 (\\d+) .*?\r\n\r\n", "<$1>")
                .replace("\n", "");
        assertEquals("<200>text<204><200>streamed<200>text<200>BIG<500>Server Error<200>text<200>text", order);
    }

    @Test
    void interimResponseLeavesTheNextRequestsItsKind_CVE_2026_100666() {
        var server = HttpServer.builder()
                .get("/text", request -> Response.text("text"))
                .post("/text", request -> Response.text("took " + request.text(10)));
        String all = Wire.ask(
                server,
                "POST /text HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n",
                "ok" + "HEAD /text HTTP/1.1\r\nHost: a\r\n\r\n" + get("/text")
                        + "HEAD /text HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        String order = all.replaceAll("(?s)HTTP/1\\.1 (\\d+) .*?\r\n\r\n", "<$1>");
        assertEquals("<100><200>took ok<200><200>text<200>", order);
    }

    @Test
    void badRequestBehindGoodOnesLeavesTheirResponsesWhole() {
        String all = Wire.ask(HttpServer.builder().get("/", request -> Response.text("ok")),
                GET + GET + "BAD\r\n\r\n" + GET);
        assertEquals(3, Wire.count(all));
        assertTrue(all.contains("HTTP/1.1 400 "));
    }

    @Test
    void manySmallOnesFillBuffersAndAllArrive() {
        Wire.play(HttpServer.builder().get("/", request -> Response.text("hello")), (peer, connection) -> {
            var sending = Heddle.spawn(() -> peer.write(GET.repeat(5_000)));
            for (int i = 0; i < 5_000; i++) {
                assertTrue(Wire.response(peer).endsWith("hello"));
            }
            sending.join();
        });
    }

    @Test
    void peerThatTakesNothingForAWhileGetsAllInTheEnd() {
        Event go = Event.create();
        var server = HttpServer.builder()
                .get("/", request -> Response.text("y".repeat(5_000)))
                .get("/slow", request -> {
                    go.await();
                    return Response.text("slow");
                });
        Wire.play(server, (peer, connection) -> {
            var sending = Heddle.spawn(() -> peer.write(get("/").repeat(50) + get("/slow")));
            Heddle.sleep(Duration.ofSeconds(3));
            for (int i = 0; i < 50; i++) {
                assertTrue(Wire.response(peer).endsWith("y"));
            }
            go.set();
            assertTrue(Wire.response(peer).endsWith("slow"));
            sending.join();
        });
    }

    @Test
    void handlerWhosePeerIsWatchedBreaksNoEarlierResponse() {
        String requests = get("/") + get("/watched");
        var server = HttpServer.builder()
                .get("/", request -> Response.text("quick"))
                .get("/watched", RouteOptions.DEFAULT.withOnDisconnect(RouteOptions.OnDisconnect.CANCEL), request -> {
                    Heddle.sleep(Duration.ofSeconds(1));
                    return Response.text("watched");
                });
        Sim.run(() -> {
            // Room for less than a response.
            MemoryStreams.Pair pair = MemoryStreams.pair(requests.length());
            HttpServer built = server.build();
            Task<Void> connection = Heddle.spawn(() -> built.serve(pair.right()));
            pair.left().write(requests);
            Heddle.sleep(Duration.ofSeconds(3));
            assertTrue(Wire.response(pair.left()).endsWith("quick"));
            assertTrue(Wire.response(pair.left()).endsWith("watched"));
            pair.left().close();
            connection.join();
        });
    }
}
