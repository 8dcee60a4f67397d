package dev.heddle.http.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.DeadlineExceededException;
import dev.heddle.Heddle;
import dev.heddle.http.ScriptedServer;
import dev.heddle.http.TlsKeys;
import dev.heddle.io.ByteStream;
import dev.heddle.io.TlsException;
import dev.heddle.io.TruncatedException;
import dev.heddle.sim.Sim;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.Tls;
import dev.heddle.tls.TlsSession;
import dev.heddle.tls.TlsVersion;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Https, against servers of every kind. */
final class TlsClientTest {

    private static final String OK = "HTTP/1.1 200 OK\r\n";
    private static final String HELLO = OK + "Content-Length: 5\r\n\r\nhello";

    @TempDir
    static Path directory;

    private static KeyStore good;
    private static KeyStore authority;
    private static KeyStore current;
    private static KeyStore expired;
    private static KeyStore early;

    @BeforeAll
    static void makeKeys() {
        var keys = new TlsKeys(directory);
        good = keys.selfSigned(
                "good", "-ext", "SAN=dns:localhost,dns:a.example,dns:*.wild.example,ip:127.0.0.1,ip:::1");
        authority = keys.selfSigned("authority", "-ext", "bc:c");
        current = keys.signedBy("authority", "current", "-ext", "SAN=dns:localhost");
        expired = keys.signedBy(
                "authority", "expired", "-ext", "SAN=dns:localhost", "-startdate", "-10d", "-validity", "5");
        early = keys.signedBy("authority", "early", "-ext", "SAN=dns:localhost", "-startdate", "+10d", "-validity",
                "5");
    }

    /** What a script does once TLS stands. */
    private interface TlsScript {
        void play(ByteStream stream, ByteStream below) throws Exception;
    }

    private static ScriptedServer.Script tls(SSLContext context, TlsVersion version, List<String> seen,
            TlsScript script) {
        ServerTls tls = ServerTls.of(context).withVersions(version).withProtocols("http/1.1");
        return peer -> {
            var below = new ByteStream(peer.stream().transport());
            try (var stream = Tls.upgradeServer(peer.stream(), tls)) {
                TlsSession session = Tls.session(stream).orElseThrow();
                seen.add(session.protocol());
                seen.add(session.serverName());
                script.play(stream, below);
            } catch (TlsException e) {
                seen.add("refused");
            }
        };
    }

    private static void answer(ByteStream stream, String response) {
        while (stream.fill().hasRemaining()) {
            stream.readUntil("\r\n\r\n".getBytes(ISO_8859_1), 10_000);
            stream.write(response.getBytes(ISO_8859_1));
        }
    }

    private static void withServer(KeyStore key, TlsVersion version, ServerBody body) {
        withServer(key, key, version, body);
    }

    private static void withServer(KeyStore key, KeyStore trusted, TlsVersion version, ServerBody body) {
        Sim.run(1, () -> {
            List<String> seen = new ArrayList<>();
            try (var server = ScriptedServer.of(
                    tls(TlsKeys.context(key), version, seen, (stream, below) -> answer(stream, HELLO)));
                    var http = server.client().tls(TlsKeys.context(null, trusted)).build()) {
                body.run(http, server, seen);
            }
        });
    }

    private interface ServerBody {
        void run(HttpClient http, ScriptedServer server, List<String> seen) throws Exception;
    }

    @ParameterizedTest
    @EnumSource(TlsVersion.class)
    void requestsGoOverOneTlsConnectionAndNameTheServerAndTheProtocol(TlsVersion version) {
        withServer(good, version, (http, server, seen) -> {
            assertEquals("hello", http.get("https://a.example/").text());
            assertEquals("hello", http.get("https://a.example/").text());
            assertEquals(List.of("a.example:443"), server.connects);
            assertEquals("http/1.1", seen.get(0));
            assertEquals("a.example", seen.get(1));
        });
    }

    @Test
    void addressIsCheckedAgainstTheAddressesOfTheCertificateAndNotAnnounced() {
        withServer(good, TlsVersion.TLS_1_3, (http, server, seen) -> {
            assertEquals("hello", http.get("https://127.0.0.1/").text());
            assertEquals("hello", http.get("https://[::1]/").text());
            assertEquals("", seen.get(1));
            assertThrows(TlsException.class, () -> http.get("https://127.0.0.2/"));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"b.example", "x.a.example", "127.0.0.3", "wild.example"})
    void certificateForAnotherHostIsRefused(String host) {
        withServer(good, TlsVersion.TLS_1_3, (http, server, seen) -> {
            var e = assertThrows(TlsException.class, () -> http.get("https://" + host + "/"));
            assertTrue(e.getMessage().contains("no TLS with " + host + " ("), e.getMessage());
            assertTrue(e.getMessage().contains("its certificate is refused"), e.getMessage());
            assertEquals(0, http.statistics().connections());
            assertTrue(server.requests.isEmpty());
        });
    }

    @Test
    void wildcardStandsForOneLabelOnly() {
        withServer(good, TlsVersion.TLS_1_3, (http, server, seen) -> {
            assertEquals("hello", http.get("https://any.wild.example/").text());
            assertThrows(TlsException.class, () -> http.get("https://deep.any.wild.example/"));
        });
    }

    @Test
    void certificateThatNobodyTrustedSignedIsRefused() {
        Sim.run(1, () -> {
            List<String> seen = new ArrayList<>();
            try (var server = ScriptedServer.of(
                    tls(TlsKeys.context(good), TlsVersion.TLS_1_3, seen, (stream, below) -> answer(stream, HELLO)));
                    var http = server.client().build();
                    var other = server.client().tls(TlsKeys.context(null, authority)).build()) {
                for (HttpClient client : List.of(http, other)) {
                    var e = assertThrows(TlsException.class, () -> client.get("https://localhost/"));
                    assertTrue(e.getMessage().contains("not signed by a trusted authority"), e.getMessage());
                    assertTrue(e.isUntrusted());
                    assertEquals(Optional.of(new FailedRequest("GET", "https://localhost/")), e.subject());
                }
            }
        });
    }

    @Test
    void certificateOutOfItsTimeIsRefusedWithItsReason() {
        withServer(current, authority, TlsVersion.TLS_1_3,
                (http, server, seen) -> assertEquals("hello", http.get("https://localhost/").text()));
        withServer(expired, authority, TlsVersion.TLS_1_3, (http, server, seen) -> {
            var e = assertThrows(TlsException.class, () -> http.get("https://localhost/"));
            assertTrue(e.getMessage().contains("has expired"), e.getMessage());
        });
        withServer(early, authority, TlsVersion.TLS_1_2, (http, server, seen) -> {
            var e = assertThrows(TlsException.class, () -> http.get("https://localhost/"));
            assertTrue(e.getMessage().contains("not valid yet"), e.getMessage());
        });
    }

    @Test
    void plainHttpOnATlsPortIsAClearError() {
        Sim.run(1, () -> {
            try (var server = ScriptedServer.of(peer -> {
                peer.send("HTTP/1.1 400 Bad Request\r\n\r\n");
                peer.awaitEnd();
            });
                    var http = server.client().build()) {
                var e = assertThrows(TlsException.class, () -> http.get("https://localhost/"));
                assertTrue(e.getMessage().startsWith("GET https://localhost/: no TLS with localhost ("),
                        e.getMessage());
                assertTrue(e.getMessage().endsWith("the peer does not speak TLS"), e.getMessage());
            }
        });
    }

    @Test
    void plainHttpToATlsServerIsAClearErrorOnBothSides() {
        Sim.run(1, () -> {
            List<String> seen = new ArrayList<>();
            try (var server = ScriptedServer.of(tls(TlsKeys.context(good), TlsVersion.TLS_1_3, seen, (s, b) -> {}));
                    var http = server.client().build()) {
                assertThrows(RuntimeException.class, () -> http.get("http://localhost/"));
                Heddle.sleep(Duration.ofSeconds(1));
                assertEquals(List.of("refused"), seen);
                assertEquals(0, http.statistics().connections());
            }
        });
    }

    @Test
    void handshakeThatNeverEndsIsEndedByTheDeadline() {
        Sim.run(1, () -> {
            try (var server = ScriptedServer.of(
                    peer -> peer.drip("\u0016\u0003\u0003\u0040\u0000" + "x".repeat(1000), Duration.ofSeconds(3)));
                    var http = server.client().build()) {
                var e = assertThrows(DeadlineExceededException.class, () -> http.get("https://localhost/"));
                assertEquals("GET https://localhost/: no TLS session after 10 s", e.getMessage());
                assertEquals(0, http.statistics().connections());
            }
        });
    }

    @Test
    void connectionThatEndsInTheHandshakeIsAnError() {
        for (boolean reset : new boolean[]{true, false}) {
            Sim.run(1, () -> {
                try (var server = ScriptedServer.of(peer -> {
                    peer.stream().fill();
                    if (reset) {
                        peer.abort();
                    }
                });
                        var http = server.client().build()) {
                    assertThrows(TlsException.class, () -> http.get("https://localhost/"));
                }
            });
        }
    }

    /** One exchange in which the server ends the connection as the script does. */
    private static void exchange(TlsVersion version, String response, boolean orderly, Use body) {
        Sim.run(1, () -> {
            List<String> seen = new ArrayList<>();
            try (var server = ScriptedServer.of(tls(TlsKeys.context(good), version, seen, (stream, below) -> {
                stream.readUntil("\r\n\r\n".getBytes(ISO_8859_1), 10_000);
                stream.write(response.getBytes(ISO_8859_1));
                if (!orderly) {
                    below.closeOutput();
                    Heddle.sleep(Duration.ofSeconds(5));
                }
            }));
                    var http = server.client().tls(TlsKeys.context(null, good)).build()) {
                body.run(http);
            }
        });
    }

    private interface Use {
        void run(HttpClient http) throws Exception;
    }

    @ParameterizedTest
    @EnumSource(TlsVersion.class)
    void endThatTlsDoesNotSayIsATruncation(TlsVersion version) {
        exchange(version, OK + "\r\nhello", true, http -> assertEquals("hello", http.get("https://localhost/").text()));
        exchange(version, OK + "\r\nhello", false,
                http -> assertThrows(TruncatedException.class, () -> http.get("https://localhost/").text()));
        exchange(version, HELLO, false, http -> assertEquals("hello", http.get("https://localhost/").text()));
        exchange(version, OK + "Content-Length: 9\r\n\r\nhello", true,
                http -> assertThrows(TruncatedException.class, () -> http.get("https://localhost/").text()));
        exchange(version, "", false,
                http -> assertThrows(TruncatedException.class, () -> http.get("https://localhost/")));
    }

    @ParameterizedTest
    @EnumSource(TlsVersion.class)
    void largeBodiesGoBothWaysAtOnce(TlsVersion version) {
        String large = "0123456789".repeat(100_000);
        Sim.run(1, () -> {
            List<String> seen = new ArrayList<>();
            try (var server = ScriptedServer.of(tls(TlsKeys.context(good), version, seen, (stream, below) -> {
                stream.readUntil("\r\n\r\n".getBytes(ISO_8859_1), 10_000);
                stream.write(OK + "Content-Length: " + large.length() + "\r\n\r\n");
                stream.write(stream.readExactly(large.length()));
                stream.readAll(0);
            }));
                    var http = server.client().tls(TlsKeys.context(null, good)).build()) {
                byte[] body = large.getBytes(ISO_8859_1);
                assertEquals(large, http.request("POST", "https://localhost/").body(body).send().text());
            }
        });
    }

    @Test
    void cancelledHandshakeLeavesNoConnection() {
        Sim.run(1, () -> {
            try (var server = ScriptedServer.of(ScriptedServer.Peer::awaitEnd);
                    var http = server.client().build()) {
                assertTrue(Heddle.moveOnAfter(Duration.ofSeconds(1), () -> http.get("https://localhost/"))
                        .isEmpty());
                assertEquals(0, http.statistics().connections());
            }
        });
    }

    @Test
    void httpAndHttpsToTheSamePortShareNoConnection() {
        withServer(good, TlsVersion.TLS_1_3, (http, server, seen) -> {
            assertEquals("hello", http.get("https://localhost:8443/").text());
            assertThrows(RuntimeException.class, () -> http.get("http://localhost:8443/"));
            assertEquals(2, server.connects.size());
        });
    }
}
