package dev.heddle.http.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.Task;
import dev.heddle.http.Headers;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import dev.heddle.http.server.RouteOptions;
import java.util.ArrayList;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A gateway between real sockets, with HTTP/1.1 and HTTP/2 on either side. */
final class ProxyingSocketsTest {

    private static final int PIECE = 64 * 1024;
    private static final RouteOptions BIG = RouteOptions.DEFAULT.withMaxBodyBytes(1L << 30);

    private interface Visit {
        void play(HttpClient client, String url, HttpServer behind, Proxying gateway) throws Exception;
    }

    private static HttpClient client(boolean http2) {
        return http2 ? HttpClient.builder().http2PriorKnowledge().build() : HttpClient.builder().build();
    }

    private static void visit(boolean frontHttp2, boolean behindHttp2, Visit visit) {
        Heddle.run(() -> {
            try (var behind = HttpServer.builder()
                    .any("/count", BIG, request -> Response.text(Long.toString(count(request))))
                    .get("/stream/{pieces}", ProxyingSocketsTest::pieces)
                    .get("/cut", request -> Response.stream(200, Headers.EMPTY, 2 * PIECE, out -> {
                        out.write(new byte[PIECE]);
                        out.flush();
                        throw new HeddleException("cut");
                    }))
                    .start("127.0.0.1", 0);
                    var passing = client(behindHttp2);
                    var gateway = Proxying.to(Upstreams.of("http://127.0.0.1:" + behind.port()), passing);
                    var front = HttpServer.builder().any("/{path...}", BIG, gateway).start("127.0.0.1", 0);
                    var client = client(frontHttp2)) {
                visit.play(client, "http://127.0.0.1:" + front.port(), behind, gateway);
            }
        });
    }

    private static long count(Request request) {
        byte[] buffer = new byte[PIECE];
        long sum = 0;
        for (int n = request.read(buffer); n >= 0; n = request.read(buffer)) {
            sum += n;
        }
        return sum;
    }

    private static Response pieces(Request request) {
        int pieces = request.pathInt("pieces");
        return Response.stream("application/octet-stream", out -> {
            for (int i = 0; i < pieces; i++) {
                out.write(new byte[PIECE]);
            }
        }).withTrailers(() -> Headers.of("X-Pieces", Integer.toString(pieces)));
    }

    private static long length(Reply reply) {
        byte[] buffer = new byte[PIECE];
        long sum = 0;
        for (int n = reply.read(buffer); n >= 0; n = reply.read(buffer)) {
            sum += n;
        }
        return sum;
    }

    @ParameterizedTest
    @CsvSource({"false,false", "false,true", "true,false", "true,true"})
    void bodiesOfAnyVersionPassThroughBothWays(boolean frontHttp2, boolean behindHttp2) {
        visit(frontHttp2, behindHttp2, (client, url, behind, gateway) -> {
            var counted = client.request("PUT", url + "/count").bodyOnce(-1, out -> {
                for (int i = 0; i < 256; i++) {
                    out.write(new byte[PIECE]);
                }
            });
            assertEquals(Long.toString(256L * PIECE), counted.send().text());
            try (Reply reply = client.get(url + "/stream/256")) {
                assertEquals(frontHttp2 ? "HTTP/2" : "HTTP/1.1", reply.version());
                assertEquals((behindHttp2 ? "2" : "1.1") + " heddle", reply.headers().first("Via"));
                assertEquals(256L * PIECE, length(reply));
                assertEquals("256", reply.trailers().first("X-Pieces"));
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"false,false", "false,true", "true,false", "true,true"})
    void upstreamThatIsCutCutsItsClient(boolean frontHttp2, boolean behindHttp2) {
        visit(frontHttp2, behindHttp2, (client, url, behind, gateway) -> {
            try (Reply reply = client.get(url + "/cut")) {
                assertEquals(200, reply.status());
                assertThrows(HeddleException.class, () -> length(reply));
            }
            behind.close();
            try (Reply reply = client.get(url + "/count")) {
                assertEquals(502, reply.status());
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"false,false", "true,true"})
    void manyClientsAtOnceAllGetTheirs(boolean frontHttp2, boolean behindHttp2) {
        visit(frontHttp2, behindHttp2, (client, url, behind, gateway) -> {
            var asking = new ArrayList<Task<Long>>();
            for (int i = 0; i < 60; i++) {
                asking.add(Heddle.spawn(() -> {
                    try (Reply reply = client.get(url + "/stream/4")) {
                        return length(reply);
                    }
                }));
            }
            for (var task : asking) {
                assertEquals(4L * PIECE, task.join());
            }
            UpstreamStatistics upstream = gateway.statistics().getFirst();
            assertEquals(60, upstream.requests());
            assertTrue(upstream.failures() == 0, upstream.toString());
        });
    }
}
