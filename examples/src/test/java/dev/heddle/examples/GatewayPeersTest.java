package dev.heddle.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.BrokenException;
import dev.heddle.Heddle;
import dev.heddle.http.WebSocket;
import dev.heddle.http.WebSocketMessage;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.http.server.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The gateway of twenty lines, with a heap of 64 MB, in front of nginx and of a server of WebSockets, asked by curl, by
 * h2load and by our client.
 */
@Tag("full")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class GatewayPeersTest {

    /** With {@code -Dheddle.gateway.megabytes=1000} a gigabyte goes up and comes down. */
    private static final int MEGABYTES = Integer.getInteger("heddle.gateway.megabytes", 200);

    /** What a JVM with such a heap has in memory, less than what is sent. */
    private static final long MOST_RESIDENT_MEGABYTES = 180;

    private static final String NGINX = "/usr/sbin/nginx";
    private static final String CURL = "/usr/bin/curl";
    private static final String H2LOAD = "/usr/bin/h2load";

    @TempDir
    Path directory;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void end() throws InterruptedException {
        for (Process process : started) {
            process.destroy();
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }

    private Process begin(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        started.add(process);
        return process;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Files that are put and got below {@code files}; by HTTP/2 without TLS if that is said. */
    private Process nginx(int port, boolean http2) throws Exception {
        Files.createDirectories(directory.resolve("files"));
        Files.writeString(directory.resolve("nginx.conf"), """
                daemon off; master_process off; pid pid; error_log error.log; worker_rlimit_nofile 1024; events {}
                http {
                  access_log off;
                  client_body_temp_path b; proxy_temp_path p; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
                  client_max_body_size 0;
                  server {
                    listen 127.0.0.1:%d%s;
                    location / { root files; dav_methods PUT; }
                  }
                }
                """.formatted(port, http2 ? " http2" : ""));
        Process nginx = begin(List.of(NGINX, "-p", directory.toString(), "-c", "nginx.conf", "-e", "error.log"));
        for (int tries = 0; !listens(port); tries++) {
            assertTrue(nginx.isAlive() && tries < 1000, () -> "nginx has not begun: " + errors());
            Thread.sleep(10);
        }
        return nginx;
    }

    private static boolean listens(int port) throws IOException {
        try (var probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return probe.isConnected();
        } catch (ConnectException e) {
            return false;
        }
    }

    private String errors() {
        try {
            return Files.readString(directory.resolve("error.log"));
        } catch (IOException e) {
            return "no log";
        }
    }

    /** What the gateway is asked for. */
    private record Gateway(Process process, int port) {

        String url(String path) {
            return "http://127.0.0.1:" + port + path;
        }

        /** The most that it has had in memory. */
        long peakMegabytes() throws IOException {
            return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                    .filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                    .findFirst()
                    .orElseThrow();
        }
    }

    private Gateway gateway(String protocol, int... upstreams) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(protocol));
        for (int port : upstreams) {
            arguments.add("http://127.0.0.1:" + port);
        }
        List<String> command = Program.command(GatewayProgram.class, arguments.toArray(String[]::new));
        command.add(1, "-Xmx64m");
        Process process = begin(command);
        BufferedReader lines = process.inputReader();
        return new Gateway(process, Integer.parseInt(lines.readLine()));
    }

    private static String output(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        return said;
    }

    private static void installed(String... programs) {
        for (String program : programs) {
            assumeTrue(Files.isExecutable(Path.of(program)), program + " is not installed");
        }
    }

    @Test
    void bodiesMuchLargerThanItsHeapGoUpAndDown() throws Exception {
        installed(NGINX, CURL);
        int port = freePort();
        nginx(port, false);
        Gateway gateway = gateway("http1", port);
        Path big = directory.resolve("big");
        byte[] block = new byte[1 << 20];
        new Random(1).nextBytes(block);
        try (OutputStream out = Files.newOutputStream(big)) {
            for (int i = 0; i < MEGABYTES; i++) {
                block[0] = (byte) i;
                out.write(block);
            }
        }
        output(List.of(CURL, "-sS", "--fail", "-T", big.toString(), gateway.url("/big")));
        assertEquals(-1, Files.mismatch(big, directory.resolve("files/big")));
        Path back = directory.resolve("back");
        output(List.of(CURL, "-sS", "--fail", "-o", back.toString(), gateway.url("/big")));
        assertEquals(-1, Files.mismatch(big, back));
        long peak = gateway.peakMegabytes();
        assertTrue(peak < MOST_RESIDENT_MEGABYTES, peak + " MB");
    }

    @Test
    void http2OnBothSidesLosesNoRequest() throws Exception {
        installed(NGINX, H2LOAD);
        int port = freePort();
        nginx(port, true);
        Files.writeString(directory.resolve("files/page"), "a page");
        Gateway gateway = gateway("http2", port);
        // No more at once than the upstreams may get and have wait.
        String said = output(List.of(H2LOAD, "-n", "5000", "-c", "10", "-m", "10", gateway.url("/page")));
        assertTrue(said.contains("5000 succeeded, 0 failed, 0 errored, 0 timeout"), said);
        assertTrue(said.contains("status codes: 5000 2xx"), said);
    }

    @Test
    void deadUpstreamIsToldOfThenLeftAloneThenUsedAgain() throws Exception {
        installed(NGINX);
        int port = freePort();
        Process nginx = nginx(port, false);
        Files.writeString(directory.resolve("files/page"), "a page");
        Gateway gateway = gateway("http1", port);
        Heddle.run(() -> Heddle.timeout(Duration.ofMinutes(2), () -> {
            try (HttpClient http = HttpClient.create()) {
                assertEquals("a page", http.get(gateway.url("/page")).text());
                nginx.destroyForcibly();
                Heddle.offload(() -> nginx.waitFor());
                assertEquals(502, http.get(gateway.url("/page")).status());
                Reply refused = http.get(gateway.url("/page"));
                for (int i = 0; refused.status() == 502; i++) {
                    assertTrue(i < 1000, "the breaker does not open");
                    refused = http.get(gateway.url("/page"));
                }
                assertEquals(503, refused.status());
                assertTrue(refused.headers().contains("Retry-After"), refused.headers().toString());
                Heddle.offload(() -> nginx(port, false));
                Reply again = http.get(gateway.url("/page"));
                while (again.status() == 503) {
                    Heddle.sleep(Duration.ofMillis(100));
                    again = http.get(gateway.url("/page"));
                }
                assertEquals("a page", again.text());
            }
        }));
    }

    @Test
    void upstreamThatIsCutInTheMiddleOfABodyCutsTheAnswer() throws Exception {
        installed(NGINX);
        int port = freePort();
        Process nginx = nginx(port, false);
        try (var file = new RandomAccessFile(directory.resolve("files/long").toFile(), "rw")) {
            file.setLength(100L << 20);
        }
        Gateway gateway = gateway("http1", port);
        Heddle.run(() -> {
            try (HttpClient http = HttpClient.create();
                    Reply reply = http.request("GET", gateway.url("/long")).send()) {
                byte[] piece = new byte[1 << 16];
                assertTrue(reply.read(piece, 0, piece.length) > 0);
                nginx.destroyForcibly();
                assertThrows(BrokenException.class, () -> {
                    while (reply.read(piece, 0, piece.length) >= 0) {
                        assertTrue(reply.isSuccess());
                    }
                });
            }
        });
        assertTrue(gateway.process().isAlive());
    }

    @Test
    void webSocketsGoThroughBesideRequests() throws Exception {
        Heddle.run(() -> {
            HttpServer.Builder site = HttpServer.builder().webSocket("/echo", (request, socket) -> {
                for (WebSocketMessage message : socket) {
                    socket.send(message);
                }
            });
            try (HttpServer server = site.start("127.0.0.1", 0)) {
                Gateway gateway = Heddle.offload(() -> gateway("http1", server.port()));
                try (HttpClient http = HttpClient.create();
                        WebSocket socket = http.webSocket(gateway.url("/echo").replace("http:", "ws:")).connect()) {
                    for (int i = 0; i < 1000; i++) {
                        socket.sendText("message " + i);
                        assertEquals(new WebSocketMessage.Text("message " + i), socket.receive().orElseThrow());
                    }
                    assertEquals(404, http.get(gateway.url("/none")).status());
                }
            }
        });
    }
}
