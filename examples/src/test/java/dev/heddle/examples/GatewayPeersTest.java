package dev.heddle.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.Heddle;
import dev.heddle.http.WebSocket;
import dev.heddle.http.WebSocketMessage;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.http.server.HttpServer;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The gateway of twenty lines, with a heap of 64 MB, in front of nginx and of a server of WebSockets, asked by curl, by
 * h2load and by our client.
 */
@Tag("night")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class GatewayPeersTest extends GatewayPeers {

    /** With {@code -Dheddle.gateway.megabytes=1000} a gigabyte goes up and comes down. */
    private static final int MEGABYTES = Integer.getInteger("heddle.gateway.megabytes", 200);

    /** What a JVM with such a heap has in memory, less than what is sent. */
    private static final long MAX_RESIDENT_MEGABYTES = 180;

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
        assertTrue(peak < MAX_RESIDENT_MEGABYTES, peak + " MB");
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
