package dev.heddle.tls;

import static dev.heddle.io.Fixtures.noise;
import static dev.heddle.tls.TlsFixture.AUTHORITY;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.io.ByteStream;
import dev.heddle.io.TlsException;
import dev.heddle.net.Listener;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both ends against openssl, as processes over the loopback. */
final class TlsOpensslTest {

    private static final TlsIdentity SERVER = CertificateMaker.named("localhost").signedBy(AUTHORITY);
    private static final TlsIdentity CLIENT = CertificateMaker.named("client.example").signedBy(AUTHORITY);
    private static final TlsTrust TRUST = TlsTrust.of(AUTHORITY.certificate());
    private static final ClientTls CLIENT_TLS = ClientTls.DEFAULT.withTrust(TRUST);

    @TempDir
    Path directory;

    @BeforeEach
    void writeKeys() throws IOException {
        Files.writeString(directory.resolve("authority.pem"), Openssl.pem(AUTHORITY.certificate()));
        for (var entry : List.of(SERVER, CLIENT)) {
            String name = entry == SERVER ? "server" : "client";
            Files.writeString(directory.resolve(name + ".pem"),
                    Openssl.pem(entry.certificate()) + Openssl.pemKey(entry));
        }
    }

    private static String flag(TlsVersion version) {
        return version == TlsVersion.TLS_1_2 ? "-tls1_2" : "-tls1_3";
    }

    // ---- our server, their client ----

    private final List<TlsSession> sessions = new ArrayList<>();

    /** Serves lines and answers each with itself, and runs openssl's client, which sends a line and ends its output. */
    private String client(ServerTls tls, String... options) {
        return Heddle.run(() -> {
            try (Listener listener = Tls.listen("127.0.0.1", 0, tls)) {
                Heddle.spawn(() -> listener.serve(100, stream -> {
                    sessions.add(Tls.session(stream).orElseThrow());
                    stream.write("echo " + stream.readLine(100).orElse("nothing") + "\n");
                }));
                String[] command = {"s_client", "-connect", "127.0.0.1:" + listener.port(), "-servername", "localhost",
                        "-CAfile", "authority.pem", "-verify_return_error"};
                return Heddle.offload(() -> sendLine(Openssl.start(directory, Openssl.joined(command, options))));
            }
        });
    }

    private static String sendLine(Process process) throws IOException, InterruptedException {
        try {
            try {
                // Closed with the process: one that was refused may have ended before it reads anything.
                var input = process.getOutputStream();
                input.write("over TLS\n".getBytes(StandardCharsets.UTF_8));
                input.flush();
            } catch (IOException e) {
                // A broken pipe, or "Stream closed" where the JDK knows that the process has ended.
                String reason = String.valueOf(e.getMessage());
                assertTrue(reason.contains("pipe") || reason.contains("closed"), reason);
            }
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @ParameterizedTest
    @EnumSource(TlsVersion.class)
    void theirClientTalksToOurServer(TlsVersion version) {
        String output = client(ServerTls.of(SERVER).withProtocols("h2", "http/1.1"), flag(version), "-alpn",
                "http/1.1");

        assertTrue(output.contains("echo over TLS"), output);
        assertTrue(output.contains("Verify return code: 0 (ok)"), output);
        assertTrue(output.contains("ALPN protocol: http/1.1"), output);
        TlsSession session = sessions.getFirst();
        assertEquals(version, session.version());
        assertEquals("http/1.1", session.protocol());
        assertEquals("localhost", session.serverName());
    }

    @ParameterizedTest
    @EnumSource(TlsVersion.class)
    void theirClientShowsItsCertificate(TlsVersion version) {
        client(ServerTls.of(SERVER).withClientsNeeded(TRUST), flag(version), "-cert", "client.pem");

        assertEquals(List.of(CLIENT.certificate()), sessions.getFirst().peerCertificates().subList(0, 1));
    }

    @Test
    void theirClientIsRefusedWithoutACertificate() {
        String output = client(ServerTls.of(SERVER).withClientsNeeded(TRUST), "-tls1_2");

        assertTrue(output.contains("alert"), output);
        assertEquals(List.of(), sessions);
    }

    @Test
    void theirClientIsRefusedWithOldVersions() {
        String output = client(ServerTls.of(SERVER), "-tls1_1", "-cipher", "ALL:@SECLEVEL=0");

        assertTrue(output.contains("alert protocol version"), output);
    }

    @ParameterizedTest
    @EnumSource(TlsVersion.class)
    void theirClientResumesASession(TlsVersion version) {
        ServerTls tls = ServerTls.of(SERVER);
        client(tls, flag(version), "-sess_out", "session.pem");
        String second = client(tls, flag(version), "-sess_in", "session.pem");

        assertTrue(second.contains("Reused, TLSv1"), second);
        assertFalse(sessions.getFirst().resumed());
        assertTrue(sessions.getLast().resumed());
    }

    @ParameterizedTest
    @EnumSource(TlsVersion.class)
    void sessionOfOneNameIsNotResumedUnderAnother(TlsVersion version) {
        TlsIdentity other = CertificateMaker.named("other.example").signedBy(AUTHORITY);
        ServerTls tls = ServerTls.of(SERVER).withName("localhost", SERVER).withName("other.example", other);
        client(tls, flag(version), "-sess_out", "session.pem");
        String second = client(tls, flag(version), "-sess_in", "session.pem", "-servername", "other.example");

        assertFalse(second.contains("Reused, TLSv1"), second);
        assertTrue(second.contains("CN = other.example") || second.contains("CN=other.example"), second);
        assertFalse(sessions.stream().anyMatch(TlsSession::resumed));
    }

    // ---- our client, their server ----

    /** A test of our client against openssl's server. */
    private interface ServerBody {
        void run(int port) throws Exception;
    }

    private void server(ServerBody body, String... options) {
        String[] command = {"s_server", "-accept", "127.0.0.1:0", "-cert", "server.pem", "-rev", "-CAfile",
                "authority.pem"};
        Process process = Openssl.start(directory, Openssl.joined(command, options));
        try (BufferedReader output = process.inputReader()) {
            String line = output.readLine();
            while (line != null && !line.startsWith("ACCEPT")) {
                line = output.readLine();
            }
            assertTrue(line != null, "openssl s_server did not start");
            int port = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
            Heddle.run(() -> body.run(port));
        } catch (IOException e) {
            throw new AssertionError(e);
        } finally {
            process.destroyForcibly();
        }
    }

    @ParameterizedTest
    @EnumSource(TlsVersion.class)
    void ourClientTalksToTheirServer(TlsVersion version) {
        server(port -> {
            try (ByteStream stream = Tls.connect("localhost", port, CLIENT_TLS.withProtocols("http/1.1"))) {
                stream.write("over TLS\n");

                assertEquals("SLT revo", stream.readLine(100).orElseThrow());
                TlsSession session = Tls.session(stream).orElseThrow();
                assertEquals(version, session.version());
                assertEquals("http/1.1", session.protocol());
            }
        }, flag(version), "-alpn", "h2,http/1.1");
    }

    @ParameterizedTest
    @EnumSource(TlsVersion.class)
    void ourClientShowsItsCertificate(TlsVersion version) {
        server(port -> {
            try (ByteStream stream = Tls.connect("localhost", port, CLIENT_TLS.withIdentity(CLIENT))) {
                stream.write("abc\n");
                assertEquals("cba", stream.readLine(100).orElseThrow());
            }
            var e = assertThrows(TlsException.class, () -> {
                ByteStream stream = Tls.connect("localhost", port, ClientTls.DEFAULT.withTrust(TRUST));
                stream.readLine(100);
            });
            assertTrue(e.getMessage().contains(" (alert "), e.getMessage());
        }, flag(version), "-Verify", "1");
    }

    @ParameterizedTest
    @EnumSource(TlsVersion.class)
    void ourClientResumesASession(TlsVersion version) {
        ClientTls fresh = ClientTls.DEFAULT.withTrust(TRUST);
        server(port -> {
            for (boolean again : new boolean[]{false, true}) {
                try (ByteStream stream = Tls.connect("localhost", port, fresh)) {
                    stream.write("abc\n");
                    assertEquals("cba", stream.readLine(100).orElseThrow());
                    assertEquals(again, Tls.session(stream).orElseThrow().resumed());
                }
            }
        }, flag(version));
    }

    @Test
    void ourClientRefusesTheirCertificateForAnotherName() {
        server(port -> assertThrows(TlsException.class, () -> Tls.connect("127.0.0.1", port, CLIENT_TLS)));
    }

    @ParameterizedTest
    @EnumSource(TlsVersion.class)
    void muchDataComesThroughWhole(TlsVersion version) throws IOException {
        byte[] content = noise(3_000_000, 4);
        Files.write(directory.resolve("big"), content);
        String[] command = {"s_server", "-accept", "127.0.0.1:0", "-cert", "server.pem", "-HTTP", flag(version)};
        Process process = Openssl.start(directory, command);
        try (BufferedReader output = process.inputReader()) {
            String line = output.readLine();
            while (line != null && !line.startsWith("ACCEPT")) {
                line = output.readLine();
            }
            int port = Integer.parseInt(String.valueOf(line).substring(String.valueOf(line).lastIndexOf(':') + 1));
            Heddle.run(() -> {
                try (ByteStream stream = Tls.connect("localhost", port, CLIENT_TLS)) {
                    stream.write("GET /big HTTP/1.0\r\n\r\n");
                    Task<byte[]> reader = Heddle.spawn(() -> stream.readAll(content.length));
                    assertArrayEquals(content, reader.join());
                }
            });
        } finally {
            process.destroyForcibly();
        }
    }
}
