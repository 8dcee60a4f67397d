package dev.heddle.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.internal.Descriptors;
import dev.heddle.linux.internal.SystemCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What would have to be fetched from a disk is known before the kernel is asked to send it. */
final class FileSendingTest {

    private static final int BYTES = 4 << 20;

    /** posix_fadvise(2), and of it {@code POSIX_FADV_RANDOM} and {@code POSIX_FADV_DONTNEED}. */
    private static final int FADVISE64 = System.getProperty("os.arch").equals("amd64") ? 221 : 223;

    private static final int RANDOM = 1;
    private static final int DONTNEED = 4;

    @TempDir
    Path directory;

    private interface Steps {
        void take(Sockets sockets, FileChannel file, int descriptor) throws IOException;
    }

    private void with(StandardOpenOption mode, Steps steps) throws IOException {
        Path path = Files.write(directory.resolve("file"), new byte[BYTES]);
        try (Arena arena = Arena.ofConfined(); FileChannel file = FileChannel.open(path, mode)) {
            steps.take(new Sockets(arena), file, Descriptors.of(file));
        }
    }

    @Test
    void fileThatWasJustWrittenIsInMemory() throws IOException {
        with(StandardOpenOption.READ, (sockets, file, descriptor) -> {
            assertTrue(sockets.isInMemory(descriptor, 0, BYTES));
            assertTrue(sockets.isInMemory(descriptor, BYTES - 1, 1));
        });
    }

    @Test
    void whatIsBehindTheEndNeedsNoDisk() throws IOException {
        with(StandardOpenOption.READ, (sockets, file, descriptor) -> {
            assertTrue(sockets.isInMemory(descriptor, BYTES - 1, 1_000_000));
            assertTrue(sockets.isInMemory(descriptor, BYTES + 1, 1));
        });
    }

    @Test
    void whatTheKernelGivesNobodyIsNotInMemory() throws IOException {
        with(StandardOpenOption.WRITE,
                (sockets, file, descriptor) -> assertFalse(sockets.isInMemory(descriptor, 0, BYTES)));
    }

    @Test
    void whatTheDiskAloneHasIsNotInMemoryUntilItIsRead() throws IOException {
        with(StandardOpenOption.WRITE, (sockets, file, descriptor) -> file.force(true));
        try (Arena arena = Arena.ofConfined();
                FileChannel file = FileChannel.open(directory.resolve("file"))) {
            var kernel = new SystemCalls(arena);
            var sockets = new Sockets(arena);
            int descriptor = Descriptors.of(file);
            boolean hasDisk = !Files.getFileStore(directory).type().equals("tmpfs");
            assertEquals(0, kernel.call(FADVISE64, descriptor, 0, 0, RANDOM)); // reads nothing ahead

            // The kernel may forget later than asked, and begins to read what was looked for.
            do {
                assertEquals(0, kernel.call(FADVISE64, descriptor, 0, 0, DONTNEED));
            } while (hasDisk && sockets.isInMemory(descriptor, 0, 1));

            // One end alone is not all of it.
            do {
                assertEquals(0, kernel.call(FADVISE64, descriptor, 0, 0, DONTNEED));
                file.read(ByteBuffer.allocate(1), 0);
                assertTrue(sockets.isInMemory(descriptor, 0, 1));
            } while (hasDisk && sockets.isInMemory(descriptor, 0, BYTES));
            for (int at = 0; at < BYTES; at += 4096) {
                file.read(ByteBuffer.allocate(4096), at);
            }
            assertTrue(sockets.isInMemory(descriptor, 0, BYTES));
        }
    }
}
