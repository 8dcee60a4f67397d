package dev.heddle.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.Config;
import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.engine.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A ring belongs to the thread that made it; a loop may come into the hands of another one all the same. */
final class UringThreadsTest {

    private static final Duration LONG = Duration.ofSeconds(10);

    private final Loop loop = Loop.create(Config.DEFAULT.withEngine(UringEngine::new));

    @BeforeEach
    void itWorksHere() {
        new UringProvider().whyNot().ifPresent(why -> assumeTrue(false, why));
    }

    /** Opens connections in a thread that ends then. */
    private Task<List<Transport>> connectElsewhere(ServerSocket server, int count) throws InterruptedException {
        Task<List<Transport>> connecting = loop.spawn(() -> {
            List<Transport> connected = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                connected.add(loop.engine().connect(server.getLocalSocketAddress()));
                connected.getLast().tryRead(ByteBuffer.allocate(1));
            }
            return connected;
        });
        Thread.ofPlatform()
                .start(() -> {
                    while (!connecting.isDone()) {
                        loop.step(Duration.ofMillis(1));
                    }
                })
                .join();
        return connecting;
    }

    @Test
    void loopThatIsClosedInAnotherThreadKeepsNoConnection() throws IOException, InterruptedException {
        // More than the ring has entries for.
        int count = 1_100;
        try (ServerSocket server = new ServerSocket(0, 2 * count, InetAddress.getLoopbackAddress())) {
            connectElsewhere(server, count);

            loop.close();

            for (int i = 0; i < count; i++) {
                try (Socket peer = server.accept()) {
                    peer.setSoTimeout((int) LONG.toMillis());
                    assertTrue(hasEnded(peer));
                }
            }
        }
    }

    private static boolean hasEnded(Socket peer) {
        try {
            return peer.getInputStream().read() == -1;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void anotherThreadThatTakesTheTurnsOverIsRefusedInWords() throws IOException, InterruptedException {
        try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Transport connected = connectElsewhere(server, 1).join().getFirst();
            Task<Void> reader = loop.spawn(connected::awaitReadable);
            var refused = assertThrows(IllegalStateException.class, () -> {
                for (int i = 0; i < 100 && !reader.isDone(); i++) {
                    loop.step(Duration.ofMillis(1));
                }
            });
            assertTrue(refused.getMessage().contains("driven by one thread"), refused::getMessage);
            assertEquals(false, reader.isDone());
        } finally {
            loop.close();
        }
    }
}
