package dev.heddle.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.Action;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.engine.Transport;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of a message of which the kernel has taken a part, when its connection ends. */
final class UringAbortTest {

    /** The kernel has taken all that it will from a writer who waits so long. */
    private static final Duration STUCK = Duration.ofMillis(100);

    @BeforeEach
    void itWorksHere() {
        new UringProvider().whyNot().ifPresent(why -> assumeTrue(false, why));
    }

    private static void run(Action body) {
        Heddle.run(Config.DEFAULT.withEngine(UringEngine::new), body);
    }

    private static UringResources resources() {
        return ((UringEngine) Heddle.currentLoop().engine()).resources();
    }

    /** Connects to a peer that does not read, and writes until nothing moves any more. */
    private static Transport fullConnection(ServerSocket server) throws IOException {
        Transport full = Heddle.currentLoop().engine().connect(server.getLocalSocketAddress());
        ByteBuffer message = ByteBuffer.allocateDirect(SendBufferPool.BLOCK_BYTES);
        do {
            while (full.tryWrite(message.clear()) > 0) {
                Heddle.checkpoint();
            }
        } while (Heddle.moveOnAfter(STUCK, full::awaitWritable));
        assertEquals(1, resources().blocks.borrowed());
        return full;
    }

    @Test
    void abortThrowsAwayTheRestOfAMessageThatIsHalfSent() {
        run(() -> {
            try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
                fullConnection(server).abort();

                for (int turns = 0; resources().blocks.borrowed() > 0; turns++) {
                    assertTrue(turns < 1_000, "the rest of the message is still being sent");
                    Heddle.checkpoint();
                }
            }
        });
    }

    @Test
    void peerThatHasNotReadAllLearnsThatTheEngineEndedBeforeTheRestWasSent() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            run(() -> fullConnection(server).close());

            try (Socket peer = server.accept()) {
                peer.setSoTimeout(10_000);
                InputStream in = peer.getInputStream();
                assertThrows(SocketException.class, in::readAllBytes, "a clean end would pass for the whole");
            }
        }
    }
}
