package dev.heddle.conformance;

import static dev.heddle.conformance.Fixtures.assertLoopSleeps;
import static dev.heddle.conformance.Fixtures.noise;
import static dev.heddle.conformance.Fixtures.text;
import static dev.heddle.conformance.StreamEnds.assertBroken;
import static dev.heddle.conformance.StreamEnds.assertEachWriteBreaks;
import static dev.heddle.conformance.StreamEnds.assertEnd;
import static dev.heddle.conformance.StreamEnds.writeUntilBroken;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.BrokenException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.engine.Transport;
import dev.heddle.io.ByteStream;
import dev.heddle.sync.Event;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;

/**
 * The contract of a lost connection, and of one that has ended in one direction: who learns of it first, and what each
 * call says behind that, again and again. The words are those of {@link Transport}.
 */
interface LossContract extends StreamContract {

    @Test
    default void whatCameBeforeALossIsReadAndThenEachReadBreaks() {
        withStreams((left, right) -> {
            sendAndAbort(left, "half");

            assertCut(right, "half");
        });
    }

    @Test
    default void writerThatLearnsOfALossFirstLeavesTheReaderNoEnd() {
        withStreams((left, right) -> {
            sendAndAbort(left, "half");
            writeUntilBroken(right);

            assertCut(right, "half");
        });
    }

    @Test
    default void readerBetweenTwoWritesAfterALossGetsNoEnd() {
        withStreams((left, right) -> {
            sendAndAbort(left, "half");
            writeUntilBroken(right);
            assertCut(right, "half");
            writeUntilBroken(right);

            assertCut(right, "");
        });
    }

    @Test
    default void writerBehindALossThatAReaderHasSeenBreaksAtOnce() {
        withStreams((left, right) -> {
            sendAndAbort(left, "half");
            assertCut(right, "half");

            if (tellsResets()) {
                assertThrows(BrokenException.class, () -> right.write("x"));
            }
            assertEachWriteBreaks(right);
        });
    }

    @Test
    default void eachWriteBehindABrokenOneBreaks() {
        withStreams((left, right) -> {
            left.abort();
            letArrive();
            writeUntilBroken(right);

            assertEachWriteBreaks(right);
        });
    }

    @Test
    default void readerAndBlockedWriterBothLearnOfALoss() {
        withStreams((left, right) -> {
            var half = Event.named("half");
            Task<byte[]> reader = Heddle.spawn(() -> {
                right.fill(4);
                half.set();
                return right.readAll(1000);
            });
            Task<Void> writer = Heddle.spawn(() -> right.write(new byte[moreThanBuffered()]));
            left.write("half");
            half.await();
            letArrive();
            assertFalse(writer.isDone());

            left.abort();

            assertThrows(BrokenException.class, writer::join);
            if (breaksWithUnreadBytes()) {
                assertThrows(BrokenException.class, reader::join);
                assertBroken(right, "half");
            } else {
                assertEquals("half", text(reader.join()));
            }
            assertEachWriteBreaks(right);
        });
    }

    @Test
    default void blockedWriterAloneLeavesTheReaderBehindItNoEnd() {
        withStreams((left, right) -> {
            Task<Void> writer = Heddle.spawn(() -> right.write(new byte[moreThanBuffered()]));
            left.write("half");
            letArrive();
            assertFalse(writer.isDone());

            left.abort();

            assertThrows(BrokenException.class, writer::join);
            if (breaksWithUnreadBytes()) {
                assertBroken(right, "half");
            } else {
                assertEnd(right, "half");
            }
        });
    }

    @Test
    default void endThatCameBeforeALossStaysAnEnd() {
        withStreams((left, right) -> {
            left.write("whole");
            left.closeOutput();
            letArrive();
            left.abort();
            letArrive();
            writeUntilBroken(right);

            assertEnd(right, "whole");
            assertEachWriteBreaks(right);
            assertEnd(right, "");
        });
    }

    @Test
    default void endThatWasReadBeforeALossStaysAnEnd() {
        withStreams((left, right) -> {
            left.write("whole");
            left.closeOutput();
            assertEnd(right, "whole");
            left.abort();
            letArrive();
            writeUntilBroken(right);

            assertEnd(right, "");
        });
    }

    @Test
    default void closeBeforeUnreadBytesIsALossWhereTheSystemSaysSo() {
        withStreams((left, right) -> {
            right.write("unread");
            letArrive();
            left.write("answer");
            letArrive();
            left.close();
            letArrive();

            if (closesBeforeUnreadAreResets()) {
                assertBroken(right, "answer");
                assertEachWriteBreaks(right);
            } else {
                assertEnd(right, "answer");
            }
        });
    }

    @Test
    default void blockedWriterSleepsUntilItsHalfClosedPeerReadsOn() {
        byte[] big = noise(moreThanBuffered(), 9);
        withStreams((left, right) -> {
            left.closeOutput();
            assertEnd(right, "");
            ByteBuffer source = ByteBuffer.wrap(big);
            Task<Void> writer = Heddle.spawn(() -> right.write(source));
            awaitStuck(source::position);

            assertLoopSleeps(Duration.ofMillis(200), 100);
            assertFalse(writer.isDone());
            assertArrayEquals(big, left.readExactly(big.length));
            writer.join();
        });
    }

    @Test
    default void writerOfSmallPiecesSleepsUntilItsHalfClosedPeerReadsOn() {
        byte[] big = noise(moreThanBuffered(), 10);
        withStreams((left, right) -> {
            int small = 4096; // which an engine may keep until the end of its turn
            var begun = new AtomicInteger();
            Task<Void> writer = Heddle.spawn(() -> {
                for (int at = 0; at < big.length; at += small) {
                    begun.set(at);
                    right.write(big, at, Math.min(small, big.length - at));
                }
            });
            awaitStuck(begun::get);
            left.closeOutput();
            letArrive();

            assertLoopSleeps(Duration.ofMillis(200), 100);
            assertFalse(writer.isDone());
            assertArrayEquals(big, left.readExactly(big.length));
            writer.join();
            assertEnd(right, "");
        });
    }

    // ---- what the cells are made of; see StreamEnds ----

    private void sendAndAbort(ByteStream end, String text) {
        end.write(text);
        letArrive();
        end.abort();
        letArrive();
    }

    /** Whether an abort with bytes unread is told to the peer as a loss. */
    private boolean breaksWithUnreadBytes() {
        return tellsResets() || closesBeforeUnreadAreResets();
    }

    /** Waits until a writer makes no way any more. */
    private void awaitStuck(IntSupplier progress) {
        int before = -1;
        for (int now = progress.getAsInt(); now != before; now = progress.getAsInt()) {
            before = now;
            letArrive();
            Fixtures.letOthersRun();
        }
    }

    /** Asserts what is to be read behind an abort of the peer. */
    private void assertCut(ByteStream stream, String rest) {
        if (tellsResets()) {
            assertBroken(stream, rest);
        } else {
            assertEnd(stream, rest);
        }
    }
}
