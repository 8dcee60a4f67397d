package dev.heddle.cluster.internal.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.cluster.internal.wire.Message.Kind;
import dev.heddle.engine.WaitSlot;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MalformedMessageException;
import dev.heddle.io.MemoryStreams;
import dev.heddle.process.internal.codec.Pieces;
import dev.heddle.sim.Sim;
import dev.heddle.sync.Channel;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Messages over one connection. */
final class LinkTest {

    private static final int MAX_BYTES = 1_000_000;

    private interface Body {
        void run(Link one, Link other) throws Exception;
    }

    private final List<Task<Void>> tasks = new ArrayList<>();

    private void linked(Body body) {
        linked(MAX_BYTES, body);
    }

    private void linked(int maxBytes, Body body) {
        Sim.run(() -> {
            var pair = MemoryStreams.pair();
            var one = new Link(pair.left(), maxBytes);
            var other = new Link(pair.right(), maxBytes);
            other.greeted();
            tasks.add(Heddle.spawn(one::write));
            tasks.add(Heddle.spawn(other::write));
            tasks.add(Heddle.spawn(() -> {
                while (one.read() != null) {}
            }));
            body.run(one, other);
            tasks.forEach(task -> task.cancel("the test has ended"));
        });
    }

    /** Has a link read on and on. */
    private Channel<Message> messages(Link link) {
        Channel<Message> messages = Channel.of(1000);
        tasks.add(Heddle.spawn(() -> {
            for (Message next = link.read(); next != null; next = link.read()) {
                messages.send(next);
            }
        }));
        return messages;
    }

    /** All of a body, taken as it comes. */
    private static byte[] all(Message message) {
        BodyPieces rest = message.rest();
        if (rest == null) {
            return message.content();
        }
        ByteBuffer all = ByteBuffer.allocate(message.content().length + rest.size()).put(message.content());
        var more = new WaitSlot("pieces");
        rest.begin(more::wake);
        while (all.hasRemaining()) {
            ByteBuffer piece = rest.next();
            if (piece == null) {
                more.await();
            } else {
                all.put(piece);
            }
        }
        return all.array();
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
            Channel<Message> messages = messages(other);
            Message first = messages.receive();
            assertEquals(1, first.number());
            Message second = messages.receive();
            assertEquals(2, second.number());
            assertEquals(3, messages.receive().number());
            byte[] all = new byte[900_005];
            System.arraycopy(bytes(5, 7), 0, all, 0, 5);
            System.arraycopy(bytes(900_000, 1), 0, all, 5, 900_000);
            assertArrayEquals(all, all(first));
            System.arraycopy(bytes(900_000, 2), 0, all, 5, 900_000);
            assertArrayEquals(all, all(second));
            assertFalse(one.isUnwritten(1));
        });
    }

    @Test
    void bodyThatNobodyTakesHoldsNothingUpAndComesLater() {
        linked((one, other) -> {
            Channel<Message> messages = messages(other);
            one.send(Kind.BODY, 1, Message.NOTHING, bytes(900_000, 1));
            Message first = messages.receive();
            for (int i = 2; i < 100; i++) {
                one.send(Kind.BODY, i, Message.NOTHING, bytes(i, 0));
                assertEquals(i, messages.receive().number());
            }
            Heddle.sleep(Duration.ofSeconds(10));
            assertTrue(first.content().length <= 64 * 1024);
            assertNull(first.rest().next(), "no more has come than the first piece");
            assertArrayEquals(bytes(900_000, 1), all(first));
        });
    }

    @Test
    void bodyComesNoFurtherThanAWindowAheadOfItsTaker() {
        int size = 5 * BodyPieces.WINDOW;
        linked(size, (one, other) -> {
            Channel<Message> messages = messages(other);
            one.send(Kind.BODY, 1, Message.NOTHING, bytes(size, 1));
            BodyPieces rest = messages.receive().rest();
            rest.begin(() -> {});
            Heddle.sleep(Duration.ofSeconds(10));
            int came = 0;
            ByteBuffer next = rest.next();
            while (next != null) {
                came += next.remaining();
                next = rest.next();
            }
            assertEquals(BodyPieces.WINDOW, came);
        });
    }

    @Test
    void piecesThatWereTakenMakeRoomForTheNext() {
        int size = 20 * BodyPieces.WINDOW;
        linked(size, (one, other) -> {
            Channel<Message> messages = messages(other);
            one.send(Kind.BODY, 1, Message.NOTHING, bytes(size, 1));
            Message message = messages.receive();
            BodyPieces rest = message.rest();
            var more = new WaitSlot("pieces");
            Set<byte[]> arrays = Collections.newSetFromMap(new IdentityHashMap<>());
            Pieces all = rest.behind(message.buffer());
            all.begin(more::wake);
            int first = 1;
            for (int left = size; left > 0;) {
                ByteBuffer piece = all.next();
                if (piece == null) {
                    more.await();
                } else {
                    assertEquals(ByteBuffer.wrap(bytes(piece.remaining(), first)), piece);
                    first += piece.remaining();
                    left -= piece.remaining();
                    arrays.add(piece.array());
                }
            }
            assertTrue(arrays.size() <= 2 * BodyPieces.WINDOW / 60_000, arrays.size() + " arrays");
        });
    }

    @Test
    void shortPiecesTakeNoMoreMemoryThanTheyAre() {
        Sim.run(() -> {
            var pair = MemoryStreams.pair();
            var link = new Link(pair.right(), MAX_BYTES);
            link.greeted();
            ByteStream peer = pair.left();
            Task<Void> writer = Heddle.spawn(link::write);
            peer.write(frame(4 + 10, 3, 1, 4 + 10).putInt(14, 110));
            BodyPieces rest = link.read().rest();
            rest.begin(() -> {});
            peer.fill(14 + 4);
            for (int i = 0; i < 100; i++) {
                peer.write(frame(1, 3, i == 99 ? 3 : 2, 1));
            }
            peer.write(frame(0, 4, 0, 0));
            assertEquals(Kind.CANCEL, link.read().kind());
            for (int i = 0; i < 100; i++) {
                assertEquals(1, rest.next().array().length);
            }
            writer.cancel("the test has ended");
        });
    }

    @Test
    void longMessagesGoInPiecesThatFillRecordsOfTls() {
        Sim.run(() -> {
            var pair = MemoryStreams.pair();
            var link = new Link(pair.left(), MAX_BYTES);
            Task<Void> writer = Heddle.spawn(link::write);
            link.send(Kind.ANSWER, 1, bytes(5, 0), bytes(200_000, 5));
            for (int i = 0; i < 3; i++) {
                int length = pair.right().fill(4).getInt();
                assertEquals(4 * (16 * 1024 - 32), 4 + length);
                pair.right().readExactly(length);
            }
            writer.cancel("the test has ended");
        });
    }

    @Test
    void bodyThatIsAnsweredOrReturnedHalfwayHoldsNothingUp() {
        linked((one, other) -> {
            Channel<Message> messages = messages(other);
            for (Kind end : List.of(Kind.RETURNED, Kind.ANSWER)) {
                one.send(Kind.BODY, 1, Message.NOTHING, bytes(900_000, 1));
                messages.receive().rest().begin(() -> {});
                other.send(end, 1, Message.NOTHING, Message.NOTHING);
                assertEquals(Kind.DROPPED, messages.receive().kind());
                assertFalse(one.isUnwritten(1));
                one.send(Kind.BODY, 2, Message.NOTHING, bytes(900_000, 2));
                assertArrayEquals(bytes(900_000, 2), all(messages.receive()));
            }
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
            assertEquals(1, other.read().number());
            assertEquals(2, other.read().number());
            assertTrue(one.isUnwritten(1));
            assertTrue(one.takeBack(1));
            assertFalse(one.takeBack(2));
            one.send(Kind.BODY, 3, Message.NOTHING, bytes(10, 3));
            assertEquals(Kind.DROPPED, other.read().kind());
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
    }

    @Test
    void messageThatIsTooLongIsRefused() {
        linked((one, other) -> {
            one.send(Kind.BODY, 1, Message.NOTHING, bytes(MAX_BYTES + 1, 1));
            assertThrows(MalformedMessageException.class, other::read);
        });
    }

    private static void refused(ByteBuffer junk) {
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

    private static ByteBuffer frame(int length, int kind, int more, int content) {
        return ByteBuffer.allocate(14 + content)
                .putInt(length + 10)
                .put((byte) kind)
                .put((byte) more)
                .putLong(1)
                .clear();
    }
}
