package dev.heddle.conformance;

import static dev.heddle.conformance.Fixtures.letOthersRun;
import static dev.heddle.conformance.Fixtures.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.io.MemoryStreams;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** The contract of a stream's end. */
interface ClosingContract extends StreamContract {

    @Test
    default void halfCloseKeepsTheOtherDirectionOpen() {
        withStreams((left, right) -> {
            left.write("question");
            left.closeOutput();
            left.closeOutput();

            assertEquals("question", text(right.readAll(100)));
            right.write("answer");
            right.close();
            assertEquals("answer", text(left.readAll(100)));
        });
    }

    @Test
    default void halfCloseWakesTheWaitingReader() {
        withStreams((left, right) -> {
            Task<byte[]> reader = Heddle.spawn(() -> right.readAll(100));
            letOthersRun();
            assertFalse(reader.isDone());

            left.closeOutput();

            assertEquals(0, reader.join().length);
        });
    }

    @Test
    default void endThatComesWithTheLastBytesEndsTheWaitingReader() {
        withStreams((left, right) -> {
            Task<byte[]> reader = Heddle.spawn(() -> right.readAll(100));
            letOthersRun();

            left.write("last");
            left.closeOutput();

            assertEquals("last", text(reader.join()));
        });
    }

    @Test
    default void halfCloseComesAfterAllThatWasWritten() {
        withStreams((left, right) -> {
            byte[] big = Fixtures.noise(1_000_000, 8);
            Heddle.spawn(() -> {
                left.write(big);
                left.closeOutput();
            });

            assertEquals(big.length, right.readAll(big.length).length);
        });
    }

    @Test
    default void nothingCanBeWrittenAfterAHalfClose() {
        withStreams((left, right) -> {
            left.closeOutput();

            assertThrows(ClosedException.class, () -> left.write("x"));
            assertTrue(left.isOpen());
        });
    }

    @Test
    default void whatWasWrittenBeforeACloseArrives() {
        withStreams((left, right) -> {
            left.write("good bye");
            left.close();

            assertEquals("good bye", text(right.readAll(100)));
        });
    }

    @Test
    default void abortAfterACloseTakesNothingBack() {
        withStreams((left, right) -> {
            left.write("good bye");
            left.transport().close();
            left.transport().abort();

            assertEquals("good bye", text(right.readAll(100)));
        });
    }

    @Test
    default void closingWakesTheReaderAtOnce() {
        withStreams((left, right) -> {
            Task<?> reader = Heddle.spawn(() -> right.readExactly(5));
            left.write("abc");
            letOthersRun();

            right.close();

            assertThrows(ClosedException.class, reader::join);
        });
    }

    @Test
    default void closingWakesTheWriterAtOnce() {
        withStreams((left, right) -> {
            Task<Void> writer = Heddle.spawn(() -> left.write(new byte[moreThanBuffered()]));
            letOthersRun();

            left.close();

            assertThrows(ClosedException.class, writer::join);
        });
    }

    @Test
    default void closedStreamRefusesEverythingButClosing() {
        withStreams((left, right) -> {
            right.write("unread");
            left.fill();
            left.close();

            assertFalse(left.isOpen());
            assertThrows(ClosedException.class, () -> left.read(new byte[1]));
            assertThrows(ClosedException.class, () -> left.readLine(10));
            assertThrows(ClosedException.class, left::fill);
            assertThrows(ClosedException.class, () -> left.write("x"));
            assertThrows(ClosedException.class, () -> left.write(ByteBuffer.allocate(1), ByteBuffer.allocate(1)));
            assertThrows(ClosedException.class, left::closeOutput);
            assertFalse(left.buffered().hasRemaining());
            left.close();
            left.abort();
            assertTrue(left.toString().contains("closed"));
        });
    }

    @Test
    default void resetBreaksTheWaitingReaderAndKeepsTheBytesSoFar() {
        withStreams((left, right) -> {
            left.write("abc");
            right.fill(3);
            Task<?> reader = Heddle.spawn(() -> right.readExactly(10));
            letOthersRun();

            left.abort();

            assertThrows(BrokenException.class, reader::join);
            assertEquals(3, right.buffered().remaining());
            assertThrows(BrokenException.class, () -> {
                while (true) {
                    right.write("into the void");
                }
            });
        });
    }

    @Test
    default void closingALostConnectionThrowsNothing() {
        withStreams((left, right) -> {
            left.abort();
            assertThrows(BrokenException.class, () -> right.readExactly(1));

            right.close();
            right.close();

            assertFalse(right.isOpen());
        });
    }

    @Test
    default void resetBehindAHalfCloseBreaksWhoStillWrites() {
        withStreams((left, right) -> {
            left.closeOutput();
            assertEquals(0, right.readAll(10).length);
            Task<?> writer = Heddle.spawn(() -> right.write(new byte[moreThanBuffered()]));
            letOthersRun();

            left.abort();

            assertThrows(BrokenException.class, writer::join);
            right.close();
        });
    }

    @Test
    default void closeOfThePeerBreaksTheWriterThatWaits() {
        withStreams((left, right) -> {
            Task<?> writer = Heddle.spawn(() -> right.write(new byte[moreThanBuffered()]));
            letOthersRun();

            left.close();

            assertThrows(BrokenException.class, writer::join);
        });
    }

    @Test
    default void abortingWakesTheOwnReader() {
        withStreams((left, right) -> {
            Task<?> reader = Heddle.spawn(() -> left.readExactly(1));
            letOthersRun();

            left.abort();

            assertThrows(ClosedException.class, reader::join);
        });
    }

    @Test
    default void streamCanBeClosedByItsOwnReaderInTheMiddle() {
        withStreams((left, right) -> {
            left.write("abcdef");
            ByteBuffer lent = right.fill(6);
            right.close();
            takeBuffersOf(MemoryStreams.pair());

            byte[] seen = new byte[6];
            lent.get(seen);
            assertEquals("abcdef", text(seen), "a parser that still looks must not see another stream's bytes");
        });
    }

    private static void takeBuffersOf(MemoryStreams.Pair others) {
        others.left().write("others");
        others.right().fill(6);
        others.left().close();
        others.right().close();
    }
}
