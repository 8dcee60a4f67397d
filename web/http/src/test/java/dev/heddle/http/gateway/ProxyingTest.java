package dev.heddle.http.gateway;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Backoff;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.Task;
import dev.heddle.http.Headers;
import dev.heddle.http.ScriptedServer;
import dev.heddle.http.Wire;
import dev.heddle.http.client.ClientTimeouts;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.testing.TestClient;
import dev.heddle.net.Tcp;
import dev.heddle.sim.SimTest;
import dev.heddle.sync.CircuitBreakerOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests are passed on to servers that answer, and what becomes of them when those do not; in virtual time. */
final class ProxyingTest {

    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    private static final ClientTimeouts SHORT = ClientTimeouts.DEFAULT
            .withRead(Duration.ofSeconds(3)).withConnect(Duration.ofSeconds(1));

    private static final Backoff OF_SEVEN_SECONDS = new Backoff(Duration.ofSeconds(7), Duration.ofSeconds(7), 0);

    private final Logger logger = Logger.getLogger("dev.heddle.http");
    private final List<String> severe = new CopyOnWriteArrayList<>();

    @BeforeEach
    void listen() {
        logger.setFilter(entry -> {
            if (entry.getLevel() == Level.SEVERE) {
                severe.add(entry.getMessage());
            }
            return true;
        });
    }

    /** Neither a client that leaves nor an upstream that fails is a fault of the gateway. */
    @AfterEach
    void nothingWasAFaultOfTheGateway() {
        logger.setFilter(null);
        assertEquals(List.of(), severe);
    }

    private interface Visit {
        void play(TestClient client, Proxying gateway) throws Exception;
    }

    /** Plays a client of a gateway whose upstreams are these servers by their hosts; others are dead. */
    private static void visit(Upstreams upstreams, Map<String, ScriptedServer> servers, Visit visit) {
        try (var http = HttpClient.builder().connector((host, port) -> {
            ScriptedServer server = servers.get(host);
            return server == null ? Tcp.connect("127.0.0.1", 1) : server.connect(host, port);
        }).build();
                var gateway = Proxying.to(upstreams, http).withTimeouts(SHORT);
                var client = TestClient.of(gateway)) {
            visit.play(client, gateway);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        } finally {
            servers.values().forEach(ScriptedServer::close);
        }
    }

    private static void visit(ScriptedServer server, Visit visit) {
        visit(Upstreams.of("http://up:8080"), Map.of("up", server), visit);
    }

    private static ScriptedServer silent() {
        return ScriptedServer.of(ScriptedServer.Peer::awaitEnd);
    }

    @SimTest(seeds = 1)
    void upstreamMayHaveANameOfAContainer() {
        for (String host : List.of("my_app", "4f1c2d3e5a6b")) {
            visit(Upstreams.of("http://" + host + ":8080"), Map.of(host, ScriptedServer.answering(HELLO)),
                    (client, gateway) -> assertEquals("hello", client.get("/").text()));
        }
    }

    @SimTest(seeds = 3)
    void optionsPassAsManyGatewaysAsTheySay() {
        var server = ScriptedServer.answering(HELLO);
        visit(server, (client, gateway) -> {
            assertEquals(204, client.request("OPTIONS", "/").header("Max-Forwards", "0").send().status());
            assertEquals(0, server.requests.size());
            assertEquals(200, client.request("OPTIONS", "/").header("Max-Forwards", "5").send().status());
            assertTrue(server.requests.getFirst().contains("Max-Forwards: 4\r\n"), server.requests.getFirst());
            assertEquals(200, client.request("GET", "/").header("Max-Forwards", "0").send().status());
        });
    }

    @SimTest(seeds = 3)
    void requestIsPassedOnWithoutWhatIsOfOneConnection() {
        var server = ScriptedServer.answering("HTTP/1.1 203 Fine\r\nContent-Length: 5\r\nConnection: X-Hop\r\n"
                + "X-Hop: 1\r\nX-End: 2\r\nSet-Cookie: a=b\r\nSet-Cookie: c=d\r\n"
                + "Date: Tue, 15 Nov 1994 08:12:31 GMT\r\n\r\nhello");
        visit(server, (client, gateway) -> {
            Reply reply = client.request("GET", "/a%20b?c=%2f").withoutDefaultHeaders()
                    .header("X-Forwarded-For", "6.6.6.6").header("X_Forwarded_Host", "evil")
                    .header("X-Real-IP", "6.6.6.6").header("Forwarded", "for=6.6.6.6")
                    .header("Cookie", "k=v").header("Via", "1.0 other").send();
            assertEquals(203, reply.status());
            assertEquals("hello", reply.text());
            assertFalse(reply.headers().contains("X-Hop"));
            assertEquals("2", reply.headers().first("X-End"));
            assertEquals(List.of("a=b", "c=d"), reply.headers().all("Set-Cookie"));
            assertEquals(List.of("Tue, 15 Nov 1994 08:12:31 GMT"), reply.headers().all("Date"));
            assertEquals("1.1 heddle", reply.headers().first("Via"));
            String head = server.requests.getFirst();
            assertTrue(head.startsWith("GET /a%20b?c=%2f HTTP/1.1\r\nHost: up:8080\r\n"), head);
            assertFalse(head.contains("User-Agent"), head);
            assertFalse(head.contains("Accept"), head);
            assertFalse(head.contains("6.6.6.6"), head);
            assertFalse(head.contains("evil"), head);
            assertTrue(head.contains("Cookie: k=v\r\n"), head);
            assertTrue(head.contains("Via: 1.0 other\r\n"), head);
            assertTrue(head.contains("Via: 1.1 heddle\r\n"), head);
            assertTrue(head.contains("X-Forwarded-Host: localhost\r\n"), head);
            assertTrue(head.contains("X-Forwarded-Proto: http\r\n"), head);
            assertTrue(head.contains("Forwarded: for=unknown;proto=http;host=\"localhost\"\r\n"), head);
        });
    }

    @SimTest(seeds = 3)
    void bodyGoesUpAndDownInPiecesAndTrailersFollow() {
        var server = ScriptedServer.of(peer -> {
            peer.request();
            assertTrue(peer.lastRequest().contains("Content-Length: 100000\r\n"));
            String body = peer.body(100_000);
            peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n");
            peer.send("186a0\r\n" + body + "\r\n");
            peer.send("0\r\nX-Sum: 7\r\nContent-Length: 3\r\n\r\n");
        });
        visit(server, (client, gateway) -> {
            byte[] sent = new byte[100_000];
            for (int i = 0; i < sent.length; i++) {
                sent[i] = (byte) (i * 31);
            }
            Reply reply = client.request("POST", "/").body(sent).send();
            byte[] got = new byte[sent.length];
            int at = 0;
            while (at < got.length) {
                at += reply.read(got, at, got.length - at);
            }
            assertArrayEquals(sent, got);
            assertEquals(-1, reply.read(new byte[1]));
            assertEquals(Headers.of("X-Sum", "7"), reply.trailers());
            assertIdle(gateway);
        });
    }

    @SimTest(seeds = 3)
    void piecesOfEventsComeAtOnceAndTheirUpstreamHearsThatTheClientHasGone() {
        var heard = new ArrayList<Integer>();
        var server = ScriptedServer.of(peer -> {
            peer.request();
            peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n");
            heard.add(peer.awaitEnd());
        });
        visit(server, (client, gateway) -> {
            Reply reply = client.get("/");
            byte[] piece = new byte[10];
            assertEquals(3, reply.read(piece));
            assertEquals(1, gateway.statistics().getFirst().inFlight());
            reply.close();
            Heddle.sleep(Duration.ofMillis(100));
            assertEquals(1, heard.size());
            assertIdle(gateway);
        });
    }

    @SimTest(seeds = 5)
    void clientThatGoesInTheMiddleOfALongBodyLeavesNothingBehind() {
        var server = ScriptedServer.of(peer -> {
            peer.request();
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n");
            peer.send(new byte[10_000_000]);
        });
        visit(server, (client, gateway) -> {
            Reply reply = client.get("/");
            assertEquals(10, reply.read(new byte[10]));
            reply.close();
            Heddle.sleep(Duration.ofSeconds(1));
            assertIdle(gateway);
        });
    }

    @SimTest(seeds = 3)
    void clientThatGoesBeforeTheHeadEndsTheRequest() {
        var heard = new ArrayList<Integer>();
        var server = ScriptedServer.of(peer -> {
            peer.request();
            heard.add(peer.awaitEnd());
        });
        visit(server, (client, gateway) -> {
            Task<Reply> asking = Heddle.spawn(() -> client.get("/"));
            Heddle.sleep(Duration.ofMillis(100));
            asking.cancel();
            asking.awaitOutcome();
            Heddle.sleep(Duration.ofMillis(100));
            assertEquals(1, heard.size());
            assertEquals(0, gateway.statistics().getFirst().inFlight());
            assertEquals(0, gateway.statistics().getFirst().failures());
        });
    }

    @SimTest(seeds = 3)
    void headAndEmptyRepliesHaveNoBody() {
        var server = ScriptedServer.of(peer -> {
            peer.request();
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 12345\r\n\r\n");
            peer.request();
            peer.send("HTTP/1.1 204 No\r\n\r\n");
            peer.request();
            peer.send("HTTP/1.1 304 No\r\nETag: \"a\"\r\nContent-Length: 99\r\n\r\n");
            peer.request();
            peer.send(HELLO);
        });
        visit(server, (client, gateway) -> {
            Reply head = client.request("HEAD", "/").send();
            assertEquals("12345", head.headers().first("Content-Length"));
            assertEquals(0, head.bytes().length);
            assertEquals(204, client.get("/").status());
            Reply unchanged = client.get("/");
            assertEquals(304, unchanged.status());
            assertEquals("\"a\"", unchanged.headers().first("ETag"));
            assertEquals("hello", client.get("/").text());
            assertIdle(gateway);
        });
    }

    @SimTest(seeds = 3)
    void bodyIsAskedForWhenTheUpstreamAsks() {
        var server = ScriptedServer.of(peer -> {
            String head = peer.request();
            assertTrue(head.contains("Expect: 100-continue"), head);
            peer.send("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            peer.awaitEnd();
        }, peer -> {
            peer.request();
            peer.send("HTTP/1.1 100 Continue\r\n\r\n");
            peer.send(peer.body(3).equals("abc") ? HELLO : "");
            peer.awaitEnd();
        });
        visit(server, (client, gateway) -> {
            Reply refused = client.request("POST", "/").expectContinue().body(out -> {
                throw new IllegalStateException("not asked for");
            }).send();
            assertEquals(413, refused.status());
            refused.close();
            assertEquals("hello", client.request("POST", "/").expectContinue().body("abc").send().text());
        });
    }

    @SimTest(seeds = 3)
    void deadSilentAndBrokenUpstreamsHaveTheirStatus() {
        visit(Upstreams.of("http://dead"), Map.of(), (client, gateway) -> {
            assertEquals(502, client.get("/").status());
            assertEquals(1, gateway.statistics().getFirst().failures());
            assertIdle(gateway);
        });
        visit(silent(), (client, gateway) -> {
            Reply late = client.get("/");
            assertEquals(504, late.status());
            assertFalse(late.text().contains("up"));
        });
        visit(ScriptedServer.answering("HTTP/1.1 999 What\r\nContent-Length: 0\r\n\r\n"),
                (client, gateway) -> assertEquals(502, client.get("/").status()));
        visit(ScriptedServer.answering("nonsense\r\n\r\n"),
                (client, gateway) -> assertEquals(502, client.get("/").status()));
    }

    @SimTest(seeds = 3)
    void upstreamThatReadsNoMoreIsSilentToo() {
        var server = ScriptedServer.of(peer -> {
            peer.request();
            Heddle.sleep(Duration.ofHours(1));
        });
        visit(server, (client, gateway) -> {
            Reply reply = client.request("POST", "/").body(new byte[900_000]).send();
            assertEquals(504, reply.status());
            reply.close();
            assertIdle(gateway);
        });
    }

    @SimTest(seeds = 3)
    void upstreamThatBreaksOffCutsTheClientOff() {
        visit(ScriptedServer.of(peer -> {
            peer.request();
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
            Heddle.sleep(Duration.ofMillis(10));
        }), (client, gateway) -> {
            Reply reply = client.get("/");
            assertThrows(HeddleException.class, reply::bytes);
            assertIdle(gateway);
        });
    }

    @SimTest(seeds = 10)
    void deadUpstreamIsPassedOver() {
        visit(Upstreams.of("http://dead", "http://a"), Map.of("a", ScriptedServer.answering(HELLO)),
                (client, gateway) -> {
                    for (int i = 0; i < 10; i++) {
                        assertEquals("hello", client.get("/").text());
                    }
                    Reply posted = client.request("POST", "/").body("abc").send();
                    posted.close();
                    assertEquals(200, posted.status());
                });
    }

    @SimTest(seeds = 10)
    void upstreamThatCannotBeReachedInTimeIsPassedOverEvenWithABody() {
        ScriptedServer near = good();
        var http = HttpClient.builder().connector((host, port) -> {
            if (host.equals("far")) {
                Heddle.sleep(Duration.ofHours(1));
            }
            return near.connect(host, port);
        }).build();
        var upstreams = Upstreams.of("http://far", "http://near");
        try (near;
                http;
                var gateway = Proxying.to(upstreams, http).withTimeouts(SHORT);
                var client = TestClient.of(gateway)) {
            for (int i = 0; i < 10; i++) {
                Reply posted = client.request("POST", "/").body("abc").send();
                posted.close();
                assertEquals(200, posted.status());
            }
            assertTrue(gateway.statistics().getFirst().failures() > 0);
            assertIdle(gateway);
        }
    }

    @SimTest(seeds = 5)
    void manyAtOnceThatFindAnUpstreamDeadAreAllAnsweredByTheOther() {
        visit(Upstreams.of("http://dead", "http://a"), Map.of("a", ScriptedServer.answering(HELLO)),
                (client, gateway) -> {
                    var asking = new ArrayList<Task<Integer>>();
                    for (int i = 0; i < 80; i++) {
                        asking.add(Heddle.spawn(() -> {
                            Reply reply = client.get("/");
                            reply.bytes();
                            return reply.status();
                        }));
                    }
                    for (Task<Integer> task : asking) {
                        assertEquals(200, task.join());
                    }
                });
    }

    private static ScriptedServer good() {
        return ScriptedServer.of(peer -> {
            while (peer.hasRequest()) {
                peer.body(3);
                peer.send(HELLO);
            }
        });
    }

    @SimTest(seeds = 3)
    void failuresHaveTheirNames() {
        visit(Upstreams.of("http://dead"), Map.of(),
                (client, gateway) -> assertEquals("heddle; error=destination_unavailable", problem(client)));
        visit(silent(), (client, gateway) -> assertEquals("heddle; error=http_response_timeout", problem(client)));
        visit(ScriptedServer.answering("nonsense\r\n\r\n"),
                (client, gateway) -> assertEquals("heddle; error=http_protocol_error", problem(client)));
        visit(ScriptedServer.of(ScriptedServer.Peer::request),
                (client, gateway) -> assertEquals("heddle; error=connection_terminated", problem(client)));
    }

    private static String problem(TestClient client) {
        Reply reply = client.request("POST", "/").send();
        reply.close();
        return reply.headers().first("Proxy-Status");
    }

    @SimTest(seeds = 3)
    void closedGatewaySaysThatItIs() {
        var gateway = Proxying.to(Upstreams.of("http://127.0.0.1:1"));
        gateway.close();
        try (var client = TestClient.of(gateway)) {
            assertEquals(503, client.get("/").status());
        }
    }

    @SimTest(seeds = 10)
    void onlyWhatMayBeRepeatedIsTriedOnAnotherUpstream() {
        var broken = ScriptedServer.of(peer -> {
            peer.request();
            peer.abort();
        });
        visit(Upstreams.of("http://a", "http://b"), Map.of("a", broken, "b", ScriptedServer.answering(HELLO)),
                (client, gateway) -> {
                    for (int i = 0; i < 5; i++) {
                        assertEquals("hello", client.get("/").text());
                    }
                    int good = 0;
                    int bad = 0;
                    for (int i = 0; i < 12; i++) {
                        Reply reply = client.request("POST", "/").send();
                        good += reply.status() == 200 ? 1 : 0;
                        bad += reply.status() == 502 ? 1 : 0;
                        reply.close();
                    }
                    assertEquals(12, good + bad);
                    assertTrue(bad > 0);
                });
    }

    @SimTest(seeds = 3)
    void questionIsPassedOnWithItsWords() {
        var asked = new ArrayList<String>();
        visit(
                Upstreams.of("http://a"),
                Map.of("a", ScriptedServer.of(peer -> {
                    asked.add(peer.request() + peer.readUntil("knots hold"));
                    peer.send(HELLO);
                })),
                (client, gateway) -> assertEquals(
                        "hello", client.request("QUERY", "/search").body("which knots hold").send().text()));
        assertTrue(asked.getFirst().startsWith("QUERY /search HTTP/1.1\r\n"), asked.toString());
        assertTrue(asked.getFirst().contains("which knots hold"), asked.toString());
    }

    @SimTest(seeds = 10)
    void bodyOfWhichAPieceWasTakenIsTriedOnNoOtherUpstream() {
        var broken = ScriptedServer.of(peer -> {
            peer.request();
            peer.body(3);
            peer.abort();
        });
        var good = good();
        visit(Upstreams.of("http://a", "http://b"), Map.of("a", broken, "b", good), (client, gateway) -> {
            int bad = 0;
            for (int i = 0; i < 12; i++) {
                Reply reply = client.request("PUT", "/").body("abc").send();
                bad += reply.status() == 502 ? 1 : 0;
                reply.close();
            }
            assertTrue(bad > 0);
            assertEquals(12, broken.requests.size() + good.requests.size());
        });
    }

    @SimTest(seeds = 5)
    void failureThatIsToldWhileTheBodyComesCountsForTheBreaker() {
        var upstreams = Upstreams.of("http://up").withBreaker(
                CircuitBreakerOptions.DEFAULT.withFailureShare(0.5).withMinCalls(3).withPause(OF_SEVEN_SECONDS));
        var server = ScriptedServer.of(peer -> {
            peer.request();
            peer.send("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n");
            peer.awaitEnd();
        });
        visit(upstreams, Map.of("up", server), (client, gateway) -> {
            for (int i = 0; i < 4; i++) {
                Reply refused = client.request("POST", "/").body(out -> {
                    out.write(1);
                    out.flush();
                    Heddle.sleep(Duration.ofHours(1));
                }).send();
                refused.close();
                assertEquals(503, refused.status());
                assertEquals(i == 3, refused.headers().contains("Retry-After"));
            }
            assertEquals(3, server.requests.size());
            assertIdle(gateway);
        });
    }

    @SimTest(seeds = 5)
    void openBreakerLeavesTheUpstreamAlone() {
        var upstreams = Upstreams.of("http://up").withBreaker(
                CircuitBreakerOptions.DEFAULT.withFailureShare(0.5).withMinCalls(3).withPause(OF_SEVEN_SECONDS));
        var server = ScriptedServer.answering("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n");
        visit(upstreams, Map.of("up", server), (client, gateway) -> {
            for (int i = 0; i < 3; i++) {
                assertEquals(503, client.get("/").status());
            }
            Reply refused = client.get("/");
            assertEquals("7", refused.headers().first("Retry-After"));
            assertEquals(503, refused.status());
            assertEquals(3, server.requests.size());
            assertTrue(gateway.report().contains("http://up: 0 in flight, 0 waiting, 3 requests"), gateway.report());
            assertTrue(gateway.report().contains("breaker OPEN"), gateway.report());
        });
    }

    @SimTest(seeds = 1)
    void rollingRestartOfTwoLosesNothing() {
        ScriptedServer.Script close = peer -> {
            peer.request();
            peer.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
        };
        Map<String, ScriptedServer> up = new HashMap<>(
                Map.of("a", ScriptedServer.of(close), "b", ScriptedServer.of(close)));
        visit(Upstreams.of("http://a", "http://b"), up, (client, gateway) -> {
            var bad = new ArrayList<Integer>();
            List<Task<Void>> asking = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                asking.add(Heddle.spawn(() -> {
                    while (true) {
                        try (Reply reply = client.get("/")) {
                            if (reply.status() != 200) {
                                bad.add(reply.status());
                            }
                        }
                        Heddle.sleep(Duration.ofMillis(40));
                    }
                }));
            }
            for (String name : List.of("a", "b", "a", "b")) {
                Heddle.sleep(Duration.ofMillis(500));
                ScriptedServer down = up.remove(name);
                Heddle.sleep(Duration.ofSeconds(3));
                up.put(name, down);
            }
            Heddle.sleep(Duration.ofSeconds(2));
            asking.forEach(task -> task.cancel("done"));
            assertEquals(List.of(), bad);
        });
    }

    @SimTest(seeds = 10)
    void limitHoldsItsLineAndWhoFindsNoRoomIsTold() {
        var server = ScriptedServer.of(peer -> {
            while (peer.hasRequest()) {
                Heddle.sleep(Duration.ofSeconds(2));
                peer.send(HELLO);
            }
        });
        var upstreams = Upstreams.of("http://up")
                .withMaxInFlight(2).withMaxWaiting(3).withMaxWait(Duration.ofSeconds(3));
        var said = new ArrayList<String>();
        Logger logger = Logger.getLogger("dev.heddle.http.gateway");
        logger.setFilter(entry -> {
            said.add(entry.getMessage());
            return false;
        });
        visit(upstreams, Map.of("up", server), (client, gateway) -> {
            var asking = new ArrayList<Task<Integer>>();
            for (int i = 0; i < 6; i++) {
                asking.add(Heddle.spawn(() -> {
                    Reply reply = client.get("/");
                    reply.bytes();
                    return reply.status();
                }));
            }
            Heddle.sleep(Duration.ofMillis(100));
            assertEquals(2, gateway.statistics().getFirst().inFlight());
            assertEquals(3, gateway.statistics().getFirst().waiting());
            int served = 0;
            for (Task<Integer> task : asking) {
                served += task.join() == 200 ? 1 : 0;
            }
            assertEquals(4, served);
            assertTrue(server.mostOpen <= 2, "open " + server.mostOpen);
            assertEquals(2, gateway.statistics().getFirst().refused());
            assertIdle(gateway);
            assertEquals(0, gateway.statistics().getFirst().waiting());
        });
        logger.setFilter(null);
        assertEquals(
                List.of("upstream http://up has 2 requests in flight and 3 that wait, so some are answered with 503:"
                        + " see withMaxInFlight, withMaxWaiting and withMaxWait of Upstreams"),
                said);
    }

    @SimTest(seeds = 3)
    void whatServersDoNotAgreeOnIsRefused() {
        var server = ScriptedServer.answering(HELLO);
        visit(server, (client, gateway) -> {
            assertRefused(client.get("/a/%2e%2e/admin"));
            assertRefused(client.get("/a/..%2fadmin"));
            assertRefused(client.get("/a/..%5Cadmin"));
            assertRefused(client.get("/a/..;x=1/admin"));
            assertEquals(501, client.request("TRACE", "/").send().status());
            assertEquals(508, client.request("GET", "/")
                    .header("Via", "1.1 heddle, ".repeat(9) + "1.1 heddle").send().status());
            assertEquals(0, server.requests.size());
        });
    }

    @Test
    void targetAndHostChooseNoUpstream() {
        var asked = new ArrayList<String>();
        var servers = new ArrayList<ScriptedServer>();
        var http = HttpClient.builder().connector((host, port) -> {
            asked.add(host + ":" + port);
            return servers.getFirst().connect(host, port);
        }).build();
        var gateway = Proxying.to(Upstreams.of("http://up:8080"), http);
        Wire.play(HttpServer.builder().any("/{path...}", gateway), (peer, connection) -> {
            servers.add(ScriptedServer.answering(HELLO));
            peer.write("GET http://evil:81/@evil:82//evil HTTP/1.1\r\nHost: evil:81\r\n\r\n");
            assertEquals(200, Wire.status(Wire.response(peer)));
            peer.write("POST /x HTTP/1.1\r\nHost: evil:83\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
            assertEquals(200, Wire.status(Wire.response(peer)));
            http.close();
            servers.forEach(ScriptedServer::close);
        });
        assertEquals(List.of("up:8080"), asked);
        List<String> heads = servers.getFirst().requests;
        assertTrue(heads.getFirst().startsWith("GET /@evil:82//evil HTTP/1.1\r\nHost: up:8080\r\n"), heads.getFirst());
        assertTrue(heads.get(1).startsWith("POST /x HTTP/1.1\r\nHost: up:8080\r\n"), heads.get(1));
    }

    /** All places are given back, a moment after the last byte. */
    private static void assertIdle(Proxying gateway) {
        Heddle.sleep(Duration.ofMillis(50));
        for (UpstreamStatistics upstream : gateway.statistics()) {
            assertEquals(0, upstream.inFlight());
        }
    }

    /** By the routes, or by the gateway. */
    private static void assertRefused(Reply reply) {
        reply.close();
        assertTrue(reply.status() == 400 || reply.status() == 404, "status " + reply.status());
    }

    @Test
    void upstreamsThatAreNoneAreRefused() {
        for (String bad : List.of("", "10.0.0.1", "ftp://a", "http://u:p@a", "http://a/b", "http://a?b", "http://")) {
            assertThrows(IllegalArgumentException.class, () -> Upstreams.of(bad), bad);
        }
        assertThrows(IllegalArgumentException.class, () -> Upstreams.of());
        assertThrows(IllegalArgumentException.class, () -> Upstreams.of("http://a", "http://a/"));
        assertFalse(assertThrows(IllegalArgumentException.class, () -> Upstreams.of("http://u:secret@a"))
                .getMessage().contains("secret"));
    }

    /** A client whose connector tries two addresses at once. */
    @SimTest(seeds = 5)
    void upstreamThatNoneOfSeveralConnectsReachesIsPassedOverAndIs502WhereThereIsNoOther() {
        ScriptedServer near = good();
        var http = HttpClient.builder()
                .connector((host, port) -> host.equals("near")
                        ? near.connect(host, port)
                        : Heddle.race(() -> Tcp.connect("127.0.0.1", 1), () -> Tcp.connect("127.0.0.1", 2)))
                .build();
        try (near;
                http;
                var both = Proxying.to(Upstreams.of("http://dead", "http://near"), http);
                var dead = Proxying.to(Upstreams.of("http://dead"), http);
                var client = TestClient.of(both);
                var unlucky = TestClient.of(dead)) {
            for (int i = 0; i < 10; i++) {
                try (Reply posted = client.request("POST", "/").body("abc").send()) {
                    assertEquals(200, posted.status());
                }
            }
            Reply failed = unlucky.get("/");
            assertEquals(502, failed.status());
            assertEquals("heddle; error=destination_unavailable", failed.headers().first("Proxy-Status"));
        }
    }
}
