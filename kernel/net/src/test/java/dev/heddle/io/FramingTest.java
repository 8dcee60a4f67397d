package dev.heddle.io;

import static dev.heddle.io.Fixtures.bytes;
import static dev.heddle.io.Fixtures.letOthersRun;
import static dev.heddle.io.Fixtures.noise;
import static dev.heddle.io.Fixtures.text;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.io.internal.BufferPool;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages are cut from a stream by lengths or by separators, within limits. */
final class FramingTest {

    private static final byte[] CRLF = bytes("\r\n");

    static Stream<Framing> all() {
        return Stream.of(
                Framing.lengthPrefixed(2, 60_000),
                Framing.lengthPrefixed(4, 1_000_000),
                Framing.lengthPrefixed(4, 1_000_000).withOrder(ByteOrder.LITTLE_ENDIAN).withCountsItself(true),
                Framing.varint(1_000_000),
                Framing.netstrings(1_000_000),
                Framing.lines(1_000_000),
                Framing.delimited(CRLF, 1_000_000));
    }

    private static void withPair(Fixtures.StreamBody body) {
        Heddle.run(() -> {
            try (var pair = MemoryStreams.pair()) {
                body.run(pair.left(), pair.right());
            }
            assertEquals(0, BufferPool.current().borrowed(), "buffers left over");
        });
    }

    private static byte[] letters(int count) {
        byte[] letters = noise(count, count);
        for (int i = 0; i < count; i++) {
            letters[i] = (byte) ('a' + (letters[i] & 15));
        }
        return letters;
    }

    @ParameterizedTest
    @MethodSource("all")
    void whatIsSentIsReceivedInOrderAndThenTheEnd(Framing framing) {
        withPair((left, right) -> {
            List<byte[]> messages = List.of(bytes("first"), new byte[0], letters(50_000), bytes("last"));
            Heddle.spawn(() -> {
                messages.forEach(message -> framing.send(left, message));
                left.closeOutput();
            });

            for (byte[] message : messages) {
                assertArrayEquals(message, framing.receive(right).orElseThrow());
            }
            assertEquals(Optional.empty(), framing.receive(right));
            assertEquals(Optional.empty(), framing.receive(right));
        });
    }

    @ParameterizedTest
    @MethodSource("all")
    void messagesMayComeByteByByte(Framing framing) {
        withPair((left, right) -> {
            framing.send(left, bytes("some words"));
            byte[] onTheWire = readWhatIsThere(right);
            Task<byte[]> receiver = Heddle.spawn(() -> framing.receive(left).orElseThrow());
            for (byte b : onTheWire) {
                assertFalse(receiver.isDone());
                right.write(new byte[]{b});
                letOthersRun();
            }

            assertEquals("some words", text(receiver.join()));
        });
    }

    private static byte[] readWhatIsThere(ByteStream stream) {
        byte[] bytes = new byte[stream.fill().remaining()];
        stream.read(bytes);
        return bytes;
    }

    @ParameterizedTest
    @MethodSource("all")
    void cancelledReceiveHasTakenNothing(Framing framing) {
        withPair((left, right) -> {
            framing.send(left, bytes("message"));
            byte[] onTheWire = readWhatIsThere(right);
            int half = onTheWire.length / 2;
            right.write(onTheWire, 0, half);
            Task<?> receiver = Heddle.spawn(() -> framing.receive(left));
            letOthersRun();
            receiver.cancel("enough");
            assertThrows(TaskCancelledException.class, receiver::join);

            right.write(onTheWire, half, onTheWire.length - half);

            assertEquals("message", text(framing.receive(left).orElseThrow()));
        });
    }

    @ParameterizedTest
    @MethodSource("all")
    void endInTheMiddleIsAFailureWithTheBytesSoFar(Framing framing) {
        withPair((left, right) -> {
            framing.send(left, bytes("message"));
            byte[] onTheWire = readWhatIsThere(right);
            right.write(onTheWire, 0, onTheWire.length - 1);
            right.closeOutput();

            var e = assertThrows(EndOfStreamException.class, () -> framing.receive(left));

            assertEquals(onTheWire.length - 1, e.partial().length);
        });
    }

    @ParameterizedTest
    @MethodSource("all")
    void messageTooLongIsNotSent(Framing framing) {
        withPair((left, right) -> {
            assertThrows(IllegalArgumentException.class, () -> framing.send(left, new byte[1_000_001]));
            left.closeOutput();
            assertEquals(Optional.empty(), framing.receive(right));
        });
    }

    @ParameterizedTest
    @MethodSource("all")
    void streamWhoseMessagesAreAllTakenHoldsNoBuffer(Framing framing) {
        withPair((left, right) -> {
            framing.send(left, bytes("message"));
            framing.receive(right);

            assertEquals(0, BufferPool.current().borrowed());
        });
    }

    private static void assertRefused(Class<? extends Exception> failure, Framing framing, String sent) {
        withPair((left, right) -> {
            right.write(sent.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
            assertThrows(failure, () -> framing.receive(left));
            assertThrows(failure, () -> framing.receive(left), "it stays unread");
        });
    }

    @Test
    void lengthBeyondTheLimitIsRefusedBeforeItsBytesCome() {
        assertRefused(LimitExceededException.class, Framing.lengthPrefixed(1, 10), "\u000b");
        assertRefused(LimitExceededException.class, Framing.lengthPrefixed(4, 10), "\u00ff\u00ff\u00ff\u00ff");
        assertRefused(LimitExceededException.class, Framing.varint(300), "\u00ad\u0002");
        assertRefused(LimitExceededException.class, Framing.netstrings(10), "11");
        assertRefused(LimitExceededException.class, Framing.lines(3), "abcd");
        assertRefused(LimitExceededException.class, Framing.delimited(CRLF, 3), "abcdef");
    }

    @Test
    void messageOfJustTheLimitIsReceived() {
        withPair((left, right) -> {
            right.write("\u0003abc3:abc,abc\r\nabc\r\n");
            assertEquals("abc", text(Framing.lengthPrefixed(1, 3).receive(left).orElseThrow()));
            assertEquals("abc", text(Framing.netstrings(3).receive(left).orElseThrow()));
            assertEquals("abc", text(Framing.lines(3).receive(left).orElseThrow()));
            assertEquals("abc", text(Framing.delimited(CRLF, 3).receive(left).orElseThrow()));
        });
    }

    @Test
    void wireFormatsAreThoseOfTheirSpecifications() {
        assertWire(new int[]{0, 3, 'a', 'b', 'c'}, Framing.lengthPrefixed(2, 10));
        assertWire(new int[]{3, 0, 'a', 'b', 'c'}, Framing.lengthPrefixed(2, 10).withOrder(ByteOrder.LITTLE_ENDIAN));
        assertWire(new int[]{0, 0, 0, 7, 'a', 'b', 'c'}, Framing.lengthPrefixed(4, 10).withCountsItself(true));
        assertWire(new int[]{3, 'a', 'b', 'c'}, Framing.varint(10));
        assertWire(new int[]{'3', ':', 'a', 'b', 'c', ','}, Framing.netstrings(10));
        assertWire(new int[]{'a', 'b', 'c', '\n'}, Framing.lines(10));
    }

    private static void assertWire(int[] expected, Framing framing) {
        withPair((left, right) -> {
            framing.send(left, bytes("abc"));
            byte[] wire = readWhatIsThere(right);
            assertArrayEquals(expected, java.util.stream.IntStream.range(0, wire.length).map(i -> wire[i]).toArray());
        });
    }

    @Test
    void varintHasSevenBitsInEachByteTheLowestFirst() {
        withPair((left, right) -> {
            Framing.varint(1000).send(left, new byte[300]);
            byte[] wire = right.readExactly(2);
            assertArrayEquals(new byte[]{(byte) 0xAC, 0x02}, wire);
        });
    }

    @Test
    void netstringsAreReadStrictly() {
        for (String bad : List.of("00:,", "03:abc,", ":,", "-1:a,", "+3:abc,", " 3:abc,", "3 :abc,", "3abc", "3:abc;",
                "3:abcd,", "x")) {
            assertRefused(MalformedMessageException.class, Framing.netstrings(100), bad);
        }
    }

    @Test
    void endlessRowOfDigitsIsRefused() {
        assertRefused(LimitExceededException.class, Framing.netstrings(100), "9".repeat(100));
    }

    @Test
    void varintOfMoreThanFiveBytesIsRefused() {
        assertRefused(MalformedMessageException.class, Framing.varint(100), "\u0080".repeat(6));
    }

    @Test
    void lengthThatDoesNotCountItselfIsRefusedWhereItShould() {
        assertRefused(
                MalformedMessageException.class, Framing.lengthPrefixed(2, 100).withCountsItself(true), "\u0000\u0001");
    }

    @Test
    void messageThatWouldArriveCutIsNotSent() {
        withPair((left, right) -> {
            assertThrows(IllegalArgumentException.class, () -> Framing.lines(100).send(left, bytes("a\nb")));
            assertThrows(IllegalArgumentException.class, () -> Framing.lines(100).send(left, bytes("a\r")));
            assertThrows(IllegalArgumentException.class, () -> Framing.delimited(CRLF, 9).send(left, bytes("a\r\nb")));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> Framing.delimited(bytes("--"), 9).send(left, bytes("ends with -")),
                    "its own delimiter would complete one");
            left.closeOutput();
            assertEquals(0, right.readAll(10).length);
        });
    }

    @Test
    void framingsThatCannotBeAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> Framing.lengthPrefixed(3, 10));
        assertThrows(IllegalArgumentException.class, () -> Framing.lengthPrefixed(1, 256));
        assertThrows(IllegalArgumentException.class, () -> Framing.lengthPrefixed(1, 255).withCountsItself(true));
        assertThrows(IllegalArgumentException.class, () -> Framing.netstrings(-1));
        assertThrows(IllegalArgumentException.class, () -> Framing.varint(Integer.MAX_VALUE));
        assertThrows(IllegalArgumentException.class, () -> Framing.delimited(new byte[0], 10));
    }

    @Test
    void loopOverMessagesEndsWithTheStream() {
        withPair((left, right) -> {
            MessageStream sender = new MessageStream(left, Framing.netstrings(100));
            MessageStream receiver = new MessageStream(right, Framing.netstrings(100));
            for (String message : List.of("one", "two")) {
                sender.send(bytes(message));
            }
            sender.closeOutput();

            StringBuilder seen = new StringBuilder();
            for (byte[] message : receiver) {
                seen.append(text(message)).append(' ');
            }

            assertEquals("one two ", seen.toString());
            receiver.close();
            assertFalse(right.isOpen());
            sender.abort();
            assertFalse(left.isOpen());
            assertTrue(receiver.toString().contains("netstrings"));
        });
    }

    @Test
    void loopOverLinesEndsWithTheStreamAndMayBeLeftAndTakenUp() {
        withPair((left, right) -> {
            left.write("one\r\ntwo\nthree\n");
            left.closeOutput();

            for (String line : right.lines(10)) {
                assertEquals("one", line);
                break;
            }
            StringBuilder seen = new StringBuilder();
            for (String line : right.lines(10)) {
                seen.append(line).append(' ');
            }

            assertEquals("two three ", seen.toString());
            var lines = right.lines(10).iterator();
            assertFalse(lines.hasNext());
            assertThrows(java.util.NoSuchElementException.class, lines::next);
        });
    }

    @Test
    void loopOverLinesThatIsCancelledHasTakenNothing() {
        withPair((left, right) -> {
            left.write("hal");
            Task<?> reader = Heddle.spawn(() -> right.lines(10).iterator().hasNext());
            letOthersRun();
            reader.cancel("enough");
            assertThrows(TaskCancelledException.class, reader::join);

            left.write("f\n");

            assertEquals("half", right.lines(10).iterator().next());
        });
    }
}
