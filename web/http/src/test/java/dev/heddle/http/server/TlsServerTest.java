package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.http.client.HttpClient;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Tcp;
import dev.heddle.sim.Sim;
import dev.heddle.tls.ClientTls;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.TlsIdentity;
import dev.heddle.tls.TlsTrust;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server's own https. */
final class TlsServerTest {

    private static final TlsIdentity IDENTITY = TlsIdentity.selfSigned("localhost", "127.0.0.1");
    private static final ClientTls CLIENT = ClientTls.DEFAULT.withTrust(TlsTrust.of(IDENTITY.certificate()));

    @TempDir
    Path directory;

    private static HttpServer server() {
        return HttpServer.builder()
                .get("/hello/{name}", request -> Response.text("hello " + request.path("name")))
                .tls(ServerTls.of(IDENTITY))
                .start("127.0.0.1", 0);
    }

    @Test
    void httpsIsServedOverKeptConnections() {
        Sim.run(1, () -> {
            try (HttpServer server = server(); HttpClient http = HttpClient.builder().tls(CLIENT).build()) {
                String base = "https://127.0.0.1:" + server.port();
                assertEquals("hello Ada", http.get(base + "/hello/Ada").text());
                assertEquals("hello Bob", http.get(base + "/hello/Bob").text());
                assertEquals(1, http.statistics().connections());
            }
        });
    }

    @Test
    void plainHttpToTheHttpsPortIsRefusedAndClosed() {
        Sim.run(1, () -> {
            try (HttpServer server = server(); ByteStream plain = Tcp.connect("127.0.0.1", server.port())) {
                plain.write("GET /hello/Ada HTTP/1.1\r\nHost: localhost\r\n\r\n");

                assertEquals(21, plain.readExactly(7)[0], "an alert");
                assertEquals(-1, plain.read(new byte[1]));
            }
        });
    }

    @Test
    void curlIsServed() throws IOException, CertificateEncodingException {
        Path trusted = directory.resolve("server.pem");
        Files.writeString(trusted, "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder().encodeToString(IDENTITY.certificate().getEncoded())
                + "\n-----END CERTIFICATE-----\n");
        Heddle.run(() -> {
            try (HttpServer server = server()) {
                String url = "https://localhost:" + server.port() + "/hello/curl";
                String answer = Heddle.offload(() -> {
                    Process curl = new ProcessBuilder("curl", "-sS", "-i", "--max-time", "30", "--resolve",
                            "localhost:" + server.port() + ":127.0.0.1", "--cacert", trusted.toString(), url)
                            .redirectErrorStream(true).start();
                    return new String(curl.getInputStream().readAllBytes());
                });
                assertTrue(answer.startsWith("HTTP/2 200") && answer.endsWith("hello curl"), answer);
            }
        });
    }
}
