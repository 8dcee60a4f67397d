package dev.heddle.http.server;

import static dev.heddle.Heddle.run;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.BrokenException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.conformance.LeavesNothing;
import dev.heddle.http.client.HttpClient;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Listener;
import dev.heddle.net.Tcp;
import dev.heddle.tls.ClientTls;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.TlsIdentity;
import dev.heddle.tls.TlsTrust;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Large files over real sockets, where the kernel sends them. */
@LeavesNothing
final class SendFileTest {

    private static final int SIZE = 3_000_001;

    @TempDir
    private Path root;

    private byte[] content;

    @BeforeEach
    void makeFile() throws IOException {
        content = new byte[SIZE];
        new Random(42).nextBytes(content);
        Files.write(root.resolve("big"), content);
    }

    private HttpServer start(ServerLimits limits) {
        return HttpServer.builder().limits(limits).files("/", root).start("127.0.0.1", 0);
    }

    @Test
    void fileComesWholeAndInPartsAndTheConnectionIsKept() {
        run(() -> {
            try (HttpServer server = start(ServerLimits.DEFAULT); HttpClient http = HttpClient.create()) {
                String url = "http://127.0.0.1:" + server.port() + "/big";
                assertArrayEquals(content, http.get(url).bytes());
                assertArrayEquals(Arrays.copyOfRange(content, 1_000_000, 2_000_001),
                        http.request("GET", url).header("Range", "bytes=1000000-2000000").send().bytes());
                assertArrayEquals(content, http.get(url).bytes());
                assertEquals(1, http.statistics().opened());
            }
        });
    }

    @Test
    void overTlsTheFileIsReadAndComesWholeToo() {
        TlsIdentity identity = TlsIdentity.selfSigned("127.0.0.1");
        ClientTls trusting = ClientTls.DEFAULT.withTrust(TlsTrust.of(identity.certificate()));
        run(() -> {
            try (HttpServer server = HttpServer.builder().files("/", root).tls(ServerTls.of(identity))
                    .start("127.0.0.1", 0);
                    HttpClient http = HttpClient.builder().tls(trusting).build()) {
                assertArrayEquals(content, http.get("https://127.0.0.1:" + server.port() + "/big").bytes());
            }
        });
    }

    @Test
    void fileThatShrinksWhileTheKernelSendsItCutsTheConnection() {
        run(() -> {
            try (HttpServer server = start(ServerLimits.DEFAULT)) {
                Path huge = root.resolve("huge");
                try (var file = new RandomAccessFile(huge.toFile(), "rw")) {
                    file.setLength(1L << 30);
                }
                ByteStream peer = Tcp.connect("127.0.0.1", server.port());
                peer.write("GET /huge HTTP/1.1\r\nHost: a\r\n\r\n");
                peer.readExactly(100_000);
                try (var file = new RandomAccessFile(huge.toFile(), "rw")) {
                    file.setLength(200_000);
                }
                assertThrows(BrokenException.class, () -> readAway(peer));
                peer.abort();
            }
        });
    }

    private static long readAway(ByteStream peer) {
        byte[] part = new byte[64 * 1024];
        long total = 0;
        for (int n = peer.read(part); n >= 0; n = peer.read(part)) {
            total += n;
        }
        return total;
    }

    @Tag("full")
    @Test
    void peerThatReadsNothingIsCutOffThoughTheKernelSends() {
        ServerLimits limits = ServerLimits.DEFAULT.withMinRate(1 << 20).withTransferGrace(Duration.ofMillis(100));
        run(() -> {
            try (var file = new RandomAccessFile(root.resolve("huge").toFile(), "rw")) {
                file.setLength(1L << 30);
            }
            HttpServer server = HttpServer.builder().limits(limits).files("/", root).build();
            try (Listener listener = Tcp.listen(0); ByteStream peer = Tcp.connect("127.0.0.1", listener.port())) {
                Task<Void> connection = Heddle.spawn(() -> server.serve(listener.accept()));
                peer.write("GET /huge HTTP/1.1\r\nHost: a\r\n\r\n");
                Heddle.timeout(Duration.ofSeconds(60), connection::join);
                assertThrows(BrokenException.class, () -> readAway(peer));
            }
            server.close();
        });
    }
}
