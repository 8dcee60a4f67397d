package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.CancelledException;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.Task;
import dev.heddle.http.Wire;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Tcp;
import dev.heddle.net.Unix;
import dev.heddle.net.UnixOptions;
import dev.heddle.tls.ClientTls;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.Tls;
import dev.heddle.tls.TlsIdentity;
import dev.heddle.tls.TlsTrust;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a server may listen: several addresses, Unix sockets, all loops. Over the system's own sockets. */
final class ServerListenersTest {

    private static final String ASK = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String HOST = "127.0.0.1";

    @TempDir
    private Path temp;

    private final HttpServer.Builder builder = HttpServer.builder().get("/", r -> Response.text(r.scheme() + " to "
            + r.localAddress().replaceAll(":\\d+$", "")));

    private static String ask(ByteStream stream) {
        try (stream) {
            stream.write(ASK);
            return Wire.body(Wire.response(stream));
        }
    }

    @Test
    void unixSocketIsServedToItsOwnerAndGoneAfterTheStop() {
        Path path = temp.resolve("s");
        Heddle.run(() -> {
            HttpServer server = builder.build().startUnix(path);
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
            assertEquals("http to " + path, ask(Unix.connect(path)));
            assertEquals(0, server.port());
            assertEquals(path.toString(), server.address());
            server.stop(Duration.ofSeconds(1));
            assertFalse(Files.exists(path));
        });
    }

    @Test
    void trustedProxyMayComeByAUnixSocket() {
        Path path = temp.resolve("s");
        Heddle.run(() -> {
            try (HttpServer server = HttpServer.builder().trustProxies("unix")
                    .get("/", r -> Response.text(r.clientAddress()))
                    .build().startUnix(path); ByteStream stream = Unix.connect(path)) {
                stream.write("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n");
                assertEquals("192.0.2.1", Wire.body(Wire.response(stream)));
                assertTrue(server.statistics().successes() == 1);
            }
        });
    }

    @Test
    void curlIsServedByAUnixSocket() {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/curl")), "curl is not installed");
        Path path = temp.resolve("s");
        String answer = Heddle.run(() -> {
            try (HttpServer server = builder.build().startUnix(path,
                    UnixOptions.DEFAULT.withPermissions("rw-rw----"))) {
                assertEquals(path.toString(), server.address());
                return Heddle.offload(() -> output(List.of("/usr/bin/curl", "-sS", "--max-time", "20", "--unix-socket",
                        path.toString(), "http://anything/", "http://anything/")));
            }
        });
        assertEquals(("http to " + path).repeat(2), answer);
    }

    private static String output(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return out;
    }

    @Test
    void oneServerListensOnSeveralAddressesAndStopsThemTogether() {
        TlsIdentity identity = TlsIdentity.selfSigned("localhost", HOST);
        Path path = temp.resolve("s");
        Heddle.run(() -> {
            var plain = Tcp.listen(HOST, 0);
            var secure = Tls.listen(HOST, 0, ServerTls.of(identity).withProtocols("http/1.1"));
            int[] ports = {plain.port(), secure.port()};
            HttpServer server = builder.build().start(plain, secure, Unix.listen(path));
            assertEquals(ports[0], server.port());
            assertEquals("http to " + HOST, ask(Tcp.connect(HOST, ports[0])));
            assertEquals("https to " + HOST,
                    ask(Tls.connect(HOST, ports[1], ClientTls.DEFAULT.withTrust(TlsTrust.of(identity.certificate())))));
            assertEquals("http to " + path, ask(Unix.connect(path)));
            assertEquals(3, server.statistics().accepted());
            server.stop(Duration.ofSeconds(1));
            for (int port : ports) {
                assertThrows(HeddleException.class, () -> Tcp.connect(HOST, port));
            }
            assertFalse(Files.exists(path));
        });
    }

    @Test
    void serverThatWasStartedLeavesTheListenersAlone() {
        Heddle.run(() -> {
            try (HttpServer server = builder.start(HOST, 0); var listener = Tcp.listen(HOST, 0)) {
                assertThrows(IllegalStateException.class, () -> server.start(listener));
                assertTrue(listener.isOpen());
                assertThrows(IllegalStateException.class, () -> server.startUnix(temp.resolve("s")));
                assertThrows(IllegalStateException.class, () -> server.startOnAllLoops(HOST, 0));
                assertFalse(Files.exists(temp.resolve("s")));
            }
        });
    }

    @Test
    void allLoopsServeOnePortAndStopTogether() {
        Set<String> loops = ConcurrentHashMap.newKeySet();
        var busy = new CountDownLatch(50);
        var stopping = new CountDownLatch(1);
        Heddle.run(Config.DEFAULT.withLoops(2), () -> {
            HttpServer server = HttpServer.builder().get("/", r -> {
                loops.add(Heddle.currentLoop().name());
                return Response.text("ok");
            }).get("/slow", r -> {
                busy.countDown();
                stopping.await();
                return Response.text("slow");
            }).build().startOnAllLoops(HOST, 0);
            int port = server.port();
            List<ByteStream> idle = new ArrayList<>();
            // The system spreads connections by their ports, at random: so many miss a loop once in a thousand million
            // years.
            for (int i = 0; i < 100; i++) {
                ByteStream stream = Tcp.connect(HOST, port);
                idle.add(stream);
                stream.write(ASK);
                assertEquals("ok", Wire.body(Wire.response(stream)));
            }
            assertEquals(2, new TreeSet<>(loops).size());
            List<Task<String>> slow = new ArrayList<>();
            for (ByteStream stream : idle.subList(0, 50)) {
                slow.add(Heddle.spawn(() -> {
                    stream.write("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
                    return Wire.response(stream);
                }));
            }
            busy.await();
            Task<Void> stop = Heddle.spawn(() -> server.stop(Duration.ofSeconds(100)));
            while (isOpen(port)) {
                Heddle.checkpoint();
            }
            stopping.countDown();
            stop.join();
            for (Task<String> each : slow) {
                String answer = each.join();
                assertTrue(answer.contains("Connection: close") && answer.endsWith("slow"), answer);
            }
            for (ByteStream stream : idle.subList(50, 100)) {
                assertEquals(-1, stream.read(new byte[1]));
            }
            idle.forEach(ByteStream::close);
            ServerStatistics statistics = server.statistics();
            assertEquals(150, statistics.successes());
            assertEquals(0, statistics.connections());
            assertEquals(0, statistics.unanswered());
        });
    }

    private static boolean isOpen(int port) {
        try {
            Tcp.connect(HOST, port).close();
            return true;
        } catch (HeddleException refused) {
            return false;
        }
    }

    @Test
    void allLoopsSpeakTls() {
        TlsIdentity identity = TlsIdentity.selfSigned("localhost", HOST);
        ClientTls client = ClientTls.DEFAULT.withTrust(TlsTrust.of(identity.certificate()));
        Heddle.run(Config.DEFAULT.withLoops(2), () -> {
            try (HttpServer server = builder.tls(ServerTls.of(identity)).build().startOnAllLoops(HOST, 0)) {
                for (int i = 0; i < 4; i++) {
                    assertEquals("https to " + HOST, ask(Tls.connect(HOST, server.port(), client)));
                }
                try (ByteStream plain = Tcp.connect(HOST, server.port())) {
                    plain.write(ASK);
                    assertEquals(21, plain.readExactly(7)[0], "an alert");
                }
            }
        });
    }

    @Test
    void afterTheGraceHandlersOfAllLoopsAreCancelled() {
        Set<String> cancelled = ConcurrentHashMap.newKeySet();
        var busy = new CountDownLatch(40);
        Heddle.run(Config.DEFAULT.withLoops(2), () -> {
            HttpServer server = HttpServer.builder().get("/", r -> {
                busy.countDown();
                try {
                    Heddle.sleep(Duration.ofHours(1));
                } catch (CancelledException e) {
                    cancelled.add(Heddle.currentLoop().name());
                    throw e;
                }
                return Response.empty(204);
            }).build().startOnAllLoops(HOST, 0);
            List<ByteStream> peers = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                ByteStream stream = Tcp.connect(HOST, server.port());
                stream.write(ASK);
                peers.add(stream);
            }
            busy.await();
            server.stop(Duration.ZERO);
            assertEquals(2, cancelled.size());
            assertEquals(40, server.statistics().unanswered());
            peers.forEach(ByteStream::close);
        });
    }
}
