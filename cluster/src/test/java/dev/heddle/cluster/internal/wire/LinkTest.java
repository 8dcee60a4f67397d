package dev.heddle.cluster.internal.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.cluster.internal.wire.Message.Kind;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MalformedMessageException;
import dev.heddle.io.MemoryStreams;
import dev.heddle.sim.Sim;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Messages over one connection. */
final class LinkTest {

    private static final int MAX_BYTES = 1_000_000;

    private interface Body {
        void run(Link one, Link other) throws Exception;
    }

    private static void linked(Body body) {
        Sim.run(() -> {
            var pair = MemoryStreams.pair();
            var one = new Link(pair.left(), MAX_BYTES);
            var other = new Link(pair.right(), MAX_BYTES);
            other.greeted();
            Task<Void> writer = Heddle.spawn(one::write);
            body.run(one, other);
            writer.cancel("the test has ended");
        });
    }

    private static byte[] bytes(int count, int first) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) (first + i);
        }
        return bytes;
    }

    @Test
    void shortMessagesKeepTheirOrder() {
        linked((one, other) -> {
            for (int i = 1; i <= 100; i++) {
                one.send(Kind.BODY, i, bytes(3, i), bytes(i, 0));
            }
            for (int i = 1; i <= 100; i++) {
                Message message = other.read();
                assertEquals(i, message.number());
                assertEquals(3 + i, message.content().length);
            }
        });
    }

    @Test
    void longMessagesGoByTurnsWithShortOnes() {
        linked((one, other) -> {
            one.send(Kind.BODY, 1, bytes(5, 7), bytes(900_000, 1));
            one.send(Kind.BODY, 2, bytes(5, 7), bytes(900_000, 2));
            one.send(Kind.BODY, 3, bytes(5, 7), bytes(10, 3));
            assertEquals(3, other.read().number());
            Message first = other.read();
            assertEquals(1, first.number());
            byte[] all = new byte[900_005];
            System.arraycopy(bytes(5, 7), 0, all, 0, 5);
            System.arraycopy(bytes(900_000, 1), 0, all, 5, 900_000);
            assertArrayEquals(all, first.content());
            assertEquals(2, other.read().number());
        });
    }

    @Test
    void manyLongMessagesGoAFewAtATime() {
        linked((one, other) -> {
            for (int i = 1; i <= 20; i++) {
                one.send(Kind.ANSWER, i, Message.NOTHING, bytes(200_000, i));
            }
            List<Long> came = new ArrayList<>();
            for (int i = 1; i <= 20; i++) {
                Message message = other.read();
                assertArrayEquals(bytes(200_000, (int) message.number()), message.content());
                came.add(message.number());
            }
            assertEquals(20, came.stream().distinct().count());
        });
    }

    @Test
    void bodyIsTakenBackUntilItsLastPieceIsWritten() {
        linked((one, other) -> {
            one.send(Kind.BODY, 1, Message.NOTHING, bytes(900_000, 1));
            one.send(Kind.BODY, 2, Message.NOTHING, bytes(10, 2));
            assertEquals(2, other.read().number());
            assertTrue(one.isUnwritten(1));
            assertTrue(one.takeBack(1));
            assertFalse(one.takeBack(2));
            one.send(Kind.BODY, 3, Message.NOTHING, bytes(10, 3));
            assertEquals(3, other.read().number());
        });
    }

    @Test
    void junkIsRefused() {
        refused(frame(-5, 3, 0, 0));
        refused(frame(100_000, 3, 0, 0));
        refused(frame(10, 99, 0, 0));
        refused(frame(10, 0, 0, 0));
        refused(frame(60_000, 1, 1, 60_000));
        refused(new byte[]{1, 2, 3});
    }

    @Test
    void messageThatIsTooLongIsRefused() {
        linked((one, other) -> {
            one.send(Kind.BODY, 1, Message.NOTHING, bytes(MAX_BYTES + 1, 1));
            assertThrows(MalformedMessageException.class, other::read);
        });
    }

    private static void refused(byte[] junk) {
        Sim.run(() -> {
            var pair = MemoryStreams.pair();
            var link = new Link(pair.right(), MAX_BYTES);
            link.greeted();
            ByteStream stranger = pair.left();
            Heddle.spawn(() -> {
                stranger.write(junk);
                stranger.close();
            });
            assertThrows(MalformedMessageException.class, link::read);
        });
    }

    private static byte[] frame(int length, int kind, int more, int content) {
        return ByteBuffer.allocate(14 + content)
                .putInt(length + 10)
                .put((byte) kind)
                .put((byte) more)
                .putLong(1)
                .array();
    }
}
