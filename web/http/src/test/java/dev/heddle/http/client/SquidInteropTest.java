package dev.heddle.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.http.OtherProgram;
import dev.heddle.http.WebSocket;
import dev.heddle.http.WebSocketMessage;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.tls.ClientTls;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.TlsIdentity;
import dev.heddle.tls.TlsTrust;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our client, Squid in between, and our server: plain and under TLS on both ways. */
@Tag("full")
final class SquidInteropTest {

    private static final String SQUID = "/usr/sbin/squid";

    /**
     * An address of the loopback network for this process, so that its ports are free even if another one runs this
     * test.
     */
    private static final String HOST = address(ProcessHandle.current().pid());

    /** A name that only Squid knows. */
    private static final String SITE = "site.test";

    private static final int PLAIN_PORT = 3128;
    private static final int TLS_PORT = 3129;
    private static final TlsIdentity IDENTITY = TlsIdentity.selfSigned(SITE);

    @TempDir
    private Path temp;

    private static String address(long pid) {
        return "127." + (64 + (pid >> 16) % 64) + "." + (pid >> 8 & 0xff) + "." + (pid & 0xff);
    }

    private Process start() throws IOException, InterruptedException {
        OtherProgram.assumeInstalled(SQUID);
        OtherProgram.assumeInstalled("/usr/bin/openssl");
        // As root, Squid becomes another user before it looks at its folder.
        Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwxr-xr-x"));
        new OtherProgram(temp, "/usr/bin/openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes", "-keyout", "key.pem", "-out", "cert.pem", "-days", "2", "-subj", "/CN=proxy", "-addext",
                "subjectAltName=IP:" + HOST).output();
        Files.writeString(temp.resolve("hosts"), "127.0.0.1 " + SITE + "\n");
        Files.writeString(temp.resolve("squid.conf"), """
                hosts_file %4$s/hosts
                http_port %1$s:%2$d
                https_port %1$s:%3$d tls-cert=%4$s/cert.pem tls-key=%4$s/key.pem
                auth_param basic program /usr/lib/squid/basic_fake_auth
                acl known proxy_auth REQUIRED
                http_access allow known
                cache deny all
                access_log none
                cache_log stdio:%4$s/log
                pid_filename none
                shutdown_lifetime 0 seconds
                """.formatted(HOST, PLAIN_PORT, TLS_PORT, temp));
        Process squid = new ProcessBuilder(SQUID, "-N", "-f", "squid.conf").directory(temp.toFile())
                .redirectErrorStream(true).redirectOutput(temp.resolve("out").toFile()).start();
        for (int tries = 0; tries < 1_500 && squid.isAlive() && !accepts(); tries++) {
            Thread.sleep(20);
        }
        return squid;
    }

    /** Whether it takes connections; the port under TLS is the last to be opened. */
    private static boolean accepts() {
        try (SocketChannel channel = SocketChannel.open(new InetSocketAddress(HOST, TLS_PORT))) {
            return channel.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static HttpServer.Builder site() {
        return HttpServer.builder()
                .get("/",
                        request -> Response
                                .text(request.version() + " " + request.header("Proxy-Authorization").orElse("")))
                .post("/", request -> Response.text(request.text(1 << 20)))
                .webSocket("/echo", (request, socket) -> socket.forEach(socket::send));
    }

    private void talkThrough(Proxy proxy) {
        String large = "x".repeat(300_000);
        try (HttpServer plain = site().start("127.0.0.1", 0);
                HttpServer secure = site().tls(ServerTls.of(IDENTITY)).start("127.0.0.1", 0);
                HttpClient http = HttpClient.builder()
                        .tls(ClientTls.DEFAULT.withTrust(TlsTrust.of(IDENTITY.certificate())))
                        .proxy(proxy.withCredentials("me", "word"))
                        .build()) {
            String plainHost = SITE + ":" + plain.port() + "/";
            String secureHost = SITE + ":" + secure.port() + "/";
            for (int i = 0; i < 3; i++) {
                assertEquals("HTTP/1.1 ", http.get("http://" + plainHost).expectSuccess().text());
                assertEquals("HTTP/2 ", http.get("https://" + secureHost).expectSuccess().text());
            }
            assertEquals(large, http.post("http://" + plainHost, large).text());
            assertEquals(large, http.post("https://" + secureHost, large).text());
            for (String url : new String[]{"ws://" + plainHost + "echo", "wss://" + secureHost + "echo"}) {
                try (WebSocket socket = http.webSocket(url).connect()) {
                    socket.sendText("hello");
                    assertEquals(Optional.of(new WebSocketMessage.Text("hello")), socket.receive());
                }
            }
            try (HttpClient unknown = HttpClient.builder().proxy(proxy).build()) {
                assertEquals(407, unknown.get("http://" + plainHost).status());
                var e = assertThrows(ProxyException.class, () -> unknown.get("https://" + secureHost));
                assertTrue(String.valueOf(e.getMessage()).endsWith("it wants credentials"), e.getMessage());
            }
        }
    }

    @Test
    void squidIsUnderstoodPlainAndUnderTls() throws Exception {
        Process squid = start();
        try {
            assertTrue(squid.isAlive(), this::out);
            Heddle.run(() -> {
                talkThrough(Proxy.http(HOST, PLAIN_PORT));
                talkThrough(Proxy.https(HOST, TLS_PORT)
                        .withTls(ClientTls.DEFAULT.withTrust(TlsTrust.pem(temp.resolve("cert.pem")))));
            });
        } finally {
            squid.destroy();
            squid.onExit().completeOnTimeout(squid, 10, TimeUnit.SECONDS).join();
            squid.destroyForcibly();
        }
    }

    private String out() {
        try {
            return Files.readString(temp.resolve("out"));
        } catch (IOException e) {
            return e.toString();
        }
    }
}
