package dev.heddle.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.http.client.ClientRequest;
import dev.heddle.http.client.HttpCache;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.http.client.RetryPolicy;
import dev.heddle.http.gateway.Proxying;
import dev.heddle.http.gateway.Upstreams;
import dev.heddle.http.server.Compression;
import dev.heddle.http.server.ContentDigests;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.http.server.Routes;
import dev.heddle.http.testing.TestClient;
import dev.heddle.internal.Hash;
import dev.heddle.io.MemoryStreams;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimTest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies are guarded by digests from end to end (RFC 9530), on both sides and over both versions of HTTP. */
final class ContentDigestsTest {

    private static final String HELLO = digest("SHA-256", "sha-256", "hello");
    private static final String HELLO_512 = digest("SHA-512", "sha-512", "hello");
    private static final String OTHER = digest("SHA-256", "sha-256", "other");

    private final List<String> read = new ArrayList<>();

    private final Routes routes = Routes.create().use(ContentDigests.DEFAULT)
            .post("/", request -> {
                read.add(request.text(100));
                return Response.text("got");
            })
            .get("/text", request -> Response.text("hello"))
            .get("/own", request -> Response.text("hello").withHeader("Content-Digest", "md5=:AAAA:"))
            .get("/stream", request -> Response.stream("text/plain", out -> {
                out.write("hel".getBytes(US_ASCII));
                out.flush();
                out.write("lo".getBytes(US_ASCII));
            }).withTrailers(() -> Headers.of("X-Last", "1")))
            .get("/long", request -> Response.stream("text/plain", 5, out -> out.write("hello".getBytes(US_ASCII))));

    private static String digest(String java, String name, String text) {
        return name + "=:" + Base64.getEncoder().encodeToString(Hash.of(java, text.getBytes(US_ASCII))) + ":";
    }

    private interface Body {
        void run(HttpClient http) throws Exception;
    }

    /** A client whose connections all lead to the routes. */
    private void play(HttpClient.Builder options, boolean isHttp2, Body body) {
        HttpServer server = HttpServer.builder().mount("/", routes).build();
        options.connector((host, port) -> {
            MemoryStreams.Pair pair = MemoryStreams.pair();
            Heddle.currentLoop().spawn(() -> server.serve(pair.right()));
            return pair.left();
        });
        Sim.run(() -> {
            try (HttpClient http = (isHttp2 ? options.http2PriorKnowledge() : options).build()) {
                body.run(http);
            }
        });
    }

    // ---- requests ----

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void requestIsCheckedByAllDigestsThatAreKnown(boolean isHttp2) {
        play(HttpClient.builder(), isHttp2, http -> {
            for (String right : List.of(HELLO, HELLO_512, HELLO + ", " + HELLO_512, "md5=:AAAA:, crc99=:AQ==:",
                    "crc99=7, " + HELLO + ";a=b")) {
                assertEquals(200, post(http, "Content-Digest", right).status(), right);
                assertEquals(200, post(http, "Repr-Digest", right).status(), right);
            }
            assertEquals(10, read.size());
            for (String wrong : List.of(OTHER, HELLO_512 + ", " + OTHER, "sha-256=:AAAA:", "sha-256=:%%:", "sha-256=7",
                    "sha-256", "SHA-256=:AAAA:", "sha-256=:AAAA", HELLO + ",", "=", "sha-256=(:AAAA:)")) {
                for (String name : List.of("Content-Digest", "Repr-Digest")) {
                    Reply refused = post(http, name, wrong);
                    assertEquals(400, refused.status(), wrong);
                    assertEquals("application/problem+json", refused.headers().first("Content-Type"));
                    assertTrue(refused.text().contains("\"parameter\":\"" + name + "\""), wrong);
                }
            }
            assertEquals(10, read.size());
        });
    }

    private static Reply post(HttpClient http, String name, String digest) {
        return http.request("POST", "http://site/").header(name, digest).body("hello").send();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void digestsBehindABodyAreChecked(boolean isHttp2) {
        play(HttpClient.builder(), isHttp2, http -> {
            assertEquals(200, streamed(http, HELLO));
            assertEquals(400, streamed(http, OTHER));
            assertEquals(400,
                    http.request("POST", "http://site/").header("Content-Digest", OTHER).body("").send().status());
            assertEquals(List.of("hello"), read);
        });
    }

    private static int streamed(HttpClient http, String digest) {
        ClientRequest request = http.request("POST", "http://site/").body(out -> out.write("hello".getBytes(US_ASCII)))
                .trailers(() -> Headers.of("Content-Digest", digest));
        try (Reply reply = request.header("Trailer", "Content-Digest").send()) {
            return reply.status();
        }
    }

    @SimTest(seeds = 20)
    void requestThatAGatewayPassesOnIsRefusedWhenItsEndIsFound() {
        try (var server = ScriptedServer.of(peer -> {
            peer.request();
            peer.awaitEnd();
        });
                var http = server.client().build();
                var gateway = Proxying.to(Upstreams.of("http://site"), http);
                var client = TestClient.of(Routes.create().use(ContentDigests.DEFAULT).any("/", gateway))) {
            ClientRequest wrong = client.request("POST", "/").header("Content-Digest", OTHER).body("hello");
            assertEquals(400, wrong.send().status());
        }
    }

    // ---- responses ----

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void peerGetsTheDigestThatItWants(boolean isHttp2) {
        play(HttpClient.builder(), isHttp2, http -> {
            assertEquals("null null", digests(http, "/text", ""));
            assertEquals(HELLO + " null", digests(http, "/text", "sha-256=1"));
            assertEquals(HELLO_512 + " null", digests(http, "/text", "sha-256=1, sha-512=10, md5=9"));
            for (String none : List.of("sha-256=0", "sha-256=11", "sha-256", "md5=1", "sha-256=1,", "sha-256=\"1\"")) {
                assertEquals("null null", digests(http, "/text", none), none);
            }
            assertEquals("null " + HELLO, digests(http, "/stream", "sha-256=1"));
            assertEquals("null null", digests(http, "/long", "sha-256=1"));
            assertEquals("md5=:AAAA: null", digests(http, "/own", "sha-256=1"));
            Reply head = http.request("HEAD", "http://site/text").header("Want-Content-Digest", "sha-256=1")
                    .header("Want-Repr-Digest", "sha-256=1").send();
            assertFalse(head.headers().contains("Content-Digest"));
            assertEquals(HELLO, head.headers().first("Repr-Digest"));
        });
    }

    private static String digests(HttpClient http, String path, String wanted) {
        ClientRequest request = http.request("GET", "http://site" + path);
        try (Reply reply = (wanted.isEmpty() ? request : request.header("Want-Content-Digest", wanted)).send()) {
            assertEquals("hello", reply.text());
            assertEquals(path.equals("/stream"), reply.trailers().contains("X-Last"));
            return reply.headers().first("Content-Digest") + " " + reply.trailers().first("Content-Digest");
        }
    }

    @SimTest(seeds = 20)
    void compressedBodyHasNoDigestOfWhatItWasAlsoBehindIt() {
        String text = "knots ".repeat(1_000);
        Routes stack = Routes.create().use(Compression.DEFAULT).use(ContentDigests.DEFAULT)
                .get("/", request -> Response.stream("text/plain", out -> out.write(text.getBytes(US_ASCII))));
        try (TestClient client = TestClient.of(stack)) {
            Reply reply = client.request("GET", "/").header("Want-Content-Digest", "sha-256=1").send();
            assertEquals("gzip", reply.headers().first("Content-Encoding"));
            assertEquals(text, reply.text());
            assertFalse(reply.trailers().contains("Content-Digest"));
        }
    }

    // ---- the client ----

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void clientSendsAsksAndChecks(boolean isHttp2) {
        play(HttpClient.builder().contentDigests(), isHttp2, http -> {
            assertEquals("got", http.post("http://site/", "hello").text());
            assertEquals("hello", http.get("http://site/text").text());
            assertEquals("hello", http.get("http://site/stream").text());
            assertEquals("hello", http.get("http://site/own").text());
        });
    }

    @SimTest(seeds = 20)
    void clientTellsTheServerWhatItHas() {
        try (var server = ScriptedServer.of(peer -> {
            peer.request();
            peer.body(5);
            peer.send("HTTP/1.1 204 No Content\r\n\r\n");
        }); var http = server.client().contentDigests().build()) {
            http.post("http://site/", "hello").close();
            assertTrue(server.requests.getFirst().contains("\r\nContent-Digest: " + HELLO + "\r\n"));
            assertTrue(server.requests.getFirst().contains("\r\nWant-Content-Digest: sha-256=10, sha-512=5\r\n"));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
            "200; Content-Digest; Content-Length: 5|hello", "200; Repr-Digest; Content-Length: 5|hello",
            "206; Content-Digest; Content-Range: bytes 0-4/9|Content-Length: 5|hello",
            "200; Content-Digest; Transfer-Encoding: chunked|5|hello|0|",
            "404; Content-Digest; Content-Length: 5|hello"
    })
    void damagedReplyHasAFailureOfItsOwnName(int status, String name, String rest) {
        for (String wrong : List.of(OTHER, "sha-256=7")) {
            reply(status, name + ": " + wrong, rest, http -> {
                ClientRequest request = http.request("GET", "http://site/").retries(RetryPolicy.DEFAULT);
                DigestMismatchException damaged = assertThrows(DigestMismatchException.class,
                        () -> request.send().text());
                assertTrue(damaged.getMessage().contains(name), damaged.getMessage());
                assertTrue(damaged.getMessage().contains("GET http://site/"), damaged.getMessage());
            });
        }
        reply(status, name + ": " + HELLO, rest, http -> assertEquals("hello", http.get("http://site/").text()));
    }

    private static void reply(int status, String field, String rest, Body body) {
        String lines = rest.replace("|", "\r\n").replaceFirst("\r\n(?=hello|5\r\n)", "\r\n\r\n");
        Sim.run(() -> {
            try (var server = ScriptedServer.of(peer -> {
                peer.request();
                peer.send("HTTP/1.1 " + status + " Any\r\n" + field + "\r\n" + lines
                        + (rest.endsWith("|") ? "\r\n" : ""));
            }); var http = server.client().contentDigests().build()) {
                body.run(http);
                assertEquals(1, server.requests.size());
            }
        });
    }

    @Test
    void whatIsNotTheWholeHasNoDigestOfIt() {
        reply(206, "Repr-Digest: " + OTHER, "Content-Range: bytes 0-4/9|Content-Length: 5|hello",
                http -> assertEquals("hello", http.get("http://site/").text()));
    }

    @SimTest(seeds = 20)
    void longReplyIsCheckedByTheReadThatEndsItAndIsNotKept() {
        String text = "x".repeat(100_000);
        String head = "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 100000\r\nContent-Digest: ";
        try (var server = ScriptedServer.of(peer -> {
            for (String digest : List.of(OTHER, digest("SHA-256", "sha-256", text))) {
                peer.request();
                peer.send(head + digest + "\r\n\r\n" + text);
            }
        }, peer -> {
            peer.request();
            peer.send(head + digest("SHA-256", "sha-256", text) + "\r\n\r\n" + text);
        });
                var http = server.client().contentDigests().cache(HttpCache.inMemory(10_000_000)).build()) {
            assertThrows(DigestMismatchException.class, () -> http.get("http://site/").text());
            assertEquals(text, http.get("http://site/").text());
            assertEquals(text, http.get("http://site/").text());
            assertEquals(2, server.requests.size());
        }
    }

    @SimTest(seeds = 20)
    void gatewaysClientTakesADamagedReplyForAFailureOfItsUpstream() {
        try (var server = ScriptedServer.answering(
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Digest: " + OTHER + "\r\n\r\nhello");
                var http = server.client().contentDigests().build();
                var gateway = Proxying.to(Upstreams.of("http://site"), http);
                var client = TestClient.of(Routes.create().any("/", gateway))) {
            assertEquals(502, client.get("/").status());
        }
    }
}
