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

import dev.heddle.BrokenException;
import dev.heddle.BusyException;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.engine.Transport;
import dev.heddle.io.Buffers;
import dev.heddle.io.ByteStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The contract of a stream's writing. */
interface WritingContract extends StreamContract {

    @Test
    default void writeOfNothingDoesNothing() {
        withStreams((left, right) -> {
            left.write(new byte[0]);
            left.write("");
            left.write(new byte[3], 1, 0);
            left.write(ByteBuffer.allocate(0), ByteBuffer.allocate(0));
            left.write();
            left.write("x");

            assertEquals("x", text(right.readExactly(1)));
        });
    }

    @Test
    default void severalBuffersArriveInOrder() {
        byte[] big = noise(100_000, 3);
        withStreams((left, right) -> {
            ByteBuffer[] parts = {
                    ByteBuffer.wrap(bytes("head ")),
                    ByteBuffer.allocate(0),
                    ByteBuffer.allocateDirect(4).put(bytes("body")).flip(),
                    ByteBuffer.wrap(big).asReadOnlyBuffer(),
                    ByteBuffer.wrap(bytes("xxtailxx"), 2, 4)
            };
            Task<Void> writer = Heddle.spawn(() -> left.write(parts));

            assertEquals("head body", text(right.readExactly(9)));
            assertArrayEquals(big, right.readExactly(big.length));
            assertEquals("tail", text(right.readExactly(4)));
            writer.join();
            for (ByteBuffer part : parts) {
                assertFalse(part.hasRemaining());
            }
        });
    }

    @Test
    default void manySmallBuffersMayBeMoreThanFits() {
        byte[] all = noise(3_000 * 100, 4);
        withStreams((left, right) -> {
            ByteBuffer[] parts = new ByteBuffer[3_000];
            Arrays.setAll(parts, i -> ByteBuffer.wrap(all, i * 100, 100));
            Heddle.spawn(() -> left.write(parts));

            assertArrayEquals(all, right.readExactly(all.length));
        });
    }

    @Test
    default void writerWaitsForASlowReaderAndLosesNothing() {
        byte[] big = noise(moreThanBuffered(), 5);
        withStreams((left, right) -> {
            Task<Void> writer = Heddle.spawn(() -> left.write(big));
            letOthersRun();
            assertFalse(writer.isDone());

            assertArrayEquals(big, right.readExactly(big.length));
            writer.join();
        });
    }

    /** The first piece that finds no room at all is not taken as sent. */
    @Test
    default void smallPiecesIntoAFullStreamAllArrive() {
        byte[] all = noise(moreThanBuffered(), 8);
        withStreams((left, right) -> {
            var written = new AtomicInteger();
            Task<Void> writer = Heddle.spawn(() -> {
                for (int i = 0; i < all.length; i += 1_000) {
                    left.write(all, i, Math.min(1_000, all.length - i));
                    written.addAndGet(1_000);
                }
            });
            for (int before = -1; written.get() > before; letArrive()) {
                before = written.get();
                letOthersRun();
            }
            assertFalse(writer.isDone());

            assertArrayEquals(all, right.readExactly(all.length));
            writer.join();
        });
    }

    @Test
    default void bigTransfersGoBothWaysAtOnce() {
        byte[] east = noise(moreThanBuffered() / 8, 6);
        byte[] west = noise(moreThanBuffered() / 8, 7);
        withStreams((left, right) -> {
            Heddle.spawn(() -> left.write(east));
            Heddle.spawn(() -> right.write(west));
            Task<byte[]> atLeft = Heddle.spawn(() -> left.readExactly(west.length));
            Task<byte[]> atRight = Heddle.spawn(() -> right.readExactly(east.length));

            assertArrayEquals(west, atLeft.join());
            assertArrayEquals(east, atRight.join());
        });
    }

    @Test
    default void secondWriterIsBusyAndSoIsClosingTheOutput() {
        withStreams((left, right) -> {
            Task<Void> first = Heddle.spawn(() -> left.write(new byte[moreThanBuffered()]));
            letOthersRun();

            assertThrows(BusyException.class, () -> left.write("x"));
            assertThrows(BusyException.class, () -> left.write(ByteBuffer.allocate(1), ByteBuffer.allocate(1)));
            assertThrows(BusyException.class, left::closeOutput);

            assertEquals(moreThanBuffered(), right.readExactly(moreThanBuffered()).length);
            first.join();
            left.write("x");
            assertEquals("x", text(right.readExactly(1)));
        });
    }

    @Test
    default void writeThatIsCancelledOnEntryHasWrittenNothing() {
        withStreams((left, right) -> {
            CancelScope.open(scope -> {
                scope.cancel("enough");
                assertThrows(CancelledException.class, () -> left.write("lost"));
                assertThrows(CancelledException.class,
                        () -> left.write(ByteBuffer.allocate(1), ByteBuffer.allocate(1)));
                return "";
            });

            left.write("kept");

            assertEquals("kept", text(right.readExactly(4)));
        });
    }

    @Test
    default void writeThatIsCancelledHalfwayBreaksTheStream() {
        withStreams((left, right) -> {
            ByteBuffer source = ByteBuffer.allocate(moreThanBuffered());
            cancelHalfway(left, source);

            assertTrue(source.position() > 0, "the position says how much has left");
            assertTrue(source.hasRemaining());
            assertThrows(BrokenException.class, () -> left.write("x"));
            assertThrows(BrokenException.class, left::closeOutput);
            right.write("still heard");
            assertEquals("still heard", text(left.readExactly(11)));
        });
    }

    @Test
    default void gatheredWriteThatIsCancelledHalfwayBreaksTheStream() {
        withStreams((left, right) -> {
            ByteBuffer[] parts = new ByteBuffer[moreThanBuffered() / 4096];
            Arrays.setAll(parts, i -> ByteBuffer.allocate(4096));
            Task<Void> writer = Heddle.spawn(() -> left.write(parts));
            letOthersRun();
            writer.cancel("enough");
            assertThrows(TaskCancelledException.class, writer::join);

            assertTrue(parts[0].position() > 0, "the positions say how much has left");
            assertTrue(parts[parts.length - 1].hasRemaining());
            assertThrows(BrokenException.class, () -> left.write("x"));
            assertThrows(BrokenException.class, left::closeOutput);
        });
    }

    @Test
    default void cancelledWaitForRoomNeitherLosesNorDoublesBytes() {
        withStreams((left, right) -> {
            int taken = fillUntilAWaitIsCancelled(left.transport());
            Task<Boolean> writer = Heddle.spawn(() -> writesUnlessBroken(left, "tail"));

            byte[] before = right.readExactly(taken);

            assertArrayEquals(Arrays.copyOf(noise(moreThanBuffered(), 11), taken), before);
            if (writer.join()) {
                assertEquals("tail", text(right.readExactly(4)));
            }
        });
    }

    /** Writes the bytes of a noise until a wait for room takes too long; how many were taken. */
    private int fillUntilAWaitIsCancelled(Transport transport) {
        ByteBuffer source = ByteBuffer.wrap(noise(moreThanBuffered(), 11));
        int small = 4096; // which an engine may keep until the end of its turn
        boolean room = true;
        while (room && source.position() < source.capacity()) {
            source.limit(Math.min(source.capacity(), source.position() + small));
            room = transport.tryWrite(source) > 0
                    || Heddle.moveOnAfter(Duration.ofMillis(50), transport::awaitWritable);
        }
        return source.position();
    }

    /** A write behind a cancelled wait may find its stream cut off, in the middle of a record for instance. */
    private static boolean writesUnlessBroken(ByteStream stream, String text) {
        try {
            stream.write(text);
            return true;
        } catch (BrokenException e) {
            return false;
        }
    }

    @Test
    default void fileArrivesBetweenWhatIsWrittenBeforeAndBehindIt() throws IOException {
        byte[] content = noise(moreThanBuffered() / 4, 12);
        Path path = Files.write(Files.createTempFile("heddle-", ".noise"), content);
        try (FileChannel file = FileChannel.open(path)) {
            withStreams((left, right) -> {
                Task<Long> writer = Heddle.spawn(() -> {
                    left.write("head");
                    long sent = left.sendFile(file, 0, Long.MAX_VALUE);
                    left.write("tail");
                    return sent;
                });

                assertEquals("head", text(right.readExactly(4)));
                letArrive();
                assertArrayEquals(content, right.readExactly(content.length));
                assertEquals("tail", text(right.readExactly(4)));
                assertEquals(content.length, writer.join());
            });
        } finally {
            Files.delete(path);
        }
    }

    @Test
    default void halfAMessageIsNeverFollowedByACleanEnd() {
        withStreams((left, right) -> {
            cancelHalfway(left, ByteBuffer.allocate(moreThanBuffered()));

            left.close();

            assertThrows(BrokenException.class, () -> right.readAll(moreThanBuffered()));
        });
    }

    private static void cancelHalfway(ByteStream stream, ByteBuffer source) {
        Task<Void> writer = Heddle.spawn(() -> stream.write(source));
        letOthersRun();
        writer.cancel("enough");
        assertThrows(TaskCancelledException.class, writer::join);
    }

    @Test
    default void writerThatWaitsHoldsNoBuffer() {
        withStreams((left, right) -> {
            Task<Void> writer = Heddle.spawn(
                    () -> left.write(ByteBuffer.wrap(bytes("head")), ByteBuffer.allocate(moreThanBuffered())));
            letOthersRun();
            assertFalse(writer.isDone());

            assertEquals(0, Buffers.statistics().borrowed());

            left.abort();
            assertThrows(ClosedException.class, writer::join);
        });
    }

    @Test
    default void peerThatHasClosedBreaksTheWriter() {
        withStreams((left, right) -> {
            right.close();

            assertThrows(BrokenException.class, () -> {
                while (true) {
                    left.write(new byte[1000]);
                }
            });
            left.close();
            assertFalse(left.isOpen());
        });
    }

    @Test
    default void resetBreaksTheWaitingWriter() {
        withStreams((left, right) -> {
            Task<Void> writer = Heddle.spawn(() -> left.write(new byte[moreThanBuffered()]));
            letOthersRun();

            right.abort();

            assertThrows(BrokenException.class, writer::join);
        });
    }
}
