package dev.heddle.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BusyException;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.io.Fixtures;
import dev.heddle.io.LimitExceededException;
import dev.heddle.io.MemoryStreams;
import dev.heddle.io.internal.BufferPool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An open file. */
final class FileStreamTest {

    @TempDir
    Path dir;

    private Path file(String content) throws IOException {
        return Files.writeString(dir.resolve("file"), content);
    }

    private static String rest(FileStream stream) {
        return new String(stream.readAll(1_000_000), UTF_8);
    }

    @Test
    void itIsReadInOrderWhateverTheSizeOfThePieces() throws IOException {
        byte[] content = Fixtures.noise(3 * FileWork.MAX_STEP_BYTES + 5, 3);
        Path path = Files.write(dir.resolve("file"), content);
        Heddle.run(() -> {
            for (int piece : new int[]{1_000, 100_000, 2 * FileWork.MAX_STEP_BYTES}) {
                try (FileStream stream = FileStream.open(path)) {
                    ByteBuffer all = ByteBuffer.allocate(content.length);
                    byte[] target = new byte[piece];
                    for (int n = stream.read(target); n >= 0; n = stream.read(target)) {
                        all.put(target, 0, n);
                        assertEquals(all.position(), stream.position());
                    }
                    assertArrayEquals(content, all.array());
                }
            }
        });
    }

    @Test
    void endIsNotForEver() throws IOException {
        Path path = file("a");
        Heddle.run(() -> {
            try (FileStream stream = FileStream.open(path);
                    FileStream writer = FileStream.open(path, APPEND)) {
                assertEquals("a", rest(stream));
                assertEquals(-1, stream.read(new byte[1]));
                assertEquals(0, stream.read(new byte[0]));
                writer.write("b");
                assertEquals("b", rest(stream));
            }
        });
    }

    @Test
    void linesEndWithLineFeedsOrTheFile() throws IOException {
        Path path = file("first\r\n\nthird\rstill\nlast");
        Heddle.run(() -> {
            try (FileStream stream = FileStream.open(path)) {
                List<String> lines = new ArrayList<>();
                stream.lines(100).forEach(lines::add);
                assertEquals(List.of("first", "", "third\rstill", "last"), lines);
                assertEquals(Optional.empty(), stream.readLine(100));
                assertEquals(stream.size(), stream.position());
            }
        });
    }

    @Test
    void longAndManyLinesAreCutWhereTheyEnd() throws IOException {
        StringBuilder text = new StringBuilder();
        List<String> expected = new ArrayList<>();
        for (int length : new int[]{16 * 1024 - 1, 16 * 1024, 16 * 1024 + 1, 1, 0, 300_000, 2_500_000}) {
            expected.add("x".repeat(length));
            text.append(expected.getLast()).append("\r\n");
        }
        Path path = file(text.toString());
        Heddle.run(() -> {
            try (FileStream stream = FileStream.open(path)) {
                List<String> lines = new ArrayList<>();
                stream.lines(3_000_000).forEach(lines::add);
                assertEquals(expected, lines);
            }
        });
    }

    @Test
    void lineThatIsTooLongStaysUnread() throws IOException {
        Path path = file("12345\n12345\r\n123456\n" + "x".repeat(100_000));
        Heddle.run(() -> {
            try (FileStream stream = FileStream.open(path)) {
                assertEquals("12345", stream.readLine(5).orElseThrow());
                assertEquals("12345", stream.readLine(5).orElseThrow());
                assertThrows(LimitExceededException.class, () -> stream.readLine(5));
                assertEquals("123456", stream.readLine(6).orElseThrow());
                assertThrows(LimitExceededException.class, () -> stream.readLine(99_999));
                assertEquals(100_000, stream.readLine(100_000).orElseThrow().length());
                assertThrows(IllegalArgumentException.class, () -> stream.readLine(-1));
            }
        });
    }

    @Test
    void restIsBoundedAndStaysUnreadIfItIsTooLong() throws IOException {
        Path path = file("line\n0123456789");
        Heddle.run(() -> {
            try (FileStream stream = FileStream.open(path)) {
                assertEquals("line", stream.readLine(10).orElseThrow());
                assertThrows(LimitExceededException.class, () -> stream.readAll(9));
                assertEquals(5, stream.position());
                assertEquals("0123456789", new String(stream.readAll(10), UTF_8));
                assertEquals(0, stream.readAll(0).length);
            }
        });
    }

    @Test
    void itIsReadAndWrittenAtOnePosition() throws IOException {
        Path path = file("aaaa\nbbbb\ncccc\n");
        Heddle.run(() -> {
            try (FileStream stream = FileStream.open(path, READ, WRITE)) {
                assertEquals("aaaa", stream.readLine(10).orElseThrow());
                stream.write("BBBB");
                assertEquals("", stream.readLine(10).orElseThrow());
                assertEquals(10, stream.position());
                stream.position(0);
                assertEquals("aaaa\nBBBB\ncccc\n", rest(stream));
            }
        });
    }

    @Test
    void whatIsWrittenElsewhereThroughItShowsInWhatWasReadAhead() throws IOException {
        Path path = file("aaaa\nbbbb\n");
        Heddle.run(() -> {
            try (FileStream stream = FileStream.open(path, READ, WRITE)) {
                stream.readLine(10);
                stream.writeAt(5, ByteBuffer.wrap("BBBB".getBytes(UTF_8)));
                assertEquals("BBBB", stream.readLine(10).orElseThrow());
                stream.position(5);
                stream.readLine(10);
                stream.truncate(5);
                stream.position(0);
                assertEquals("aaaa\n", rest(stream));
            }
        });
    }

    @Test
    void manyTasksReadAndWriteAtTheirOwnPositionsAtTheSameTime() {
        Path path = dir.resolve("new");
        Heddle.run(() -> {
            try (FileStream stream = FileStream.open(path, CREATE_NEW, READ, WRITE)) {
                Heddle.group(g -> {
                    for (int i = 0; i < 20; i++) {
                        int each = i;
                        g.spawn(() -> {
                            byte[] block = new byte[1_000];
                            Arrays.fill(block, (byte) each);
                            stream.writeAt(1_000L * each, ByteBuffer.wrap(block));
                            ByteBuffer back = ByteBuffer.allocate(1_000);
                            assertEquals(1_000, stream.readAt(1_000L * each, back));
                            assertArrayEquals(block, back.array());
                        });
                    }
                });
                assertEquals(20_000, stream.size());
                assertEquals(0, stream.position());
                assertEquals(-1, stream.readAt(20_000, ByteBuffer.allocate(1)));
                assertThrows(IllegalArgumentException.class, () -> stream.readAt(-1, ByteBuffer.allocate(1)));
            }
        });
    }

    @Test
    void largeBufferIsWrittenWhole() throws IOException {
        byte[] content = Fixtures.noise(2 * FileWork.MAX_STEP_BYTES + 9, 4);
        Path path = dir.resolve("new");
        Heddle.run(() -> {
            try (FileStream stream = FileStream.open(path, CREATE, WRITE)) {
                ByteBuffer source = ByteBuffer.wrap(content, 9, content.length - 9);
                stream.write(source);
                assertFalse(source.hasRemaining());
                stream.force();
                stream.writeAt(0, ByteBuffer.wrap(content));
            }
        });
        assertArrayEquals(content, Files.readAllBytes(path));
    }

    @Test
    void appendingTakesTheEndWhereverItIs() throws IOException {
        Path path = file("a");
        Heddle.run(() -> {
            try (FileStream one = FileStream.open(path, APPEND);
                    FileStream two = FileStream.open(path, APPEND)) {
                one.write("b");
                two.write("c");
                one.write("d");
                assertEquals(2, one.position(), "what was appended through it");
                assertThrows(IllegalStateException.class, () -> one.writeAt(0, ByteBuffer.allocate(1)));
            }
        });
        assertEquals("abcd", Files.readString(path));
    }

    @Test
    void whatItWasNotOpenedForIsRefused() throws IOException {
        Path path = file("a");
        Heddle.run(() -> {
            try (FileStream reader = FileStream.open(path);
                    FileStream writer = FileStream.open(path, WRITE)) {
                var e = assertThrows(IllegalStateException.class, () -> reader.write("b"));
                assertTrue(e.getMessage().contains("READ"), e.getMessage());
                assertThrows(IllegalStateException.class, () -> reader.truncate(0));
                assertThrows(IllegalStateException.class, () -> writer.readAll(10));
            }
            assertThrows(IllegalArgumentException.class, () -> FileStream.open(path, READ, APPEND));
            assertEquals(
                    FileFailedException.Reason.EXISTS,
                    assertThrows(FileFailedException.class, () -> FileStream.open(path, CREATE_NEW, WRITE))
                            .reason());
        });
    }

    @Test
    void secondTaskAtThePositionIsRefused() throws IOException {
        Path path = file("a");
        Heddle.run(() -> {
            try (var pair = MemoryStreams.pair();
                    FileStream stream = FileStream.open(path, READ, WRITE)) {
                Task<Long> upload = Heddle.spawn(() -> stream.writeFrom(pair.right(), 100));
                Heddle.checkpoint();
                assertThrows(BusyException.class, () -> stream.read(new byte[1]));
                assertThrows(BusyException.class, () -> stream.position(0));
                assertEquals(1, stream.readAt(0, ByteBuffer.allocate(10)), "positional reads go on");
                pair.left().close();
                assertEquals(0, upload.join());
            }
        });
    }

    @Test
    void failedWriteTellsHowFarItCame() throws IOException {
        Path path = file("a");
        Heddle.run(() -> {
            try (FileStream reader = FileStream.open(path)) {
                ByteBuffer source = ByteBuffer.allocate(10);
                assertThrows(IllegalStateException.class, () -> reader.write(source));
                assertEquals(0, source.position());
                assertEquals(0, reader.position());
            }
        });
    }

    @Test
    void cancelNeverClosesTheFileAndACancelledReadHasTakenNothing() throws IOException {
        Path path = file("first\nsecond\n");
        Heddle.run(() -> {
            try (FileStream stream = FileStream.open(path)) {
                CancelScope.open(scope -> {
                    assertEquals("first", stream.readLine(100).orElseThrow());
                    scope.cancel("enough");
                    assertThrows(CancelledException.class, () -> stream.readLine(100));
                    assertThrows(CancelledException.class, () -> stream.readAll(100));
                    assertThrows(CancelledException.class, () -> stream.readAt(0, ByteBuffer.allocate(1)));
                    assertThrows(CancelledException.class, stream::size);
                });
                assertEquals("second", stream.readLine(100).orElseThrow());
            }
        });
    }

    @Test
    void stepUnderWayIsDoneToItsEndWhenACancelComes() {
        Path path = dir.resolve("new");
        Heddle.run(() -> {
            try (FileStream stream = FileStream.open(path, CREATE_NEW, READ, WRITE)) {
                CountDownLatch begun = new CountDownLatch(1);
                CountDownLatch goOn = new CountDownLatch(1);
                Task<Integer> writer = Heddle.spawn(() -> FileWork.finish("write", path, () -> {
                    begun.countDown();
                    goOn.await();
                    return stream.channel().write(ByteBuffer.wrap("text".getBytes(UTF_8)), 0);
                }));
                begun.await();
                writer.cancel("enough");
                Heddle.checkpoint();
                assertFalse(writer.isDone());
                goOn.countDown();
                assertEquals(4, writer.join());
                assertEquals("text", rest(stream));
            }
        });
    }

    @Test
    void closingWaitsForStepsUnderWayAndEndsTheRest() throws IOException {
        Path path = Files.write(dir.resolve("file"), new byte[5 * FileWork.MAX_STEP_BYTES]);
        Heddle.run(() -> {
            FileStream stream = FileStream.open(path);
            // For ever, since a step may be done before its reader has to wait for it.
            Task<Void> reader = Heddle.spawn(() -> {
                while (true) {
                    stream.position(0);
                    stream.readAll(Integer.MAX_VALUE);
                    Heddle.checkpoint();
                }
            });
            Heddle.checkpoint();
            stream.close();
            assertFalse(stream.isOpen());
            assertFalse(stream.channel().isOpen());
            assertThrows(ClosedException.class, reader::join);
            assertThrows(ClosedException.class, () -> stream.read(new byte[1]));
            assertThrows(ClosedException.class, () -> stream.readAt(0, ByteBuffer.allocate(1)));
            assertThrows(ClosedException.class, stream::force);
            stream.close();
        });
    }

    @Test
    void streamIsWrittenToAFileAndAFileToAStream() throws IOException {
        byte[] content = Fixtures.noise(700_000, 5);
        Path from = Files.write(dir.resolve("from"), content);
        Path to = dir.resolve("to");
        Heddle.run(() -> {
            try (var pair = MemoryStreams.pair(10_000);
                    FileStream source = FileStream.open(from);
                    FileStream target = FileStream.open(to, CREATE_NEW, WRITE)) {
                Task<Void> sender = Heddle.spawn(() -> {
                    assertEquals(300_000, source.sendTo(pair.left(), 300_000));
                    assertEquals(300_000, source.position());
                    assertEquals(400_000, source.sendTo(pair.left(), Long.MAX_VALUE));
                    pair.left().closeOutput();
                });
                assertEquals(content.length, target.writeFrom(pair.right(), content.length));
                sender.join();
                assertEquals(0, BufferPool.current().borrowed());
            }
        });
        assertArrayEquals(content, Files.readAllBytes(to));
    }

    @Test
    void fileThatShrinksWhileItIsSentEndsThere() throws IOException {
        Path path = Files.write(dir.resolve("file"), new byte[5 * FileWork.MAX_STEP_BYTES]);
        Heddle.run(() -> {
            try (var pair = MemoryStreams.pair(1_000);
                    FileStream stream = FileStream.open(path)) {
                Task<Long> sender = Heddle.spawn(() -> stream.sendTo(pair.left(), Long.MAX_VALUE));
                pair.right().fill();
                Heddle.offload(() -> Files.write(path, new byte[1]));
                Task<Void> receiver = Heddle.spawn(() -> {
                    byte[] target = new byte[10_000];
                    while (pair.right().read(target) >= 0) {
                        // as fast as it comes
                    }
                });
                long sent = sender.join();
                pair.left().close();
                receiver.join();
                assertTrue(sent < 5 * FileWork.MAX_STEP_BYTES, "sent " + sent);
                assertEquals(sent, stream.position());
            }
        });
    }

    @Test
    void streamThatBringsTooMuchIsWrittenUpToTheLimitAndTheRestIsLeft() throws IOException {
        Path to = dir.resolve("to");
        Heddle.run(() -> {
            try (var pair = MemoryStreams.pair();
                    FileStream target = FileStream.open(to, CREATE_NEW, WRITE)) {
                pair.left().write("0123456789");
                assertThrows(LimitExceededException.class, () -> target.writeFrom(pair.right(), 6));
                assertEquals(6, target.position());
                assertEquals("6789", new String(pair.right().readExactly(4), UTF_8));
            }
        });
        assertEquals("012345", Files.readString(to));
    }

    @Test
    void whenSendingIsCancelledThePositionIsBehindWhatHasLeft() throws IOException {
        byte[] content = Fixtures.noise(100_000, 6);
        Path path = Files.write(dir.resolve("file"), content);
        Heddle.run(() -> {
            try (var pair = MemoryStreams.pair(1_000);
                    FileStream stream = FileStream.open(path)) {
                byte[] arrived = new byte[500];
                CancelScope.open(scope -> {
                    Task<Void> canceller = Heddle.spawn(() -> {
                        pair.right().fill();
                        scope.cancel("enough");
                    });
                    assertThrows(CancelledException.class, () -> stream.sendTo(pair.left(), Long.MAX_VALUE));
                    Heddle.shield(canceller::join);
                });
                assertTrue(stream.position() >= 1, "something has left");
                assertEquals(500, stream.readAt(stream.position(), ByteBuffer.wrap(arrived)));
                byte[] next = new byte[500];
                assertEquals(500, stream.read(next));
                assertArrayEquals(arrived, next, "reading goes on at the position");
            }
        });
    }
}
