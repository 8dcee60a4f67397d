package dev.heddle.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A gibibyte down and one up through the gateway of twenty lines, which has 64 MB of heap and 16 MB beside it. Both peers are sockets of
 * the JDK and nothing of Heddle; each byte counts in a digest.
 */
@Tag("full")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class GatewayOfSmallMemoryTest extends GatewayPeers {

    private static final long BYTES = 1L << 30;
    private static final int BLOCK = 1 << 18;

    /** All that such a JVM has in memory: heap, buffers, classes, compiled code, stacks, and the collector's tables. */
    private static final long MAX_RESIDENT_MEGABYTES = 140;

    @Test
    void gibibyteEachWayNeedsNoMoreMemoryThanABodyOfAPage() throws Exception {
        try (var upstream = new Upstream()) {
            Gateway gateway = gateway("http1", upstream.listener.getLocalPort());
            try (var client = new Peer(new Socket(InetAddress.getLoopbackAddress(), gateway.port()))) {
                client.say("GET /down HTTP/1.1\r\nHost: a\r\n\r\n");
                assertEquals(BYTES, lengthOf(client.head()));
                assertEquals(client.digestOfWhatComes(), upstream.sent.get());

                client.say("PUT /up HTTP/1.1\r\nHost: a\r\nContent-Length: " + BYTES + "\r\n\r\n");
                String sent = client.sendAll();
                assertEquals(sent, upstream.had.get());
                assertEquals(sent, client.text(lengthOf(client.head())));
            }
            long peak = gateway.peakMegabytes();
            assertTrue(peak < MAX_RESIDENT_MEGABYTES, peak + " MB");
        }
    }

    private static long lengthOf(String head) {
        return head.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
                .mapToLong(line -> Long.parseLong(line.substring("content-length:".length()).strip()))
                .findFirst().orElseThrow(() -> new AssertionError("no length in " + head));
    }

    /** Gives the same body to whoever asks for {@code /down}, and takes one at {@code /up}, whose digest it answers. */
    private static final class Upstream implements AutoCloseable {

        private final ServerSocket listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        private final CompletableFuture<String> sent = new CompletableFuture<>();
        private final CompletableFuture<String> had = new CompletableFuture<>();

        Upstream() throws IOException {
            Thread.ofPlatform().daemon().name("upstream").start(this::serve);
        }

        private void serve() {
            while (true) {
                try (var peer = new Peer(listener.accept())) {
                    while (true) {
                        answer(peer, peer.head());
                    }
                } catch (EOFException end) {
                    // The next connection.
                } catch (Exception e) {
                    sent.completeExceptionally(e);
                    had.completeExceptionally(e);
                    return;
                }
            }
        }

        private void answer(Peer peer, String head) throws Exception {
            if (head.startsWith("GET /down ")) {
                peer.say("HTTP/1.1 200 OK\r\nContent-Length: " + BYTES + "\r\n\r\n");
                sent.complete(peer.sendAll());
            } else {
                assertEquals(BYTES, lengthOf(head));
                String digest = peer.digestOfWhatComes();
                had.complete(digest);
                peer.say("HTTP/1.1 200 OK\r\nContent-Length: " + digest.length() + "\r\n\r\n" + digest);
            }
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }

    /** One end of a connection. */
    private record Peer(Socket socket) implements AutoCloseable {

        void say(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(ISO_8859_1));
        }

        /** Up to the end of a head, byte by byte, so that nothing behind it is taken. */
        String head() throws IOException {
            InputStream in = socket.getInputStream();
            var head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = in.read();
                if (next < 0) {
                    throw new EOFException("the end behind: " + head);
                }
                head.append((char) next);
            }
            return head.toString();
        }

        String text(long length) throws IOException {
            return new String(socket.getInputStream().readNBytes((int) length), ISO_8859_1);
        }

        /** Sends the whole body, of which no two blocks are alike, and gives its digest. */
        String sendAll() throws Exception {
            OutputStream out = socket.getOutputStream();
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] block = new byte[BLOCK];
            new Random(1).nextBytes(block);
            for (long at = 0; at < BYTES; at += BLOCK) {
                ByteBuffer.wrap(block).putLong(at);
                digest.update(block);
                out.write(block);
            }
            return HexFormat.of().formatHex(digest.digest());
        }

        /** Takes a body of that length, and gives the digest of it. */
        String digestOfWhatComes() throws Exception {
            InputStream in = socket.getInputStream();
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] block = new byte[BLOCK];
            for (long left = BYTES; left > 0;) {
                int count = in.read(block, 0, (int) Math.min(left, BLOCK));
                if (count < 0) {
                    throw new EOFException(left + " bytes are missing");
                }
                digest.update(block, 0, count);
                left -= count;
            }
            return HexFormat.of().formatHex(digest.digest());
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
