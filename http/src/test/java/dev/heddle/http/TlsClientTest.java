package dev.heddle.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.DeadlineExceededException;
import dev.heddle.Heddle;
import dev.heddle.net.ByteStream;
import dev.heddle.sim.Sim;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
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
        void play(ByteStream stream, TlsTransport tls, ScriptedServer.Peer peer) throws Exception;
    }

    private static ScriptedServer.Script tls(SSLContext context, String version, List<String> seen, TlsScript script) {
        return peer -> {
            SSLEngine engine = context.createSSLEngine();
            engine.setUseClientMode(false);
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setProtocols(new String[]{version});
            parameters.setApplicationProtocols(new String[]{"h2", "http/1.1"});
            engine.setSSLParameters(parameters);
            var transport = new TlsTransport(peer.stream().transport(), engine, new TlsBuffers());
            try {
                transport.handshake();
            } catch (TlsException e) {
                seen.add("refused");
                return;
            }
            seen.add(engine.getApplicationProtocol());
            seen.add(((ExtendedSSLSession) engine.getSession()).getRequestedServerNames().toString());
            try (var stream = new ByteStream(transport)) {
                script.play(stream, transport, peer);
            }
        };
    }

    private static void answer(ByteStream stream, String response) {
        while (stream.fill().hasRemaining()) {
            stream.readUntil("\r\n\r\n".getBytes(ISO_8859_1), 10_000);
            stream.write(response.getBytes(ISO_8859_1));
        }
    }

    private static void withServer(KeyStore key, String version, ServerBody body) {
        withServer(key, key, version, body);
    }

    private static void withServer(KeyStore key, KeyStore trusted, String version, ServerBody body) {
        Sim.run(1, () -> {
            List<String> seen = new ArrayList<>();
            try (var server = ScriptedServer.of(
                    tls(TlsKeys.context(key), version, seen, (stream, tls, peer) -> answer(stream, HELLO)));
                    var http = server.client().tls(TlsKeys.context(null, trusted)).build()) {
                body.run(http, server, seen);
            }
        });
    }

    private interface ServerBody {
        void run(HttpClient http, ScriptedServer server, List<String> seen) throws Exception;
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void requestsGoOverOneTlsConnectionAndNameTheServerAndTheProtocol(String version) {
        withServer(good, version, (http, server, seen) -> {
            assertEquals("hello", http.get("https://a.example/").text());
            assertEquals("hello", http.get("https://a.example/").text());
            assertEquals(List.of("a.example:443"), server.connects);
            assertEquals("http/1.1", seen.get(0));
            assertTrue(seen.get(1).contains("a.example"), seen.get(1));
        });
    }

    @Test
    void anAddressIsCheckedAgainstTheAddressesOfTheCertificateAndNotAnnounced() {
        withServer(good, "TLSv1.3", (http, server, seen) -> {
            assertEquals("hello", http.get("https://127.0.0.1/").text());
            assertEquals("hello", http.get("https://[::1]/").text());
            assertEquals("[]", seen.get(1));
            assertThrows(TlsException.class, () -> http.get("https://127.0.0.2/"));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"b.example", "x.a.example", "127.0.0.3", "wild.example"})
    void aCertificateForAnotherHostIsRefused(String host) {
        withServer(good, "TLSv1.3", (http, server, seen) -> {
            var e = assertThrows(TlsException.class, () -> http.get("https://" + host + "/"));
            assertTrue(e.getMessage().contains("no TLS with https://" + host + ": its certificate is refused"),
                    e.getMessage());
            assertEquals(0, http.statistics().connections());
            assertTrue(server.requests.isEmpty());
        });
    }

    @Test
    void aWildcardStandsForOneLabelOnly() {
        withServer(good, "TLSv1.3", (http, server, seen) -> {
            assertEquals("hello", http.get("https://any.wild.example/").text());
            assertThrows(TlsException.class, () -> http.get("https://deep.any.wild.example/"));
        });
    }

    @Test
    void aCertificateThatNobodyTrustedSignedIsRefused() {
        Sim.run(1, () -> {
            List<String> seen = new ArrayList<>();
            try (var server = ScriptedServer.of(
                    tls(TlsKeys.context(good), "TLSv1.3", seen, (stream, tls, peer) -> answer(stream, HELLO)));
                    var http = server.client().build();
                    var other = server.client().tls(TlsKeys.context(null, authority)).build()) {
                for (HttpClient client : List.of(http, other)) {
                    var e = assertThrows(TlsException.class, () -> client.get("https://localhost/"));
                    assertTrue(e.getMessage().contains("signed by nobody trusted"), e.getMessage());
                }
            }
        });
    }

    @Test
    void aCertificateOutOfItsTimeIsRefusedWithItsReason() {
        withServer(current, authority, "TLSv1.3",
                (http, server, seen) -> assertEquals("hello", http.get("https://localhost/").text()));
        withServer(expired, authority, "TLSv1.3", (http, server, seen) -> {
            var e = assertThrows(TlsException.class, () -> http.get("https://localhost/"));
            assertTrue(e.getMessage().contains("has expired"), e.getMessage());
        });
        withServer(early, authority, "TLSv1.2", (http, server, seen) -> {
            var e = assertThrows(TlsException.class, () -> http.get("https://localhost/"));
            assertTrue(e.getMessage().contains("not valid yet"), e.getMessage());
        });
    }

    @Test
    void theOldVersionsAreNotSpoken() {
        withServer(good, "TLSv1.1",
                (http, server, seen) -> assertThrows(TlsException.class, () -> http.get("https://localhost/")));
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
                assertEquals(
                        "GET https://localhost/: no TLS with https://localhost: the peer does not speak TLS",
                        e.getMessage());
            }
        });
    }

    @Test
    void plainHttpToATlsServerIsAClearErrorOnBothSides() {
        Sim.run(1, () -> {
            List<String> seen = new ArrayList<>();
            try (var server = ScriptedServer.of(tls(TlsKeys.context(good), "TLSv1.3", seen, (s, t, p) -> {}));
                    var http = server.client().build()) {
                assertThrows(RuntimeException.class, () -> http.get("http://localhost/"));
                Heddle.sleep(Duration.ofSeconds(1));
                assertEquals(List.of("refused"), seen);
                assertEquals(0, http.statistics().connections());
            }
        });
    }

    @Test
    void aHandshakeThatNeverEndsIsEndedByTheDeadline() {
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
    void aConnectionThatEndsInTheHandshakeIsAnError() {
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
    private static void exchange(String version, String response, boolean orderly, Use body) {
        Sim.run(1, () -> {
            List<String> seen = new ArrayList<>();
            try (var server = ScriptedServer.of(tls(TlsKeys.context(good), version, seen, (stream, tls, peer) -> {
                stream.readUntil("\r\n\r\n".getBytes(ISO_8859_1), 10_000);
                stream.write(response.getBytes(ISO_8859_1));
                if (!orderly) {
                    peer.stream().closeOutput();
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
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void anEndThatTlsDoesNotSayIsATruncation(String version) {
        exchange(version, OK + "\r\nhello", true, http -> assertEquals("hello", http.get("https://localhost/").text()));
        exchange(version, OK + "\r\nhello", false,
                http -> assertThrows(TruncatedException.class, () -> http.get("https://localhost/").text()));
        exchange(version, HELLO, false, http -> assertEquals("hello", http.get("https://localhost/").text()));
        exchange(version, OK + "Content-Length: 9\r\n\r\nhello", true,
                http -> assertThrows(TruncatedException.class, () -> http.get("https://localhost/").text()));
        exchange(version, "", false,
                http -> assertThrows(TruncatedException.class, () -> http.get("https://localhost/")));
    }

    @Test
    void aDamagedRecordIsAnError() {
        Sim.run(1, () -> {
            List<String> seen = new ArrayList<>();
            try (var server = ScriptedServer.of(tls(TlsKeys.context(good), "TLSv1.3", seen, (stream, tls, peer) -> {
                stream.fill();
                peer.send("\u0017\u0003\u0003\u0000\u0020" + "x".repeat(32));
                Heddle.sleep(Duration.ofSeconds(1));
            }));
                    var http = server.client().tls(TlsKeys.context(null, good)).build()) {
                var e = assertThrows(BrokenException.class, () -> http.get("https://localhost/"));
                assertTrue(e.getMessage().contains("TLS with"), e.getMessage());
            }
        });
    }

    @Test
    void aRecordThatIsTooLongIsAnError() {
        Sim.run(1, () -> {
            List<String> seen = new ArrayList<>();
            try (var server = ScriptedServer.of(tls(TlsKeys.context(good), "TLSv1.3", seen, (stream, tls, peer) -> {
                stream.fill();
                peer.send("\u0017\u0003\u0003\u00ff\u00ff" + "x".repeat(70_000));
                Heddle.sleep(Duration.ofSeconds(1));
            }));
                    var http = server.client().tls(TlsKeys.context(null, good)).build()) {
                assertThrows(BrokenException.class, () -> http.get("https://localhost/"));
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void largeBodiesGoBothWaysAtOnce(String version) {
        String large = "0123456789".repeat(100_000);
        Sim.run(1, () -> {
            List<String> seen = new ArrayList<>();
            try (var server = ScriptedServer.of(tls(TlsKeys.context(good), version, seen, (stream, tls, peer) -> {
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

    /** Begins handshakes on the agreed connection, which TLS 1.3 makes key updates, then answers. */
    private static void withNewHandshakes(String version, int count, Use body) {
        Sim.run(1, () -> {
            try (var server = ScriptedServer.of(peer -> {
                SSLEngine engine = TlsKeys.context(good).createSSLEngine();
                engine.setUseClientMode(false);
                engine.setEnabledProtocols(new String[]{version});
                var transport = new TlsTransport(peer.stream().transport(), engine, new TlsBuffers());
                transport.handshake();
                var stream = new ByteStream(transport);
                stream.readUntil("\r\n\r\n".getBytes(ISO_8859_1), 10_000);
                for (int i = 0; i < count; i++) {
                    engine.beginHandshake();
                    ByteBuffer record = ByteBuffer.allocate(20_000);
                    engine.wrap(ByteBuffer.allocate(0), record);
                    peer.stream().write(record.flip());
                }
                stream.write(HELLO);
                peer.awaitEnd();
            });
                    var http = server.client().tls(TlsKeys.context(null, good)).build()) {
                body.run(http);
            }
        });
    }

    @Test
    void aFewKeyUpdatesAreFineAndAFloodIsRefused() {
        withNewHandshakes("TLSv1.3", 10, http -> assertEquals("hello", http.get("https://localhost/").text()));
        withNewHandshakes("TLSv1.3", 100, http -> {
            var e = assertThrows(BrokenException.class, () -> http.get("https://localhost/"));
            assertTrue(e.getMessage().contains("too many records without data"), e.getMessage());
        });
    }

    @Test
    void renegotiationIsRefused() {
        withNewHandshakes("TLSv1.2", 1, http -> {
            var e = assertThrows(BrokenException.class, () -> http.get("https://localhost/"));
            assertTrue(e.getMessage().contains("renegotiation is refused"), e.getMessage());
        });
    }

    @Test
    void aCancelledHandshakeLeavesNoConnection() {
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
        withServer(good, "TLSv1.3", (http, server, seen) -> {
            assertEquals("hello", http.get("https://localhost:8443/").text());
            assertThrows(RuntimeException.class, () -> http.get("http://localhost:8443/"));
            assertEquals(2, server.connects.size());
        });
    }
}
