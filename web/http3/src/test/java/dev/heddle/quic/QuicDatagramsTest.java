package dev.heddle.quic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.ClosedException;
import dev.heddle.DeadlineExceededException;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.Task;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Datagrams of a connection (RFC 9221). */
final class QuicDatagramsTest {

    private static final Duration SOON = Duration.ofMillis(50);
    private static final Duration LATE = Duration.ofSeconds(10);
    private static final int WAITING = 16;
    private static final QuicOptions OPTIONS = QuicEnds.OPTIONS.withMaxDatagrams(WAITING);

    private interface Body {
        void run(QuicEnds ends) throws Exception;
    }

    private static void between(QuicOptions options, Body body) {
        Heddle.run(() -> {
            try (var ends = new QuicEnds(options)) {
                Heddle.timeout(LATE, () -> body.run(ends));
            }
        });
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void datagramsGoBothWaysBesideStreams() {
        between(OPTIONS, ends -> {
            QuicEnds.Streams streams = ends.open();
            for (int i = 0; i < 100; i++) {
                ends.client().sendDatagram(bytes("to " + i));
                assertArrayEquals(bytes("to " + i), ends.server().receiveDatagram());
                ends.server().sendDatagram(bytes("fro " + i));
                assertArrayEquals(bytes("fro " + i), ends.client().receiveDatagram());
            }
            streams.client().write("still here");
            assertArrayEquals(bytes("still here"), streams.server().readExactly(10));
        });
    }

    @Test
    void emptyOneAndTheLongestArriveAndALongerOneIsRefused() {
        between(OPTIONS, ends -> {
            int most = ends.client().maxDatagramBytes();
            assertTrue(most > 1_200 && most < 1_350, () -> "at most " + most);
            ends.client().sendDatagram(new byte[0]);
            assertEquals(0, ends.server().receiveDatagram().length);
            ends.client().sendDatagram(new byte[most]);
            assertEquals(most, ends.server().receiveDatagram().length);
            var refused = assertThrows(IllegalArgumentException.class,
                    () -> ends.client().sendDatagram(new byte[most + 1]));
            assertTrue(refused.getMessage().endsWith(" has at most " + most + " bytes, not " + (most + 1)),
                    refused.getMessage());
        });
    }

    @Test
    void endWithoutDatagramsSaysSo() {
        between(QuicEnds.OPTIONS, ends -> {
            assertEquals(0, ends.client().maxDatagramBytes());
            var refused = assertThrows(IllegalArgumentException.class, () -> ends.client().sendDatagram(bytes("?")));
            assertTrue(refused.getMessage().endsWith(" has no datagrams: both ends name them in their options"),
                    refused.getMessage());
        });
    }

    @Test
    void peerWithoutDatagramsIsSentNone() {
        Heddle.run(() -> {
            try (QuicListener listener = Quic.listen("127.0.0.1", 0, QuicEnds.IDENTITY, QuicEnds.OPTIONS)) {
                Task<QuicConnection> accepted = Heddle.spawn(listener::accept);
                try (QuicConnection client = Quic.connect("localhost", listener.port(), QuicEnds.AUTHORITY.trust(),
                        OPTIONS); QuicConnection server = accepted.join()) {
                    assertThrows(IllegalArgumentException.class, () -> client.sendDatagram(bytes("?")));
                    assertThrows(IllegalArgumentException.class, () -> server.sendDatagram(bytes("?")));
                }
            }
        });
    }

    @Test
    void ofThoseThatNobodyTakesTheLastAreKept() {
        between(OPTIONS, ends -> {
            QuicEnds.Streams streams = ends.open();
            for (int i = 0; i < 10 * WAITING; i++) {
                ends.client().sendDatagram(bytes("number " + i));
            }
            streams.client().write("!"); // behind the last one
            streams.server().readExactly(1);
            Heddle.sleep(SOON);
            for (int i = 9 * WAITING; i < 10 * WAITING; i++) {
                assertArrayEquals(bytes("number " + i), ends.server().receiveDatagram());
            }
            assertFalse(Heddle.moveOnAfter(SOON, () -> ends.server().receiveDatagram()).isPresent());
        });
    }

    @Test
    void cancelledWaitTakesNothing() {
        between(OPTIONS, ends -> {
            assertThrows(DeadlineExceededException.class,
                    () -> Heddle.timeout(SOON, () -> ends.server().receiveDatagram()));
            ends.client().sendDatagram(bytes("for the next"));
            assertArrayEquals(bytes("for the next"), ends.server().receiveDatagram());
        });
    }

    @Test
    void eachOfSeveralReceiversGetsOne() {
        between(OPTIONS, ends -> {
            Task<byte[]> one = Heddle.spawn(() -> ends.server().receiveDatagram());
            Task<byte[]> other = Heddle.spawn(() -> ends.server().receiveDatagram());
            Heddle.checkpoint();
            ends.client().sendDatagram(bytes("a"));
            ends.client().sendDatagram(bytes("b"));
            assertEquals(2, one.join().length + other.join().length);
        });
    }

    @Test
    void receiverHearsOfAnOrderlyCloseByItsOwnSide() {
        between(OPTIONS, ends -> {
            Task<byte[]> waiting = Heddle.spawn(() -> ends.client().receiveDatagram());
            Heddle.checkpoint();
            ends.client().close();
            var told = assertThrows(ClosedException.class, waiting::join);
            assertTrue(told.getMessage().endsWith("is closed"), told.getMessage());
        });
    }

    @Test
    void receiverHearsOfTheEndByEitherSide() {
        between(OPTIONS, ends -> {
            Task<byte[]> here = Heddle.spawn(() -> ends.client().receiveDatagram());
            Task<byte[]> there = Heddle.spawn(() -> ends.server().receiveDatagram());
            Heddle.checkpoint();
            ends.client().abort(7, "enough");
            assertThrows(ClosedException.class, here::join);
            var told = assertThrows(ClosedException.class, there::join);
            assertTrue(told.getMessage().contains("enough"), told.getMessage());
            assertThrows(ClosedException.class, () -> ends.client().sendDatagram(bytes("late")));
            assertThrows(HeddleException.class, () -> ends.server().sendDatagram(bytes("late")));
            assertEquals(0, ends.client().maxDatagramBytes());
        });
    }
}
