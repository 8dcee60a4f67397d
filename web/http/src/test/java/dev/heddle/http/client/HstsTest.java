package dev.heddle.http.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.http.ScriptedServer;
import dev.heddle.http.TlsKeys;
import dev.heddle.io.ByteStream;
import dev.heddle.io.TlsException;
import dev.heddle.sim.Sim;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.Tls;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hosts that want https only get it, and nobody else can say so for them (RFC 6797). */
final class HstsTest {

    private static final String EMPTY = "Content-Length: 0\r\n\r\n";
    private static final String STRICT = "Strict-Transport-Security: max-age=100\r\n";

    @TempDir
    static Path directory;

    private static KeyStore key;

    @BeforeAll
    static void makeKey() {
        key = new TlsKeys(directory).selfSigned("key", "-ext", "SAN=dns:a.example");
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "max-age=100",
            "MAX-AGE=100",
            "max-age=\"100\"",
            "max-age=\"1\\00\"",
            " ; max-age = 100 ;; ",
            "max-age=100; includeSubDomains",
            "includesubdomains;max-age=100; preload; other=\"a;b\"",
            "max-age=99999999999999999999999999"
    })
    void wellFormedFieldIsTaken(String field) {
        var hosts = HstsHosts.create();
        assertTrue(hosts.add("https://a.example/", field));
        assertTrue(hosts.covers("http://a.example:8080/x"));
        assertTrue(hosts.covers("http://A.example./"));
        assertFalse(hosts.covers("http://b.example/"));
        assertFalse(hosts.covers("http://example/"));
        assertEquals(field.toLowerCase(Locale.ROOT).contains("includesub"), hosts.covers("http://x.y.a.example/"));
        assertFalse(hosts.covers("http://xa.example/"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "",
            "includeSubDomains",
            "max-age",
            "max-age=",
            "max-age=-1",
            "max-age=1.5",
            "max-age=\"\"",
            "max-age=\"100",
            "max-age=100, max-age=200",
            "max-age=100; max-age=100",
            "max-age=100; includeSubDomains; includesubdomains",
            "max-age=100; includeSubDomains=no",
            "max-age=100 200",
            "=1; max-age=100",
            "max-age=100; a=",
            "max-age=100; \u0001"
    })
    void malformedFieldCountsForNothing(String field) {
        var hosts = HstsHosts.create();
        assertFalse(hosts.add("https://a.example/", field));
        assertEquals(0, hosts.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://a.example/", "https://127.0.0.1/", "https://[::1]/"})
    void whoMayNotSayItSaysNothing(String url) {
        var hosts = HstsHosts.create();
        assertFalse(hosts.add(url, "max-age=100"));
        assertEquals(0, hosts.size());
    }

    @Test
    void hostIsForgottenWhenItSaysSoAndWhenItsTimeIsOver() {
        Sim.run(1, () -> {
            var hosts = HstsHosts.create();
            hosts.add("https://a.example/", "max-age=100; includeSubDomains");
            hosts.add("https://b.a.example/", "max-age=300");
            assertTrue(hosts.add("https://b.a.example/", "max-age=0"));
            assertTrue(hosts.covers("http://b.a.example/"), "the host above still speaks for it");
            Heddle.sleep(Duration.ofSeconds(99));
            assertTrue(hosts.covers("http://a.example/"));
            Heddle.sleep(Duration.ofSeconds(1));
            assertFalse(hosts.covers("http://a.example/"));
            assertEquals(0, hosts.size());

            hosts.add("https://a.example/", "max-age=999999999999");
            Heddle.sleep(Duration.ofDays(730));
            assertFalse(hosts.covers("http://a.example/"), "two years at most");
        });
    }

    @Test
    void hostThatWasNotAskedForLongestGoesWhenThereAreTooMany() {
        var hosts = HstsHosts.create();
        for (int i = 0; i < HstsHosts.MAX_HOSTS; i++) {
            hosts.add("https://h" + i + ".example/", "max-age=100");
        }
        assertTrue(hosts.covers("http://h0.example/"));
        hosts.add("https://new.example/", "max-age=100");
        assertEquals(HstsHosts.MAX_HOSTS, hosts.size());
        assertTrue(hosts.covers("http://h0.example/"));
        assertTrue(hosts.covers("http://new.example/"));
        assertFalse(hosts.covers("http://h1.example/"));
        assertEquals("HstsHosts[10000 hosts]", hosts.toString());
        hosts.clear();
        assertEquals(0, hosts.size());
    }

    @Test
    void hostsSurviveAsText() {
        Sim.run(1, () -> {
            var hosts = HstsHosts.create();
            hosts.add("https://a.example/", "max-age=100; includeSubDomains");
            hosts.add("https://b.example/", "max-age=50");
            String text = hosts.save();
            Heddle.sleep(Duration.ofSeconds(60));
            var next = HstsHosts.create();
            next.load(text);
            assertEquals(1, next.size());
            assertTrue(next.covers("http://x.a.example/"));
            Heddle.sleep(Duration.ofSeconds(40));
            assertFalse(next.covers("http://a.example/"));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "a.example",
            "A.example\tb\t2999-01-01T00:00:00Z",
            "a.example.\tb\t2999-01-01T00:00:00Z",
            "10.0.0.1\tb\t2999-01-01T00:00:00Z",
            "a.example/x\tb\t2999-01-01T00:00:00Z",
            "a.example\tx\t2999-01-01T00:00:00Z",
            "a.example\tb\tsoon",
            "a.example\tb\t2999-01-01T00:00:00Z\t",
            ""
    })
    void textWithABadLineIsRefusedAsAWhole(String line) {
        var hosts = HstsHosts.create();
        String text = "heddle hsts 1\ngood.example\t-\t2999-01-01T00:00:00Z\n" + line + "\n";
        var e = assertThrows(IllegalArgumentException.class, () -> hosts.load(text));
        assertEquals("no saved hosts: line 3 is malformed", e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> hosts.load("something else"));
        assertEquals(0, hosts.size());
    }

    @Test
    void requestsAndWebSocketsOfAKnownHostGoByHttps() {
        Sim.run(1, () -> {
            var hosts = HstsHosts.create();
            hosts.add("https://a.example/", "max-age=100");
            try (var server = ScriptedServer.answering("HTTP/1.1 200 OK\r\n" + EMPTY);
                    var http = server.client().hsts(hosts).build()) {
                http.get("http://b.example/").text();
                assertThrows(RuntimeException.class, () -> http.get("http://a.example/"));
                assertThrows(RuntimeException.class, () -> http.get("http://a.example:8080/"));
                assertThrows(RuntimeException.class, () -> http.webSocket("ws://a.example/").connect());
                assertEquals(List.of("b.example:80", "a.example:443", "a.example:8080", "a.example:443"),
                        server.connects);
                assertEquals(1, server.requests.size(), "nothing in plain text to who wants TLS");
            }
        });
    }

    @Test
    void whatComesByHttpIsNotBelieved() {
        Sim.run(1, () -> {
            var hosts = HstsHosts.create();
            try (var server = ScriptedServer.answering("HTTP/1.1 200 OK\r\n" + STRICT + EMPTY);
                    var http = server.client().hsts(hosts).build()) {
                http.get("http://a.example/").text();
                assertEquals(0, hosts.size());
            }
        });
    }

    @Test
    void hostIsLearnedFromARedirectWhichThenStaysOnHttpsWithItsCredentials() {
        withTlsServer(List.of("HTTP/1.1 302 Found\r\nLocation: http://a.example/next\r\n" + STRICT
                + "Strict-Transport-Security: max-age=0\r\n" + EMPTY, "HTTP/1.1 200 OK\r\n" + EMPTY),
                (http, hosts, server, heads) -> {
                    http.request("GET", "https://a.example/").basicAuth("me", "secret").send().text();
                    assertEquals(List.of("a.example:443"), server.connects);
                    assertTrue(heads.get(1).startsWith("GET /next HTTP/1.1\r\n"), heads.get(1));
                    assertTrue(heads.get(1).contains("Host: a.example\r\n"), heads.get(1));
                    assertTrue(heads.get(1).contains("Authorization: Basic "), "one origin all the way");

                    http.get("http://a.example/x").text();
                    assertEquals(List.of("a.example:443"), server.connects);
                    assertTrue(heads.get(2).startsWith("GET /x HTTP/1.1\r\n"), heads.get(2));
                    Heddle.sleep(Duration.ofSeconds(101));
                    assertThrows(RuntimeException.class, () -> http.get("http://a.example/"));
                    assertEquals("a.example:80", server.connects.getLast());
                });
    }

    @Test
    void hostIsLearnedFromTheAnswerToAWebSocket() {
        withTlsServer(List.of("HTTP/1.1 403 Forbidden\r\n" + STRICT + EMPTY), (http, hosts, server, heads) -> {
            assertThrows(ReplyStatusException.class, () -> http.webSocket("wss://a.example/").connect());
            assertTrue(hosts.covers("http://a.example/"));
        });
    }

    private interface Body {
        void run(HttpClient http, HstsHosts hosts, ScriptedServer server, List<String> heads) throws Exception;
    }

    /** Runs against a server that gives these answers in order, and the last one from then on. */
    private static void withTlsServer(List<String> answers, Body body) {
        SSLContext context = TlsKeys.context(key);
        Sim.run(1, () -> {
            var heads = new ArrayList<String>();
            ServerTls tls = ServerTls.of(context).withProtocols("http/1.1");
            ScriptedServer.Script script = peer -> {
                try (ByteStream stream = Tls.upgradeServer(peer.stream(), tls)) {
                    while (stream.fill().hasRemaining()) {
                        heads.add(new String(stream.readUntil("\r\n\r\n".getBytes(ISO_8859_1), 10_000), ISO_8859_1));
                        String answer = answers.get(Math.min(heads.size(), answers.size()) - 1);
                        stream.write(answer.getBytes(ISO_8859_1));
                    }
                } catch (TlsException e) {
                    // A client that speaks plain text.
                }
            };
            var hosts = HstsHosts.create();
            try (var server = ScriptedServer.of(script);
                    var http = server.client().hsts(hosts).tls(TlsKeys.context(null, key)).build()) {
                body.run(http, hosts, server, heads);
            }
        });
    }
}
