package dev.heddle.http3;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.heddle.Heddle;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.quic.Quic;
import dev.heddle.quic.QuicListener;
import dev.heddle.quic.QuicOptions;
import dev.heddle.quic.internal.RawClient;
import dev.heddle.quic.internal.SessionMemory;
import dev.heddle.tls.ClientTls;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.TlsIdentity;
import dev.heddle.tls.TlsTrust;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Client and server of ngtcp2 and nghttp3, over GnuTLS: an implementation that shares nothing with ours. */
@Tag("full")
@Timeout(value = 150, unit = TimeUnit.SECONDS)
final class Ngtcp2InteropTest {

    private static final Path CLIENT = Path.of("/usr/bin/gtlsclient");
    private static final Path SERVER = Path.of("/usr/sbin/gtlsserver");
    private static final int LARGE = 5_000_000;
    private static final String UNKNOWN_VERSION = "0x1a2a3a4a";
    private static final String CIPHER = "--ciphers=NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+";

    @TempDir
    private Path temp;

    private TlsIdentity identity;

    @BeforeEach
    void makeKeys() throws Exception {
        assumeTrue(Files.isExecutable(CLIENT), "gtlsclient is not installed: apt-get install ngtcp2-client");
        assumeTrue(Files.isExecutable(SERVER), "gtlsserver is not installed: apt-get install ngtcp2-server");
        // GnuTLS does not read a key of Java's, which leaves its public half out.
        output("/usr/bin/openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-keyout", "key.pem", "-out", "cert.pem", "-days", "2", "-subj", "/CN=localhost", "-addext",
                "subjectAltName=DNS:localhost");
        identity = TlsIdentity.pem(temp.resolve("cert.pem"), temp.resolve("key.pem"));
        Files.write(temp.resolve("large"), noise());
    }

    private static byte[] noise() {
        byte[] bytes = new byte[LARGE];
        new Random(5).nextBytes(bytes);
        return bytes;
    }

    private Process start(String... command) throws IOException {
        return new ProcessBuilder(command).directory(temp.toFile()).redirectErrorStream(true).start();
    }

    private String output(String... command) throws IOException {
        Process process = start(command);
        try {
            return new String(process.getInputStream().readAllBytes(), ISO_8859_1);
        } finally {
            process.destroyForcibly();
        }
    }

    // ---- their client ----

    /** What their client is asked to do: which page, with which arguments, how often it is answered, what it tells. */
    private record Visit(String name, String path, int answers, String told, String... arguments) {

        boolean isLarge() {
            return path.equals("/large");
        }
    }

    private static final List<Visit> VISITS = List.of(
            new Visit("a request", "/", 1, "hello"),
            new Visit("a hundred at once", "/", 100, "hello", "-n", "100"),
            new Visit("more than the server allows at once", "/", 400, "hello", "-n", "400"),
            new Visit("a large response", "/large", 1, "fin=1"),
            new Visit("a large upload", "/count", 1, "counted " + LARGE, "-m", "POST", "-d", "large"),
            new Visit("an update of the keys", "/large", 1, "key update confirmed", "--key-update=1ms"),
            new Visit("another address", "/large", 1, "Path validation against path", "--change-local-addr=1ms"),
            new Visit("a version that nobody has", "/", 1, "hello", "-v", UNKNOWN_VERSION, "--preferred-versions=v1",
                    "--other-versions=v1"),
            new Visit("the second version, and then the first", "/", 1, "hello", "-v", "v2draft",
                    "--preferred-versions=v2draft,v1", "--other-versions=v2draft,v1"),
            new Visit("a client without ids", "/", 1, "hello", "--scid="),
            new Visit("ChaCha20", "/", 1, "hello", CIPHER + "CHACHA20-POLY1305"),
            new Visit("AES-256", "/", 1, "hello", CIPHER + "AES-256-GCM"),
            new Visit("P-384", "/", 1, "hello", "--groups=-GROUP-ALL:+GROUP-SECP384R1"),
            new Visit("small datagrams", "/large", 1, "fin=1", "--max-udp-payload-size=1200"),
            new Visit("small windows", "/large", 1, "fin=1", "--max-data=2000", "--max-window=0",
                    "--max-stream-data-bidi-local=1000", "--max-stream-window=0"),
            new Visit("a network that loses", "/large", 1, "fin=1", "--tx-loss=0.05", "--rx-loss=0.05"));

    @TestFactory
    Stream<DynamicTest> theirClientAndOurServer() {
        List<String> said = new ArrayList<>();
        Heddle.run(() -> {
            try (HttpServer server = ourServer()) {
                for (Visit visit : VISITS) {
                    said.add(Heddle.offload(() -> visit(server.port(), visit.path(), argumentsOf(visit))));
                }
            }
        });
        return IntStream.range(0, VISITS.size())
                .mapToObj(i -> dynamicTest(VISITS.get(i).name(), () -> judge(VISITS.get(i), said.get(i))));
    }

    /** A large page goes into a file of its own: as digits among what their client tells, it took 20 seconds. */
    private String[] argumentsOf(Visit visit) throws IOException {
        List<String> arguments = new ArrayList<>(Arrays.asList(visit.arguments()));
        if (visit.isLarge()) {
            Files.createDirectory(temp.resolve(visit.name()));
            arguments.addAll(List.of("--no-http-dump", "--download=" + temp.resolve(visit.name())));
        }
        return arguments.toArray(String[]::new);
    }

    private HttpServer ourServer() {
        return HttpServer.builder()
                .tls(ServerTls.of(identity))
                .http3()
                .get("/", request -> Response.text("hello"))
                .get("/large", request -> Response.bytes("application/octet-stream", noise()))
                .post("/count", request -> Response.text("counted " + request.bytes(2 * LARGE).length))
                .start("127.0.0.1", 0);
    }

    private String visit(int port, String path, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(CLIENT.toString(), "--no-quic-dump",
                "--exit-on-all-streams-close", "--timeout=20s"));
        command.addAll(Arrays.asList(arguments));
        command.addAll(List.of("127.0.0.1", "" + port, "https://localhost:" + port + path));
        return output(command.toArray(String[]::new));
    }

    private void judge(Visit visit, String said) throws IOException {
        String end = said.substring(Math.max(0, said.length() - 3_000));
        assertEquals(visit.answers(), said.split(":status: 200", -1).length - 1, end);
        assertEquals(visit.answers(), said.split("closed with error code 256", -1).length - 1, end); // H3_NO_ERROR
        assertTrue(said.replaceAll(" +\\|", "").contains(visit.told()) || dumped(said).contains(visit.told()), end);
        if (visit.isLarge()) {
            assertArrayEquals(noise(), Files.readAllBytes(temp.resolve(visit.name()).resolve("large")));
        }
    }

    /** The text of what is dumped in hexadecimal digits, with the characters at the right. */
    private static String dumped(String said) {
        var text = new StringBuilder();
        for (String line : said.split("\n")) {
            int bar = line.indexOf('|');
            if (bar > 0 && line.endsWith("|")) {
                text.append(line, bar + 1, line.length() - 1);
            }
        }
        return text.toString();
    }

    /** The second connection takes up the first one's keys, and what it sends before the handshake is not taken. */
    @Test
    void sessionIsResumedAndEarlyDataRefused() {
        Heddle.run(() -> {
            try (HttpServer server = ourServer()) {
                String[] arguments = {"--session-file=session", "--tp-file=parameters"};
                Heddle.offload(() -> visit(server.port(), "/", arguments));
                String said = Heddle.offload(() -> visit(server.port(), "/", arguments));
                assertTrue(said.contains("Early data was rejected by server"), said);
                assertTrue(dumped(said).contains("hello"), said);
            }
        });
    }

    /** The handshake ends as it should, and their client with it: it wants the streams in one direction of HTTP/3. */
    @Test
    void theirClientComesBackWithTheTokenOfARetry() {
        Heddle.run(() -> {
            QuicOptions options = QuicOptions.DEFAULT.withProtocols("h3").withMaxHandshakes(0);
            try (QuicListener listener = Quic.listen("127.0.0.1", 0, identity, options)) {
                String said = Heddle.offload(() -> visit(listener.port(), "/"));
                assertTrue(said.contains("type=Retry"), said);
                assertTrue(said.contains("remote transport_parameters retry_source_connection_id"), said);
                assertEquals(1, listener.statistics().retried());
            }
        });
    }

    // ---- their server ----

    private interface Body {
        void run(HttpClient client, String url) throws Exception;
    }

    /**
     * Runs a body whose client has heard of their server. One more connection may be lost at its first datagrams; so TCP
     * has the same pages.
     */
    private void withTheirServer(Body body, String... arguments) throws Exception {
        withTheirPort(port -> {
            try (HttpServer first = HttpServer.builder()
                    .tls(ServerTls.of(identity))
                    .get("/", request -> Response.empty().withHeader("Alt-Svc", "h3=\":" + port + "\"; ma=60"))
                    .get("/hello", request -> Response.text("hello"))
                    .start("127.0.0.1", 0);
                    HttpClient client = HttpClient.builder()
                            .tls(ClientTls.DEFAULT.withTrust(TlsTrust.pem(temp.resolve("cert.pem"))))
                            .http3()
                            .build()) {
                String url = "https://localhost:" + first.port() + "/";
                Learned.awaitHttp3(client, url, url + "hello");
                body.run(client, url);
            }
        }, arguments);
    }

    private interface PortBody {
        void run(int port) throws Exception;
    }

    private void withTheirPort(PortBody body, String... arguments) throws Exception {
        int port = freePort();
        List<String> command = new ArrayList<>(
                List.of(SERVER.toString(), "--no-quic-dump", "--no-http-dump", "-d", temp.toString()));
        command.addAll(Arrays.asList(arguments));
        command.addAll(List.of("127.0.0.1", "" + port, "key.pem", "cert.pem"));
        Files.writeString(temp.resolve("hello"), "hello");
        Process theirs = new ProcessBuilder(command)
                .directory(temp.toFile())
                .redirectErrorStream(true)
                .redirectOutput(Redirect.DISCARD)
                .start();
        try {
            awaitBound(theirs, port);
            Heddle.run(() -> body.run(port));
        } finally {
            theirs.destroyForcibly().waitFor();
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            return socket.getLocalPort();
        }
    }

    private static void awaitBound(Process server, int port) throws Exception {
        String address = String.format(":%04X ", port);
        while (!Files.readString(Path.of("/proc/net/udp")).contains(address)) {
            assertTrue(server.isAlive(), "gtlsserver has ended");
            Thread.sleep(10);
        }
    }

    private static void visit(HttpClient client, String url) {
        Reply reply = client.get(url + "hello");
        assertEquals("HTTP/3", reply.version());
        assertEquals("hello", reply.text());
        assertArrayEquals(noise(), client.get(url + "large").bytes());
        assertEquals(Collections.nCopies(300, "hello"),
                Heddle.map(Collections.nCopies(300, url + "hello"), 100, each -> client.get(each).text()));
        assertEquals(200, client.post(url + "hello", new byte[LARGE]).status());
        assertEquals(404, client.get(url + "none").status());
    }

    @Test
    void ourClientAndTheirServer() throws Exception {
        withTheirServer(Ngtcp2InteropTest::visit);
    }

    @Test
    void ourClientComesBackWithTheTokenOfARetry() throws Exception {
        withTheirServer(Ngtcp2InteropTest::visit, "-V");
    }

    @Test
    void ourClientWaitsForStreams() throws Exception {
        withTheirServer(Ngtcp2InteropTest::visit, "--max-streams-bidi=3");
    }

    @Test
    void ourClientLivesWithLosses() throws Exception {
        withTheirServer(Ngtcp2InteropTest::visit, "--tx-loss=0.05", "--rx-loss=0.05");
    }

    @Test
    void ourClientResumesTheirSession() throws Exception {
        withTheirPort(port -> {
            TlsTrust trust = TlsTrust.pem(temp.resolve("cert.pem"));
            var sessions = new SessionMemory();
            List<Boolean> resumed = new ArrayList<>();
            for (int i = 0; i < 20 && !resumed.contains(true); i++) {
                try (RawClient client = new RawClient(port, trust, sessions)) {
                    resumed.add(client.conversation().agreement().resumed());
                    Heddle.sleep(Duration.ofMillis(50)); // so that it can send one
                }
            }
            assertEquals(false, resumed.getFirst());
            assertEquals(true, resumed.getLast());
        });
    }

    @Test
    void trailersComeBehindTheBody() throws Exception {
        withTheirServer((client, url) -> {
            Reply reply = client.get(url + "hello");
            assertEquals("hello", reply.text());
            assertEquals(1, reply.trailers().names().size());
        }, "--send-trailers");
    }
}
