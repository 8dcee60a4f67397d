package dev.heddle.conformance;

import static dev.heddle.conformance.Fixtures.assertLoopSleeps;
import static dev.heddle.conformance.Fixtures.noise;
import static dev.heddle.conformance.StreamEnds.assertBroken;
import static dev.heddle.conformance.StreamEnds.assertEachWriteBreaks;
import static dev.heddle.conformance.StreamEnds.assertEnd;
import static dev.heddle.conformance.StreamEnds.writeUntilBroken;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.heddle.Heddle;
import dev.heddle.Task;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;

/** The contract of an end before a loss, and of a wait for a half-closed peer: what {@link LossCell} has no word for. */
interface LossContract extends StreamContract {

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

    /** Waits until a writer makes no way any more. */
    private void awaitStuck(IntSupplier progress) {
        int before = -1;
        for (int now = progress.getAsInt(); now != before; now = progress.getAsInt()) {
            before = now;
            letArrive();
            Fixtures.letOthersRun();
        }
    }
}
