package dev.heddle.cli.fetch;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.cli.ChildJvm;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code heddle serve} and clients that end their side after the question and pause up to five seconds: each gets every
 * byte, on every engine. A thousand come with {@code -Dheddle.downloads=1000}.
 */
@Tag("full")
final class SlowDownloadsTest {

    private static final int DOWNLOADS = Integer.getInteger("heddle.downloads", 16);
    private static final int AT_ONCE = 200;
    private static final int BYTES = 60_000_000;
    private static final int MAX_PAUSE_MILLIS = 5_000;

    @TempDir
    private Path directory;

    private record Body(long bytes, long sum) {}

    @ParameterizedTest
    @Timeout(7200)
    @ValueSource(strings = {"nio", "epoll", "io_uring"})
    void clientThatEndsItsSideAndPausesGetsEveryByte(String engine) throws Exception {
        byte[] file = new byte[BYTES];
        new Random(1).nextBytes(file);
        Files.write(directory.resolve("file"), file);
        var sum = new CRC32C();
        sum.update(file);
        try (ChildJvm server = ChildJvm.startOn(engine, "serve", directory.toString(), "-p", "0")) {
            String line = server.awaitErr("serving on ");
            int port = URI.create(line.split(" ")[2]).getPort();
            for (Body body : download(port)) {
                assertEquals(new Body(BYTES, sum.getValue()), body);
            }
            server.signal("TERM");
            assertEquals(143, server.end().exit());
        }
    }

    private static List<Body> download(int port) throws Exception {
        List<Body> bodies = new ArrayList<>();
        try (ExecutorService clients = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<Body>> all = new ArrayList<>();
            for (int i = 0; i < DOWNLOADS; i++) {
                var random = new Random(i);
                all.add(clients.submit(() -> download(port, random)));
            }
            for (Future<Body> one : all) {
                bodies.add(one.get());
            }
        }
        return bodies;
    }

    private static Body download(int port, Random random) throws IOException, InterruptedException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream()
                    .write("GET /file HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".getBytes(US_ASCII));
            socket.shutdownOutput();
            Thread.sleep(random.nextInt(MAX_PAUSE_MILLIS));
            InputStream in = new BufferedInputStream(socket.getInputStream());
            skipHead(in);
            return read(in, random);
        }
    }

    private static void skipHead(InputStream in) throws IOException {
        for (int newlines = 0; newlines < 2;) {
            int next = in.read();
            newlines = next == '\n' ? newlines + 1 : next == '\r' ? newlines : 0;
            if (next < 0) {
                throw new IOException("the head is cut off");
            }
        }
    }

    /** Pauses once more, somewhere. */
    private static Body read(InputStream in, Random random) throws IOException, InterruptedException {
        long pauseAt = random.nextInt(BYTES);
        var sum = new CRC32C();
        byte[] piece = new byte[64 * 1024];
        long bytes = 0;
        for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
            sum.update(piece, 0, count);
            if (bytes < pauseAt && bytes + count >= pauseAt) {
                Thread.sleep(random.nextInt(MAX_PAUSE_MILLIS));
            }
            bytes += count;
        }
        return new Body(bytes, sum.getValue());
    }
}
