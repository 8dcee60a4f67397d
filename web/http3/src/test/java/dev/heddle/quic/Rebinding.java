package dev.heddle.quic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.BrokenException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.io.ByteStream;
import java.time.Duration;
import java.util.Random;

/** A large transfer between a client behind a router and a server, while the client's address changes. */
final class Rebinding {

    /** The addresses that the client has one behind the other: another once, several, and some of them again. */
    static final int[][] PLANS = {{1}, {1, 2, 3, 4, 5, 6}, {1, 0, 1, 2, 0, 2}};

    /** How long each address has at least to prove itself before the next comes. */
    private final Duration apart;

    /** The client, behind the router, and the server. */
    private final QuicConnection client;
    private final QuicConnection server;
    private final Router router;

    Rebinding(QuicConnection client, QuicConnection server, Router router, Duration apart) {
        this.client = client;
        this.server = server;
        this.router = router;
        this.apart = apart;
    }

    /** Each change comes when some more has gone through the router. */
    private void change(int[] plan, int bytes) {
        for (int port : plan) {
            router.awaitPassed(bytes / (3 * plan.length + 1));
            router.usePort(port);
            Heddle.sleep(apart);
        }
    }

    private static byte[] content(long seed, int bytes) {
        byte[] content = new byte[bytes];
        new Random(seed).nextBytes(content);
        return content;
    }

    /** The client sends. */
    void upload(int[] plan, int bytes) {
        byte[] sent = content(plan.length, bytes);
        try (ByteStream from = client.open()) {
            Task<Void> changing = Heddle.spawn(() -> change(plan, bytes));
            Task<byte[]> received = Heddle.spawn(() -> {
                try (ByteStream to = server.accept()) {
                    byte[] all = to.readAll(bytes);
                    to.write("whole");
                    return all;
                }
            });
            from.write(sent);
            from.closeOutput();
            assertArrayEquals(sent, received.join());
            assertEquals("whole", new String(from.readAll(5)));
            changing.cancel("the transfer is over");
        }
    }

    /** The server sends. */
    void download(int[] plan, int bytes) {
        byte[] sent = content(plan.length, bytes);
        try (ByteStream to = client.open()) {
            Task<Void> changing = Heddle.spawn(() -> change(plan, bytes));
            to.write("!");
            to.closeOutput();
            Task<Void> sending = Heddle.spawn(() -> {
                try (ByteStream from = server.accept()) {
                    from.readAll(1);
                    from.write(sent);
                }
            });
            assertArrayEquals(sent, to.readAll(bytes));
            sending.join();
            changing.cancel("the transfer is over");
        }
    }

    /** As {@link #upload}, where the network may lose it. */
    void uploadOrLoss(int[] plan, int bytes) {
        try {
            upload(plan, bytes);
        } catch (BrokenException told) {
            // A loss that is told is no wrong answer.
        }
    }

    /** As {@link #download}, where the network may lose it. */
    void downloadOrLoss(int[] plan, int bytes) {
        try {
            download(plan, bytes);
        } catch (BrokenException told) {
            // As above.
        }
    }

    /** Waits until a listener has no connection, at the latest when its peer has been silent for too long. */
    static void awaitNothingLeft(QuicListener listener) {
        Heddle.timeout(Duration.ofSeconds(60), () -> {
            while (listener.statistics().connections() > 0) {
                Heddle.sleep(Duration.ofMillis(5));
            }
        });
    }
}
