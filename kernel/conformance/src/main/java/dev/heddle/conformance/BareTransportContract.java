package dev.heddle.conformance;

import static dev.heddle.conformance.Fixtures.bytes;
import static dev.heddle.conformance.Fixtures.letOthersRun;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.engine.Transport;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** The contract of an engine's transport with the stream above it. */
interface BareTransportContract extends StreamContract {

    @Test
    default void tryReadAnswersZeroWhileThereIsNothing() {
        withStreams((left, right) -> {
            ByteBuffer target = ByteBuffer.allocate(10);

            assertEquals(0, right.transport().tryRead(target));
            assertEquals(0, target.position());
        });
    }

    @Test
    default void awaitReadableEndsWhenBytesCome() {
        withStreams((left, right) -> {
            Task<Integer> reader = Heddle.spawn(() -> readOnce(right.transport(), ByteBuffer.allocate(10)));
            letOthersRun();
            assertFalse(reader.isDone());

            left.write("abc");

            assertTrue(reader.join() > 0);
        });
    }

    @Test
    default void tryReadFillsHeapAndDirectBuffersWithinTheirBounds() {
        withStreams((left, right) -> {
            left.write("ghijkl");
            ByteBuffer heap = ByteBuffer.allocate(8).position(2).limit(4);
            ByteBuffer direct = ByteBuffer.allocateDirect(8).position(1).limit(3);

            readFull(right.transport(), heap);
            readFull(right.transport(), direct);

            assertEquals(4, heap.position());
            assertEquals(3, direct.position());
            heap.clear();
            direct.clear();
            assertEquals('g', heap.get(2));
            assertEquals('h', heap.get(3));
            assertEquals(0, heap.get(4));
            assertEquals('i', direct.get(1));
            assertEquals('j', direct.get(2));
            assertEquals(0, direct.get(3));
        });
    }

    @Test
    default void callsLeaveTheLimitOfTheirBuffer() {
        withStreams((left, right) -> {
            ByteBuffer source = ByteBuffer.allocate(100_000).limit(90_000);
            ByteBuffer target = ByteBuffer.allocate(100_000).limit(90_000);

            assertTrue(left.transport().tryWrite(source) > 0);
            assertTrue(readOnce(right.transport(), target) > 0);

            assertEquals(90_000, source.limit());
            assertEquals(90_000, target.limit());
        });
    }

    @Test
    default void readsOfLessThanIsThereGiveAllInOrderAndTheirWaitsEnd() {
        byte[] all = Fixtures.noise(50_000, 13);
        withStreams((left, right) -> {
            Heddle.spawn(() -> left.write(all));
            ByteBuffer seen = ByteBuffer.allocate(all.length);
            while (seen.hasRemaining()) {
                right.transport().awaitReadable();
                right.transport().tryRead(seen.limit(Math.min(all.length, seen.position() + 37)));
                seen.limit(all.length);
                Heddle.checkpoint(); // so that the writer fills up behind what is left
            }

            assertArrayEquals(all, seen.array());
        });
    }

    @Test
    default void tryWriteTakesHeapDirectAndReadOnlyBuffers() {
        withStreams((left, right) -> {
            ByteBuffer direct = ByteBuffer.allocateDirect(2).put(bytes("cd")).flip();

            assertEquals(2, left.transport().tryWrite(ByteBuffer.wrap(bytes("ab"))));
            assertEquals(2, left.transport().tryWrite(direct));
            assertEquals(2, left.transport().tryWrite(ByteBuffer.wrap(bytes("ef")).asReadOnlyBuffer()));

            assertEquals("abcdef", Fixtures.text(right.readExactly(6)));
        });
    }

    @Test
    default void awaitWritableReturnsWhileThereIsRoom() {
        withStreams((left, right) -> {
            left.transport().awaitWritable();

            assertEquals(1, left.transport().tryWrite(ByteBuffer.wrap(new byte[1])));
        });
    }

    @Test
    default void cancelledAwaitHasChangedNothing() {
        withStreams((left, right) -> {
            Task<Void> waiting = Heddle.spawn(() -> right.transport().awaitReadable());
            letOthersRun();
            waiting.cancel("enough");
            assertThrows(TaskCancelledException.class, waiting::join);

            left.write("abc");

            readFull(right.transport(), ByteBuffer.allocate(3));
        });
    }

    @Test
    default void bytesThatComeInTheMomentOfACancelAreKept() {
        withStreams((left, right) -> {
            Task<Void> waiting = Heddle.spawn(() -> right.transport().awaitReadable());
            letOthersRun();

            waiting.cancel("enough");
            left.write("abc");

            waiting.awaitOutcome();
            assertEquals("abc", Fixtures.text(right.readExactly(3)));
        });
    }

    @Test
    default void awaitIsRefusedInsideACancelledScope() {
        withStreams((left, right) -> CancelScope.open(scope -> {
            scope.cancel("enough");

            assertThrows(CancelledException.class, () -> right.transport().awaitReadable());
            return "";
        }));
    }

    @Test
    default void endIsReadAgainAndAgainAndIsReadable() {
        withStreams((left, right) -> {
            left.transport().shutdownOutput();

            assertEquals(-1, readOnce(right.transport(), ByteBuffer.allocate(1)));
            right.transport().awaitReadable();
            assertEquals(-1, readOnce(right.transport(), ByteBuffer.allocate(1)));
        });
    }

    @Test
    default void closedTransportRefusesEverything() {
        withStreams((left, right) -> {
            Transport closed = left.transport();
            closed.close();

            assertFalse(closed.isOpen());
            assertThrows(ClosedException.class, () -> closed.tryRead(ByteBuffer.allocate(1)));
            assertThrows(ClosedException.class, () -> closed.tryWrite(ByteBuffer.wrap(new byte[1])));
            assertThrows(ClosedException.class, closed::awaitReadable);
            assertThrows(ClosedException.class, closed::awaitWritable);
            closed.close();
            closed.abort();
        });
    }

    @Test
    default void addressesNameTheEnds() {
        withStreams((left, right) -> {
            assertFalse(left.localAddress().isBlank());
            assertEquals(left.localAddress(), right.remoteAddress());
            assertEquals(left.remoteAddress(), right.localAddress());
            assertTrue(left.toString().contains(left.remoteAddress()));

            left.close();
            assertEquals(left.localAddress(), right.remoteAddress());
        });
    }

    /** Reads until there is no more room, in however many pieces the bytes come. */
    private static void readFull(Transport transport, ByteBuffer target) {
        while (target.hasRemaining()) {
            int room = target.remaining();
            int count = readOnce(transport, target);
            assertTrue(count > 0, "the stream has ended");
            assertEquals(room - count, target.remaining());
        }
    }

    private static int readOnce(Transport transport, ByteBuffer target) {
        while (true) {
            int count = transport.tryRead(target);
            if (count != 0) {
                return count;
            }
            transport.awaitReadable();
        }
    }
}
