package dev.heddle.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Backoff;
import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.http.ScriptedServer;
import dev.heddle.http.StatusException;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.io.EndOfStreamException;
import dev.heddle.io.MemoryStreams;
import dev.heddle.sim.SimTest;
import java.time.Duration;

/**
 * Requests that are given up at any moment, by a cancel, a deadline or a close, leave every place free and no task
 * waiting.
 */
final class ClientCancelTest {

    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    private static final int REQUESTS = 120;
    private static final ClientLimits NARROW = ClientLimits.DEFAULT
            .withMaxConnections(5)
            .withMaxConnectionsPerHost(2);
    private static final RetryPolicy SOON = RetryPolicy.DEFAULT
            .withBackoff(new Backoff(Duration.ofMillis(10), Duration.ofSeconds(10), 0.5));

    private int answered;

    private static int random(int bound) {
        return Math.floorMod(Heddle.currentLoop().engine().random(), bound);
    }

    private static void pause() {
        Heddle.sleep(Duration.ofMillis(random(30)));
    }

    /** Every kind of answer there is, some of them slow. */
    private static void answer(ScriptedServer.Peer peer) {
        try {
            answerAll(peer);
        } catch (EndOfStreamException e) {
            // The request was given up in its middle.
        }
    }

    private static void answerAll(ScriptedServer.Peer peer) {
        while (peer.hasRequest()) {
            if (peer.lastRequest().startsWith("PUT") && random(4) > 0) {
                peer.readUntil("\r\n0\r\n\r\n");
            }
            pause();
            switch (random(8)) {
                case 0 -> {
                    return;
                }
                case 1 -> peer.send("HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n");
                case 2 -> peer.send("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n");
                case 3 -> {
                    peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n");
                    pause();
                    peer.send("2\r\nlo\r\n0\r\n\r\n");
                }
                case 4 -> {
                    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe");
                    pause();
                    peer.abort();
                    return;
                }
                default -> peer.send(HELLO);
            }
        }
    }

    private void ask(HttpClient http, int number) {
        ClientRequest request = number % 3 == 0
                ? http.request("PUT", "http://h" + number % 4 + "/").body(out -> {
                    out.write(new byte[20_000]);
                    pause();
                })
                : http.request("GET", "http://h" + number % 4 + "/");
        try (Reply reply = request.timeout(Duration.ofMillis(1 + random(200))).send()) {
            switch (random(3)) {
                case 0 -> assertTrue(reply.text().length() <= 5);
                case 1 -> reply.read(new byte[2]);
                default -> pause();
            }
            answered++;
        } catch (CancelledException e) {
            throw e;
        } catch (HeddleException e) {
            // One of the failures that the server plays, or the deadline.
            assertTrue(e.getMessage().contains("http://h") || e.getMessage().contains("connect"), e.getMessage());
        }
    }

    private void askAll(HttpClient http) {
        Heddle.group(group -> {
            for (int i = 0; i < REQUESTS; i++) {
                int number = i;
                group.spawn(() -> Heddle.moveOnAfter(Duration.ofMillis(1 + random(300)), () -> ask(http, number)));
                if (i % 10 == 0) {
                    pause();
                }
            }
        });
        assertTrue(answered > 0);
        Heddle.sleep(Duration.ofSeconds(5));
        ClientStatistics end = http.statistics();
        assertEquals(end.idle(), end.connections());
        assertEquals(0, end.waiting());
        assertTrue(end.connections() <= 5);
    }

    @SimTest(seeds = 60)
    void overHttp1() {
        try (var server = ScriptedServer.of(ClientCancelTest::answer);
                var http = server.client().limits(NARROW).retries(SOON).build()) {
            askAll(http);
        }
    }

    @SimTest(seeds = 60)
    void overHttp2() {
        HttpServer server = HttpServer.builder()
                .any("/", request -> {
                    pause();
                    return switch (random(5)) {
                        case 0 -> throw new StatusException(503, "busy");
                        case 1 -> Response.redirect(302, "/");
                        case 2 -> Response.stream("text/plain", out -> {
                            out.write('h');
                            out.flush();
                            pause();
                            out.write('i');
                        });
                        default -> Response.text("hello");
                    };
                })
                .build();
        try (var http = HttpClient.builder()
                .http2PriorKnowledge()
                .limits(NARROW)
                .retries(SOON)
                .connector((host, port) -> {
                    MemoryStreams.Pair pair = MemoryStreams.pair();
                    Heddle.currentLoop().spawn(() -> {
                        if (random(3) == 0) {
                            Heddle.moveOnAfter(Duration.ofMillis(50 + random(100)), () -> server.serve(pair.right()));
                            pair.right().abort();
                        } else {
                            server.serve(pair.right());
                        }
                    });
                    return pair.left();
                })
                .build()) {
            askAll(http);
        }
        server.close();
    }
}
