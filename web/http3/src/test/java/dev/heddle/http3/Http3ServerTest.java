package dev.heddle.http3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.http.Headers;
import dev.heddle.http.StatusException;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.http.server.AccessRecord;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.sync.Event;
import dev.heddle.tls.ClientTls;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.TlsAuthority;
import dev.heddle.tls.TlsIdentity;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server's HTTP/3, asked by Netty's client. */
@Timeout(60)
final class Http3ServerTest {

    private static final TlsAuthority AUTHORITY = TlsAuthority.create("tests", Duration.ofDays(9));
    private static final TlsIdentity IDENTITY = AUTHORITY.issue(Duration.ofDays(8), "localhost", "127.0.0.1");
    private static final ServerTls TLS = ServerTls.of(IDENTITY);

    private interface Body {
        void run(NettyClient client, HttpServer server) throws Exception;
    }

    /** Runs a body that waits on a thread of its own. */
    private static void withServer(HttpServer.Builder description, Body body) {
        Heddle.run(() -> {
            try (HttpServer server = description.tls(TLS).http3().start("127.0.0.1", 0)) {
                Heddle.offload(() -> {
                    try (NettyClient client = new NettyClient(server.port())) {
                        body.run(client, server);
                    }
                });
            }
        });
    }

    @Test
    void requestIsAnsweredWithItsFieldsAndCookies() {
        withServer(HttpServer.builder().get("/hello/{name}",
                request -> Response.text(request.path("name") + ", " + request.headers().first("cookie") + ", "
                        + request.scheme() + ", " + request.tls().orElseThrow().protocol())
                        .withHeader("X-Own", "yes")),
                (client, server) -> {
                    NettyClient.Answer answer = client.get("/hello/ann");
                    assertEquals("200", answer.status());
                    assertTrue(answer.text().startsWith("ann, a=1; b=2, https, h3"), answer.text());
                    assertEquals("yes", answer.fields().get("x-own"));
                    assertTrue(answer.fields().containsKey("date"));
                    assertEquals(Integer.toString(answer.body().length), answer.fields().get("content-length"));
                });
    }

    @Test
    void headNotFoundAndFailuresAreWhatTheyAreOverHttp2() {
        withServer(HttpServer.builder()
                .get("/", request -> Response.text("hello"))
                .get("/none", request -> Response.empty())
                .get("/told", request -> {
                    throw new StatusException(409, "not now");
                }),
                (client, server) -> {
                    NettyClient.Answer head = client.begin("HEAD", "/", null).get(9, TimeUnit.SECONDS);
                    assertEquals("5", head.fields().get("content-length"));
                    assertEquals(0, head.body().length);
                    assertEquals("204", client.get("/none").status());
                    assertEquals("404", client.get("/other").status());
                    assertEquals("409", client.get("/told").status());
                    assertEquals("405", client.post("/", new byte[1]).status());
                });
    }

    @Test
    void bodiesOfMegabytesGoBothWays() {
        byte[] body = new byte[3_000_000];
        new Random(1).nextBytes(body);
        withServer(HttpServer.builder().post("/echo",
                request -> Response.bytes("application/octet-stream", request.bytes(4_000_000))),
                (client, server) -> assertArrayEquals(body, client.post("/echo", body).body()));
    }

    @Test
    void bodiesAreStreamedWithTrailersBehindThem() {
        withServer(HttpServer.builder().get("/stream", request -> Response.stream("text/plain", out -> {
            for (int i = 0; i < 100; i++) {
                out.write(("line " + i + "\n").getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
        }).withTrailers(() -> Headers.of("X-Lines", "100"))), (client, server) -> {
            NettyClient.Answer answer = client.get("/stream");
            assertEquals(100, answer.text().lines().count());
            assertEquals("100", answer.trailers().get("x-lines"));
        });
    }

    @Test
    void filesAreServed(@TempDir Path directory) throws Exception {
        byte[] content = new byte[500_000];
        new Random(2).nextBytes(content);
        Files.write(directory.resolve("large.bin"), content);
        withServer(HttpServer.builder().files("/files", directory), (client, server) -> assertArrayEquals(content,
                client.get("/files/large.bin").body()));
    }

    @Test
    void hundredRequestsAtOnceAreAnsweredSideBySide() {
        Event all = Event.create();
        int[] arrived = {0};
        withServer(HttpServer.builder().get("/", request -> {
            if (++arrived[0] == 100) {
                all.set();
            }
            all.await();
            return Response.text("together");
        }), (client, server) -> {
            List<CompletableFuture<NettyClient.Answer>> answers = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                answers.add(client.begin("GET", "/", null));
            }
            for (CompletableFuture<NettyClient.Answer> answer : answers) {
                assertEquals("together", answer.get(20, TimeUnit.SECONDS).text());
            }
        });
    }

    @Test
    void bodyThatNobodyReadsHoldsNothingUp() {
        withServer(HttpServer.builder()
                .post("/ignored", request -> Response.text("no need"))
                .get("/", request -> Response.text("hello")),
                (client, server) -> {
                    assertEquals("no need", client.post("/ignored", new byte[2_000_000]).text());
                    assertEquals("hello", client.get("/").text());
                });
    }

    @Test
    void responseThatFailsInTheMiddleIsCutOff() {
        List<Throwable> failures = new ArrayList<>();
        withServer(HttpServer.builder().get("/broken", request -> Response.stream("text/plain", out -> {
            out.write(new byte[100]);
            out.flush();
            throw new StatusException(500, "told too late");
        })).get("/", request -> Response.text("hello")), (client, server) -> {
            failures.add(assertThrows(ExecutionException.class,
                    () -> client.begin("GET", "/broken", null).get(9, TimeUnit.SECONDS)));
            assertEquals("hello", client.get("/").text());
        });
        assertEquals(1, failures.size());
    }

    @Test
    void responsesOverTcpTellOfIt() {
        Heddle.run(() -> {
            try (HttpServer server = HttpServer.builder()
                    .tls(TLS)
                    .http3()
                    .get("/", request -> Response.text("hello"))
                    .start("127.0.0.1", 0);
                    HttpClient client = HttpClient.builder()
                            .tls(ClientTls.DEFAULT.withTrust(AUTHORITY.trust()))
                            .build()) {
                Reply reply = client.get("https://localhost:" + server.port() + "/");
                assertEquals("h3=\":" + server.port() + "\"; ma=86400", reply.headers().first("Alt-Svc"));
            }
        });
    }

    @Test
    void accessLogAndStatisticsCountIt() {
        List<AccessRecord> records = new ArrayList<>();
        withServer(HttpServer.builder().accessLog(records::add).get("/", request -> Response.text("hello")),
                (client, server) -> {
                    assertEquals("200", client.get("/").status());
                    assertEquals(1, server.statistics().connections());
                    assertEquals(1, server.statistics().successes());
                });
        assertTrue(records.getFirst().toString().contains("HTTP/3"), records::toString);
    }

    @Test
    void stopLetsWhatIsUnderWayFinish() {
        Event begun = Event.create();
        Heddle.run(() -> {
            try (HttpServer server = HttpServer.builder().tls(TLS).http3().get("/", request -> {
                begun.set();
                Heddle.sleep(Duration.ofMillis(300));
                return Response.text("finished");
            }).start("127.0.0.1", 0)) {
                var answer = Heddle.spawn(() -> Heddle.offload(() -> {
                    try (NettyClient client = new NettyClient(server.port())) {
                        return client.get("/").text();
                    }
                }));
                begun.await();
                server.stop(Duration.ofSeconds(10));
                assertEquals("finished", answer.join());
                assertEquals(0, server.statistics().connections());
            }
        });
    }

    @Test
    void needsTlsOfOneIdentityWithoutCertificatesOfClients() {
        assertThrows(IllegalArgumentException.class, () -> HttpServer.builder().http3().build());
        assertThrows(IllegalArgumentException.class,
                () -> HttpServer.builder().tls(TLS).http3().proxyProtocol("127.0.0.1").build());
        for (ServerTls tls : List.of(TLS.withClientsNeeded(AUTHORITY.trust()), TLS.withName("a.example", IDENTITY))) {
            Heddle.run(() -> {
                HttpServer.Builder server = HttpServer.builder().tls(tls).http3().get("/", _ -> Response.text(""));
                assertThrows(IllegalStateException.class, () -> server.start("127.0.0.1", 0));
            });
        }
    }
}
