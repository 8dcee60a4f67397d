package dev.heddle.file;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.file.FileFailedException.Reason;
import dev.heddle.generators.Generator;
import dev.heddle.io.Fixtures;
import dev.heddle.io.LimitExceededException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole files and directories. */
final class AsyncFilesTest {

    @TempDir
    Path dir;

    private List<String> names() throws IOException {
        try (Stream<Path> entries = Files.list(dir)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }

    private static void assertReason(Reason expected, FileFailedException e, Path path) {
        assertEquals(expected, e.reason());
        assertEquals(path.toString(), e.path());
        assertTrue(e.getMessage().contains(path.toString()), e.getMessage());
    }

    @Test
    void whatIsWrittenIsRead() {
        Path file = dir.resolve("a");
        byte[] content = Fixtures.noise(3 * FileWork.MAX_STEP_BYTES + 7, 1);
        Heddle.run(() -> {
            AsyncFiles.writeBytes(file, content);
            assertArrayEquals(content, AsyncFiles.readBytes(file, content.length));
            AsyncFiles.writeText(file, "grün\n");
            assertEquals("grün\n", AsyncFiles.readText(file, 100));
        });
    }

    @Test
    void malformedTextBecomesReplacementCharacters() throws IOException {
        Path file = Files.write(dir.resolve("a"), "gr\u00fcn".getBytes(ISO_8859_1));
        assertEquals("gr\ufffdn", Heddle.run(() -> AsyncFiles.readText(file, 100)));
    }

    @Test
    void fileThatIsLongerThanAllowedIsNotRead() throws IOException {
        Path file = Files.write(dir.resolve("a"), new byte[11]);
        Heddle.run(() -> {
            assertEquals(11, AsyncFiles.readBytes(file, 11).length);
            assertEquals(10, assertThrows(LimitExceededException.class, () -> AsyncFiles.readBytes(file, 10)).limit());
            assertThrows(LimitExceededException.class, () -> AsyncFiles.readBytes(file, 0));
            assertThrows(IllegalArgumentException.class, () -> AsyncFiles.readBytes(file, -1));
        });
    }

    @Test
    void pseudoFileThatTellsNoSizeIsReadToItsEndAndBounded() {
        Path file = Path.of("/proc/self/status");
        if (Files.exists(file)) {
            Heddle.run(() -> {
                assertTrue(AsyncFiles.readText(file, 1_000_000).startsWith("Name:"));
                assertThrows(LimitExceededException.class, () -> AsyncFiles.readText(file, 10));
            });
        }
    }

    @Test
    void missingFileADirectoryAndAWrongParentAreNamed() throws IOException {
        Path missing = dir.resolve("missing");
        Path below = Files.createFile(dir.resolve("file")).resolve("below");
        Heddle.run(() -> {
            assertReason(
                    Reason.NOT_FOUND,
                    assertThrows(FileFailedException.class, () -> AsyncFiles.readBytes(missing, 1)),
                    missing);
            assertReason(Reason.NOT_A_FILE, assertThrows(FileFailedException.class, () -> AsyncFiles.readText(dir, 1)),
                    dir);
            assertReason(
                    Reason.NOT_A_FILE, assertThrows(FileFailedException.class, () -> AsyncFiles.writeText(dir, "")),
                    dir);
            assertReason(
                    Reason.NOT_A_FILE, assertThrows(FileFailedException.class, () -> AsyncFiles.replaceText(dir, "")),
                    dir);
            assertReason(
                    Reason.NOT_A_DIRECTORY,
                    assertThrows(FileFailedException.class, () -> AsyncFiles.writeText(below, "")),
                    below);
        });
    }

    @Test
    void fifoIsRefusedInsteadOfWaitedFor() throws Exception {
        Path fifo = dir.resolve("fifo");
        assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
        Heddle.run(() -> {
            assertReason(
                    Reason.NOT_A_FILE, assertThrows(FileFailedException.class, () -> AsyncFiles.readBytes(fifo, 1)),
                    fifo);
            assertReason(
                    Reason.NOT_A_FILE, assertThrows(FileFailedException.class, () -> AsyncFiles.writeText(fifo, "")),
                    fifo);
            assertReason(
                    Reason.NOT_A_FILE, assertThrows(FileFailedException.class, () -> AsyncFiles.replaceText(fifo, "")),
                    fifo);
            assertReason(
                    Reason.NOT_A_FILE, assertThrows(FileFailedException.class, () -> FileStream.open(fifo)), fifo);
        });
        assertEquals(List.of("fifo"), names());
    }

    @Test
    void replacingKeepsPermissionsAndLeavesNothingBeside() throws IOException {
        Path file = Files.writeString(dir.resolve("a"), "old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        Heddle.run(() -> AsyncFiles.replaceText(file, "new"));
        assertEquals("new", Files.readString(file));
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals(List.of("a"), names());
    }

    @Test
    void replacedFileThatWasNotThereHasTheUsualPermissions() throws IOException {
        Path usual = Files.createFile(dir.resolve("usual"));
        Path file = dir.resolve("a");
        Heddle.run(() -> AsyncFiles.replaceText(file, "new"));
        assertEquals(Files.getPosixFilePermissions(usual), Files.getPosixFilePermissions(file));
    }

    @Test
    void replacingGoesThroughASymbolicLink() throws IOException {
        Path file = Files.writeString(dir.resolve("a"), "old");
        Path link = Files.createSymbolicLink(dir.resolve("link"), Path.of("a"));
        Heddle.run(() -> AsyncFiles.replaceText(link, "new"));
        assertTrue(Files.isSymbolicLink(link));
        assertEquals("new", Files.readString(file));
    }

    @Test
    void fullDiskLeavesTheOldContentAndNoPartOfTheNew() throws IOException {
        Path file = Files.writeString(dir.resolve("a"), "old");
        IOException full = assertThrows(IOException.class, () -> AtomicFile.write(file, channel -> {
            channel.write(ByteBuffer.wrap("ne".getBytes(UTF_8)));
            throw new IOException("No space left on device");
        }));
        assertEquals(Reason.NO_SPACE, new FileFailedException("replace", file, full).reason());
        assertEquals("old", Files.readString(file));
        assertEquals(List.of("a"), names());
    }

    @Test
    void replacementThatIsInterruptedLeavesTheOldContentAndNoPartOfTheNew() throws IOException {
        Path file = Files.writeString(dir.resolve("a"), "old");
        assertThrows(ClosedByInterruptException.class, () -> AtomicFile.write(file, channel -> {
            channel.write(ByteBuffer.wrap("ne".getBytes(UTF_8)));
            Thread.currentThread().interrupt();
            channel.write(ByteBuffer.wrap("w".getBytes(UTF_8)));
        }));
        assertTrue(Thread.interrupted());
        assertEquals("old", Files.readString(file));
        assertEquals(List.of("a"), names());
    }

    @Test
    void cancelThatComesWhileAWorkerWorksStopsTheWork() {
        Heddle.run(() -> {
            CountDownLatch begun = new CountDownLatch(1);
            CountDownLatch cancelled = new CountDownLatch(1);
            Path file = dir.resolve("a");
            Task<Object> writer = Heddle
                    .spawn(() -> FileWork.call("replace", file, () -> AtomicFile.write(file, channel -> {
                        channel.write(ByteBuffer.allocate(10));
                        begun.countDown();
                        awaitDespiteInterrupt(cancelled);
                        channel.write(ByteBuffer.allocate(10));
                    })));
            begun.await();
            writer.cancel("enough");
            Heddle.checkpoint();
            cancelled.countDown();
            assertThrows(TaskCancelledException.class, writer::join);
        });
        assertEquals(List.of(), assertNames());
    }

    private List<String> assertNames() {
        try {
            return names();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void awaitDespiteInterrupt(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                latch.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void cancelledCallDoesNothing() {
        Heddle.run(() -> CancelScope.open(scope -> {
            scope.cancel("enough");
            Path file = dir.resolve("a");
            assertThrows(CancelledException.class, () -> AsyncFiles.writeText(file, "text"));
            assertThrows(CancelledException.class, () -> AsyncFiles.replaceText(file, "text"));
            assertThrows(CancelledException.class, () -> AsyncFiles.readText(file, 1));
            assertThrows(CancelledException.class, () -> AsyncFiles.copy(file, file));
            assertThrows(CancelledException.class, () -> AsyncFiles.list(dir).hasNext());
            assertThrows(CancelledException.class, () -> TempPath.directory("x"));
        }));
        assertEquals(List.of(), assertNames());
    }

    @Test
    void copyReplacesTheTarget() throws IOException {
        byte[] content = Fixtures.noise(2 * FileWork.MAX_STEP_BYTES + 3, 2);
        Path from = Files.write(dir.resolve("from"), content);
        Path to = Files.writeString(dir.resolve("to"), "old");
        assertEquals(content.length, Heddle.<Long>run(() -> AsyncFiles.copy(from, to)));
        assertArrayEquals(content, Files.readAllBytes(to));
        Heddle.run(() -> AsyncFiles.copy(to, to));
        assertArrayEquals(content, Files.readAllBytes(to));
        assertEquals(List.of("from", "to"), names());
    }

    @Test
    void copyOfAFileOfTheSystemHasItsContentThoughItSaysThatItIsEmpty(@TempDir Path here) throws Exception {
        Path version = Path.of("/proc/version");
        Path copy = here.resolve("copy");
        if (Files.exists(version)) {
            Heddle.run(() -> AsyncFiles.copy(version, copy));
            assertEquals(Files.readString(version), Files.readString(copy));
        }
    }

    @Test
    void copyingWhatIsNotThereLeavesTheTarget() throws IOException {
        Path to = Files.writeString(dir.resolve("to"), "old");
        Path from = dir.resolve("from");
        Heddle.run(() -> assertReason(
                Reason.NOT_FOUND, assertThrows(FileFailedException.class, () -> AsyncFiles.copy(from, to)), from));
        assertEquals("old", Files.readString(to));
        assertEquals(List.of("to"), names());
    }

    @Test
    void allEntriesOfALargeDirectoryAreListed() throws IOException {
        Set<Path> expected = new HashSet<>();
        for (int i = 0; i < 2 * AsyncFiles.BATCH + 1; i++) {
            expected.add(Files.createFile(dir.resolve("f" + i)));
        }
        Set<Path> listed = new HashSet<>();
        Heddle.run(() -> AsyncFiles.list(dir).forEach(listed::add));
        assertEquals(expected, listed);
    }

    @Test
    void walkGoesDownAsFarAsToldAndFollowsNoLinks() throws IOException {
        Path sub = Files.createDirectories(dir.resolve("sub/deeper"));
        Files.createFile(sub.resolve("file"));
        Files.createSymbolicLink(sub.resolve("loop"), dir);
        Heddle.run(() -> {
            assertEquals(5, AsyncFiles.walk(dir, 100).stream().count());
            assertEquals(List.of(dir, dir.resolve("sub")), AsyncFiles.walk(dir, 1).stream().toList());
            assertThrows(IllegalArgumentException.class, () -> AsyncFiles.walk(dir, -1));
        });
    }

    @Test
    void listingThatIsLeftEarlyLeavesNoDescriptor() throws IOException {
        for (int i = 0; i < 3; i++) {
            Files.createFile(dir.resolve("f" + i));
        }
        Heddle.run(() -> {
            long before = descriptors();
            try (Generator<Path> entries = AsyncFiles.list(dir)) {
                assertTrue(entries.hasNext());
            }
            assertEquals(before, descriptors());
        });
    }

    /** How many descriptors are open on the directory, where the system tells. */
    private long descriptors() throws IOException {
        Path all = Path.of("/proc/self/fd");
        if (!Files.exists(all)) {
            return 0;
        }
        Path wanted = dir.toRealPath();
        try (Stream<Path> links = Files.list(all)) {
            return links.filter(link -> wanted.equals(target(link))).count();
        }
    }

    private static Path target(Path link) {
        try {
            return Files.readSymbolicLink(link);
        } catch (IOException e) {
            return link; // closed meanwhile
        }
    }

    @Test
    void directoryThatIsMissingCannotBeListed() {
        Path missing = dir.resolve("missing");
        Heddle.run(() -> assertReason(
                Reason.NOT_FOUND,
                assertThrows(FileFailedException.class, () -> AsyncFiles.list(missing).hasNext()),
                missing));
    }

    @Test
    void temporaryDirectoryIsGoneWithAllInItAlsoWhenCancelled() throws IOException {
        Path outside = Files.writeString(dir.resolve("outside"), "stays");
        Path[] made = new Path[1];
        Heddle.run(() -> CancelScope.open(scope -> {
            try (TempPath work = TempPath.directory("heddle-test")) {
                made[0] = work.path();
                Files.createDirectories(work.path().resolve("a/b"));
                AsyncFiles.writeText(work.path().resolve("a/b/c"), "text");
                Files.createSymbolicLink(work.path().resolve("a/link"), outside);
                scope.cancel("enough");
                Heddle.checkpoint();
            }
        }));
        assertFalse(Files.exists(made[0]));
        assertEquals("stays", Files.readString(outside));
    }

    @Test
    void temporaryFileMayBeGoneBeforeItIsRemoved() {
        Heddle.run(() -> {
            TempPath file = TempPath.file("heddle-test");
            assertTrue(Files.isRegularFile(file.path()));
            Files.delete(file.path());
            file.close();
            file.close();
        });
    }
}
