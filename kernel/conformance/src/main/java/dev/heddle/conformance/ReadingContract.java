package dev.heddle.conformance;

import static dev.heddle.conformance.Fixtures.bytes;
import static dev.heddle.conformance.Fixtures.letOthersRun;
import static dev.heddle.conformance.Fixtures.noise;
import static dev.heddle.conformance.Fixtures.text;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BusyException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.io.Buffers;
import dev.heddle.io.ByteStream;
import dev.heddle.io.EndOfStreamException;
import dev.heddle.io.LimitExceededException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** The contract of a stream's reading. */
interface ReadingContract extends StreamContract {

    @Test
    default void readGivesWhatIsThereAndTheEndForEver() {
        withStreams((left, right) -> {
            left.write("abc");
            byte[] target = new byte[1000];

            assertEquals("abc", text(readInto(right, target, 0, 3, target.length)));
            left.closeOutput();
            assertEquals(-1, right.read(target));
            assertEquals(-1, right.read(target, 5, 10));
            assertEquals(-1, right.read(ByteBuffer.allocate(10)));
        });
    }

    @Test
    default void readStaysWithinItsPartOfTheTarget() {
        withStreams((left, right) -> {
            left.write("abcdef");
            byte[] target = new byte[4];

            readInto(right, target, 1, 2, 2);

            assertArrayEquals(new byte[]{0, 'a', 'b', 0}, target);
            assertEquals("cdef", text(right.readExactly(4)));
        });
    }

    /** Reads into a part of an array until some bytes are there, in however many pieces they come. */
    private static byte[] readInto(ByteStream stream, byte[] target, int offset, int count, int room) {
        int came = 0;
        while (came < count) {
            int more = stream.read(target, offset + came, room - came);
            assertTrue(more > 0, "a read gives at least one byte");
            came += more;
        }
        assertEquals(count, came);
        return Arrays.copyOfRange(target, offset, offset + came);
    }

    @Test
    default void readOfNothingReturnsZeroAndDoesNothing() {
        withStreams((left, right) -> {
            assertEquals(0, right.read(new byte[0]));
            assertEquals(0, right.read(new byte[5], 2, 0));
            assertEquals(0, right.read(ByteBuffer.allocate(0)));
            assertEquals(0, right.readExactly(0).length);

            left.write("a");
            assertEquals("a", text(right.readExactly(1)));
        });
    }

    @Test
    default void everySplitPointOfAMessageGivesTheSameLines() {
        byte[] message = bytes("first\r\nzweite Zeile äöü\n\n€\r\n");
        withStreams((left, right) -> {
            for (int split = 1; split < message.length; split++) {
                left.write(message, 0, split);
                right.fill(split);
                left.write(message, split, message.length - split);

                assertEquals("first", right.readLine(100).orElseThrow());
                assertEquals("zweite Zeile äöü", right.readLine(100).orElseThrow());
                assertEquals("", right.readLine(100).orElseThrow());
                assertEquals("€", right.readLine(100).orElseThrow());
            }
        });
    }

    @Test
    default void oneByteAtATimeGivesTheSameMessage() {
        byte[] message = bytes("one\r\ntwo--end");
        withStreams((left, right) -> {
            for (int i = 0; i < message.length; i++) {
                left.write(message, i, 1);
                assertEquals(i + 1, right.fill(i + 1).remaining());
            }

            assertEquals("one", right.readLine(10).orElseThrow());
            assertEquals("two--", text(right.readUntil(bytes("--"), 10)));
            assertEquals("end", text(right.readExactly(3)));
        });
    }

    @Test
    default void lineMayBeAsLongAsItsLimitAndNotLonger() {
        withStreams((left, right) -> {
            left.write("12345\n12345\r\n123456\nrest");

            assertEquals("12345", right.readLine(5).orElseThrow());
            assertEquals("12345", right.readLine(5).orElseThrow());
            var failure = assertThrows(LimitExceededException.class, () -> right.readLine(5));
            assertEquals(5, failure.limit());
            assertEquals("123456", right.readLine(6).orElseThrow(), "the line stays unread");
        });
    }

    @Test
    default void lineWithoutEndIsRefusedBeforeItsEndIsSeen() {
        withStreams((left, right) -> {
            left.write("1234567");

            assertThrows(LimitExceededException.class, () -> right.readLine(5));
            assertEquals("1234567", text(right.readExactly(7)));
        });
    }

    @Test
    default void loneCarriageReturnBelongsToTheLine() {
        withStreams((left, right) -> {
            left.write("a\rb\r\r\n");

            assertEquals("a\rb\r", right.readLine(10).orElseThrow());
        });
    }

    @Test
    default void noLineComesAfterACleanEnd() {
        withStreams((left, right) -> {
            left.write("last\n");
            left.closeOutput();

            assertEquals("last", right.readLine(10).orElseThrow());
            assertEquals(Optional.empty(), right.readLine(10));
        });
    }

    @Test
    default void endInsideGivesTheBytesSoFar() {
        withStreams((left, right) -> {
            left.write("abc");
            left.closeOutput();

            var failure = assertThrows(EndOfStreamException.class, () -> right.readExactly(10));
            assertEquals("abc", text(failure.partial()));
            assertEquals(-1, right.read(new byte[1]), "they are taken");
        });
        withStreams((left, right) -> {
            left.write("half a line");
            left.closeOutput();

            var failure = assertThrows(EndOfStreamException.class, () -> right.readLine(100));
            assertEquals("half a line", text(failure.partial()));
        });
        withStreams((left, right) -> {
            left.closeOutput();

            var failure = assertThrows(EndOfStreamException.class, () -> right.readUntil(bytes("x"), 100));
            assertEquals(0, failure.partial().length);
        });
    }

    @Test
    default void delimiterIsFoundAcrossEverySplit() {
        byte[] message = bytes("a-b--c---END");
        byte[] delimiter = bytes("---END");
        withStreams((left, right) -> {
            for (int split = 1; split < message.length; split++) {
                left.write(message, 0, split);
                right.fill(split);
                Task<byte[]> reader = Heddle.spawn(() -> right.readUntil(delimiter, message.length));
                letOthersRun();
                left.write(message, split, message.length - split);

                assertArrayEquals(message, reader.join());
            }
        });
    }

    @Test
    default void delimiterBeyondTheLimitIsRefusedAndNothingIsTaken() {
        withStreams((left, right) -> {
            left.write("abcdef\0");

            assertThrows(LimitExceededException.class, () -> right.readUntil(new byte[1], 6));
            assertEquals("abcdef\0", text(right.readUntil(new byte[1], 7)));
            assertThrows(IllegalArgumentException.class, () -> right.readUntil(new byte[0], 7));
        });
    }

    @Test
    default void readAllGivesTheRestWithinItsLimit() {
        byte[] big = noise(100_000, 1);
        withStreams((left, right) -> {
            Heddle.spawn(() -> {
                left.write(big);
                left.closeOutput();
            });

            assertThrows(LimitExceededException.class, () -> right.readAll(big.length - 1));
            assertArrayEquals(big, right.readAll(big.length));
            assertEquals(0, right.readAll(0).length);
        });
    }

    @Test
    default void negativeSizesAreRefused() {
        withStreams((left, right) -> {
            assertThrows(IllegalArgumentException.class, () -> right.readExactly(-1));
            assertThrows(IllegalArgumentException.class, () -> right.readLine(-1));
            assertThrows(IllegalArgumentException.class, () -> right.readAll(-1));
            assertThrows(IllegalArgumentException.class, () -> right.readUntil(bytes("x"), -1));
            assertThrows(IllegalArgumentException.class, () -> right.fill(0));
        });
    }

    @Test
    default void parserConsumesTheStreamsOwnBuffer() {
        byte[] big = noise(50_000, 2);
        withStreams((left, right) -> {
            Heddle.spawn(() -> {
                left.write("ab");
                left.write(big);
                left.closeOutput();
            });

            assertEquals('a', right.fill().get());
            assertEquals('b', right.fill().get());
            ByteBuffer all = right.fill(big.length);
            byte[] seen = new byte[big.length];
            all.get(seen);
            assertArrayEquals(big, seen);
            assertFalse(right.fill().hasRemaining(), "the end");
            assertFalse(right.buffered().hasRemaining());
        });
    }

    @Test
    default void cancelledReadLosesNothing() {
        withStreams((left, right) -> {
            left.write("half");
            right.fill(4);
            List<Callable<?>> reads = List.of(
                    () -> right.readExactly(8),
                    () -> right.readLine(100),
                    () -> right.readUntil(bytes("!"), 100),
                    () -> right.readAll(100),
                    () -> right.fill(8));
            for (Callable<?> read : reads) {
                Task<?> reader = Heddle.spawn(read);
                letOthersRun();
                reader.cancel("enough");
                assertThrows(TaskCancelledException.class, reader::join);
            }

            left.write("done");

            assertEquals("halfdone", text(right.readExactly(8)));
        });
    }

    @Test
    default void secondReaderIsBusyAndTheFirstGoesOn() {
        withStreams((left, right) -> {
            Task<byte[]> first = Heddle.spawn(() -> right.readExactly(3));
            letOthersRun();

            assertThrows(BusyException.class, () -> right.read(new byte[1]));
            assertThrows(BusyException.class, () -> right.readLine(1));
            assertThrows(BusyException.class, right::fill);
            assertThrows(BusyException.class, right::buffered);

            left.write("abc");
            assertEquals("abc", text(first.join()));
            left.write("d");
            assertEquals("d", text(right.readExactly(1)));
        });
    }

    @Test
    default void readingAndWritingAtOnceIsFine() {
        withStreams((left, right) -> {
            Task<byte[]> reader = Heddle.spawn(() -> right.readExactly(3));
            letOthersRun();

            right.write("xyz");

            assertEquals("xyz", text(left.readExactly(3)));
            left.write("abc");
            assertEquals("abc", text(reader.join()));
        });
    }

    @Test
    default void readerOfAFreshStreamHoldsNoBuffer() {
        withStreams((left, right) -> {
            Task<byte[]> reader = Heddle.spawn(() -> right.readExactly(3));
            letOthersRun();

            assertEquals(0, Buffers.statistics().borrowed());

            left.write("abc");
            reader.join();
        });
    }

    @Test
    default void idleReaderHoldsNoBuffer() {
        withStreams((left, right) -> {
            left.write("abc\n");
            right.readLine(10);
            Task<byte[]> reader = Heddle.spawn(() -> right.readExactly(3));
            letOthersRun();

            assertEquals(0, Buffers.statistics().borrowed());

            left.write("abc");
            reader.join();
        });
    }
}
