package dev.heddle.http3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.Heddle;
import dev.heddle.TaskCancelledException;
import dev.heddle.http.Headers;
import dev.heddle.http.Http2Limits;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.http.gateway.Proxying;
import dev.heddle.http.gateway.Upstreams;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.net.ConnectFailedException;
import dev.heddle.net.Udp;
import dev.heddle.sync.Event;
import dev.heddle.tls.ClientTls;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.TlsAuthority;
import dev.heddle.tls.TlsIdentity;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Our client's HTTP/3 and our server's. */
@Timeout(120)
final class Http3ClientTest {

    private static final TlsAuthority AUTHORITY = TlsAuthority.create("tests", Duration.ofDays(9));
    private static final TlsIdentity IDENTITY = AUTHORITY.issue(Duration.ofDays(8), "localhost", "127.0.0.1");
    private static final ServerTls TLS = ServerTls.of(IDENTITY);
    private static final ClientTls TRUST = ClientTls.DEFAULT.withTrust(AUTHORITY.trust());

    private interface Body {
        void run(HttpClient client, String url, HttpServer server) throws Exception;
    }

    private static HttpClient client() {
        return HttpClient.builder().tls(TRUST).http3().build();
    }

    /** Runs a body whose client has heard of the server's HTTP/3. */
    private static void withClient(HttpServer.Builder description, Body body) {
        Heddle.run(() -> between(description, body));
    }

    private static void between(HttpServer.Builder description, Body body) throws Exception {
        try (HttpServer server = description.tls(TLS)
                .http3()
                .get("/version", request -> Response.text(request.version()))
                .start("127.0.0.1", 0);
                HttpClient client = client()) {
            String url = "https://localhost:" + server.port();
            Learned.awaitHttp3(client, url + "/version", url + "/version");
            body.run(client, url, server);
        }
    }

    @Test
    void allRequestsBehindTheFirstShareAConnection() {
        withClient(HttpServer.builder(), (client, url, server) -> {
            for (int i = 0; i < 3; i++) {
                Reply reply = client.get(url + "/version");
                assertEquals("HTTP/3", reply.text());
            }
            assertEquals(1, client.statistics().connections());
        });
    }

    @Test
    void bodiesGoBothWays() {
        byte[] body = new byte[3_000_000];
        new Random(3).nextBytes(body);
        withClient(HttpServer.builder()
                .post("/echo", r -> Response.bytes("application/octet-stream", r.bytes(4_000_000)))
                .post("/count", r -> Response.text(r.bytes(100).length + ", " + r.header("Content-Type").orElse(""))),
                (client, url, server) -> {
                    assertArrayEquals(body, client.post(url + "/echo", body).bytes());
                    assertEquals("5, text/plain; charset=utf-8", client.post(url + "/count", "12345").text());
                    Reply streamed = client.request("POST", url + "/echo")
                            .body(out -> {
                                for (int i = 0; i < 100; i++) {
                                    out.write("0123456789".getBytes(StandardCharsets.US_ASCII));
                                    out.flush();
                                }
                            })
                            .send();
                    assertEquals(1_000, streamed.bytes().length);
                });
    }

    @Test
    void thousandRequestsFiftyAtATimeShareAConnection() {
        withClient(HttpServer.builder().get("/{n}", request -> Response.text(request.path("n"))),
                (client, url, server) -> {
                    List<Integer> numbers = IntStream.range(0, 1_000).boxed().toList();
                    assertEquals(numbers, Heddle.map(numbers, 50,
                            n -> Integer.valueOf(client.get(url + "/" + n).text())));
                    assertEquals(1, client.statistics().connections());
                });
    }

    @Test
    void headStatusTrailersAndErrorsAreWhatTheyAreOverHttp2() {
        withClient(HttpServer.builder()
                .get("/", r -> Response.text("hello"))
                .get("/none", r -> Response.empty())
                .get("/trailed", r -> Response.stream("text/plain", out -> out.write(1))
                        .withTrailers(() -> Headers.of("X-Sum", "1"))),
                (client, url, server) -> {
                    Reply head = client.head(url + "/");
                    assertEquals("5", head.headers().first("Content-Length"));
                    assertEquals(0, head.bytes().length);
                    assertEquals(204, client.get(url + "/none").status());
                    assertEquals(404, client.get(url + "/no").status());
                    Reply trailed = client.get(url + "/trailed");
                    assertEquals(1, trailed.bytes().length);
                    assertEquals("1", trailed.trailers().first("X-Sum"));
                });
    }

    @Test
    void responseThatBreaksOffIsNoWholeOne() {
        withClient(HttpServer.builder().get("/broken", r -> Response.stream("text/plain", out -> {
            out.write(new byte[100]);
            out.flush();
            throw new IllegalStateException("in the middle");
        })), (client, url, server) -> {
            assertThrows(BrokenException.class, () -> client.get(url + "/broken").bytes());
            assertEquals("HTTP/3", client.get(url + "/version").text());
        });
    }

    @Test
    void cancelledRequestLeavesTheConnection() {
        Event begun = Event.create();
        Event gone = Event.create();
        withClient(HttpServer.builder().get("/slow", request -> {
            begun.set();
            request.awaitDisconnect();
            gone.set();
            return Response.text("too late");
        }), (client, url, server) -> {
            var slow = Heddle.spawn(() -> client.get(url + "/slow"));
            begun.await();
            slow.cancel("the test wants no more of it");
            assertThrows(TaskCancelledException.class, slow::join);
            Heddle.timeout(Duration.ofSeconds(20), gone::await);
            assertEquals("HTTP/3", client.get(url + "/version").text());
            assertEquals(1, client.statistics().connections());
        });
    }

    @Test
    void moreRequestsThanTheServerTakesAllEndWell() {
        withClient(HttpServer.builder()
                .http2(Http2Limits.DEFAULT.withMaxStreams(5))
                .get("/", request -> Response.text("done")),
                (client, url, server) -> assertEquals(Collections.nCopies(500, "done"),
                        Heddle.map(Collections.nCopies(500, url + "/"), 50, each -> client.get(each).text())));
    }

    @Test
    void serverThatStopsLetsWhatIsUnderWayFinishAndTellsTheRest() {
        Event begun = Event.create();
        withClient(HttpServer.builder().get("/slow", request -> {
            begun.set();
            Heddle.sleep(Duration.ofMillis(200));
            return Response.text("finished");
        }), (client, url, server) -> {
            var slow = Heddle.spawn(() -> client.get(url + "/slow").text());
            begun.await();
            server.stop(Duration.ofSeconds(5));
            assertEquals("finished", slow.join());
            assertThrows(ConnectFailedException.class, () -> client.get(url + "/version"));
        });
    }

    /** As behind a firewall that lets no UDP through. */
    @Test
    void whereNobodyAnswersByUdpItIsTcpAndStaysSo() {
        Heddle.run(() -> {
            try (var silent = Udp.bind("127.0.0.1", 0);
                    HttpServer server = HttpServer.builder()
                            .tls(TLS)
                            .get("/", request -> Response.text(request.version())
                                    .withHeader("Alt-Svc", "h3=\":" + silent.localAddress().getPort() + "\""))
                            .start("127.0.0.1", 0);
                    HttpClient client = client()) {
                String url = "https://localhost:" + server.port() + "/";
                assertEquals("HTTP/2", client.get(url).text());
                long begin = System.nanoTime();
                assertEquals("HTTP/2", client.get(url).text());
                assertTrue(System.nanoTime() - begin < 2_000_000_000L, "it takes too long");
                assertTrue(silent.receive() != null, "it was tried");
                assertEquals("HTTP/2", client.get(url).text());
            }
        });
    }

    @Test
    void serverOfAnotherNameIsNotTaken() {
        TlsIdentity other = AUTHORITY.issue(Duration.ofDays(8), "other.example");
        Heddle.run(() -> {
            try (HttpServer wrong = HttpServer.builder()
                    .tls(ServerTls.of(other))
                    .http3()
                    .get("/", request -> Response.text("wrong"))
                    .start("127.0.0.1", 0);
                    HttpServer server = HttpServer.builder()
                            .tls(TLS)
                            .get("/", request -> Response.text("right")
                                    .withHeader("Alt-Svc", "h3=\":" + wrong.port() + "\""))
                            .start("127.0.0.1", 0);
                    HttpClient client = client()) {
                String url = "https://localhost:" + server.port() + "/";
                for (int i = 0; i < 3; i++) {
                    assertEquals("right", client.get(url).text());
                }
            }
        });
    }

    /** A second implementation, which asks each client to prove its address (Retry). */
    @Test
    void nettysServerAnswersOurClient() {
        byte[] large = new byte[2_000_000];
        new Random(4).nextBytes(large);
        Heddle.run(() -> {
            try (NettyServer netty = Heddle.offload(() -> new NettyServer(privateKey(), IDENTITY.certificate()));
                    HttpServer server = HttpServer.builder()
                            .tls(TLS)
                            .get("/", request -> Response.text(request.version())
                                    .withHeader("Alt-Svc", "h3=\":" + netty.port() + "\"; ma=60"))
                            .start("127.0.0.1", 0);
                    HttpClient client = client()) {
                String url = "https://localhost:" + server.port() + "/";
                Learned.awaitHttp3(client, url, url + "hello");
                Reply reply = client.get(url + "hello");
                assertEquals("GET /hello ", reply.text());
                assertEquals("netty", reply.headers().first("Server"));
                byte[] echoed = client.post(url + "echo", large).bytes();
                assertArrayEquals(large, Arrays.copyOfRange(echoed, "POST /echo ".length(), echoed.length));
                assertEquals(Collections.nCopies(300, "GET /n "),
                        Heddle.map(Collections.nCopies(300, url + "n"), 50, each -> client.get(each).text()));
            }
        });
    }

    private static PrivateKey privateKey() throws GeneralSecurityException {
        String pem = IDENTITY.pem();
        String base64 = pem.substring(pem.indexOf('\n') + 1, pem.indexOf("-----END")).replace("\n", "");
        return KeyFactory.getInstance(IDENTITY.certificate().getPublicKey().getAlgorithm())
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
    }

    @Test
    void gatewaySpeaksItInFrontOfHttp1() {
        Heddle.run(() -> {
            try (HttpServer upstream = HttpServer.builder()
                    .http1Only()
                    .post("/sum", request -> Response.text(request.version() + " " + request.bytes(2_000_000).length))
                    .start("127.0.0.1", 0)) {
                var gateway = Proxying.to(Upstreams.of("http://127.0.0.1:" + upstream.port()));
                between(HttpServer.builder().any("/sum", gateway), (client, url, server) -> {
                    Reply reply = client.post(url + "/sum", new byte[1_000_000]);
                    assertEquals("HTTP/1.1 1000000", reply.text());
                });
            }
        });
    }

    @Test
    void needsTlsThatIsNobodyElses() {
        assertThrows(IllegalStateException.class,
                () -> HttpClient.builder().tls(TRUST.withIdentity(IDENTITY)).http3().build());
        assertThrows(IllegalStateException.class, () -> HttpClient.builder().tls(TRUST.insecure()).http3().build());
    }
}
