package dev.heddle.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.internal.Descriptors;
import dev.heddle.internal.PageCache;
import dev.heddle.linux.internal.CachedFiles;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are in memory are read at once, and nothing else is. */
final class CachedFilesTest {

    private static final int MAX = 10_000;
    private static final Instant MODIFIED = Instant.parse("2024-05-06T07:08:09.123456789Z");

    @TempDir
    Path directory;

    private CachedFiles files;

    @BeforeEach
    void open() throws IOException {
        directory = directory.toRealPath();
        files = new CachedFiles(MAX);
    }

    @AfterEach
    void close() {
        files.close();
    }

    private PageCache.@Nullable Snapshot read(Path path) {
        return files.read(path.toString().getBytes(UTF_8), MAX);
    }

    private Path file(String name, int length) throws IOException {
        Path file = Files.write(directory.resolve(name), new byte[length]);
        Files.setLastModifiedTime(file, FileTime.from(MODIFIED));
        return file;
    }

    @Test
    void fileIsReadWithItsTime() throws IOException {
        Path file = Files.writeString(directory.resolve("Grüße"), "hello");
        Files.setLastModifiedTime(file, FileTime.from(MODIFIED));

        PageCache.Snapshot read = read(file);

        assertNotNull(read);
        assertEquals("hello", new String(read.content(), UTF_8));
        assertEquals(MODIFIED, read.modified());
        assertTrue(files.isTryable(file.toString().getBytes(UTF_8)));
    }

    @Test
    void lengthIsBounded() throws IOException {
        PageCache.Snapshot empty = read(file("empty", 0));
        PageCache.Snapshot largest = read(file("largest", MAX));

        assertNotNull(empty);
        assertEquals(0, empty.content().length);
        assertNotNull(largest);
        assertEquals(MAX, largest.content().length);
        assertNull(read(directory.resolve("x".repeat(5000))));
        assertFalse(files.isTryable("/x".repeat(3000).getBytes(UTF_8)));
    }

    @Test
    void longerFileIsOpened() throws IOException {
        byte[] content = new byte[MAX + 1];
        content[MAX] = 7;
        Path file = Files.write(directory.resolve("longer"), content);
        Files.setLastModifiedTime(file, FileTime.from(MODIFIED));

        PageCache.Snapshot found = read(file);

        assertNotNull(found);
        assertEquals(MAX + 1, found.size());
        assertEquals(0, found.content().length);
        assertEquals(MODIFIED, found.modified());
        try (FileChannel open = found.file()) {
            assertNotNull(open);
            var last = ByteBuffer.allocate(2);
            assertEquals(1, open.read(last, MAX));
            assertEquals(7, last.get(0));
            assertTrue(Descriptors.of(open) > 2);
        }
        PageCache.Snapshot shorter = files.read(file.toString().getBytes(UTF_8), 1);
        assertNotNull(shorter);
        assertNotNull(shorter.file());
        shorter.file().close();
    }

    @Test
    void timeIsToldAndWhetherNothingIsThere() throws Exception {
        Path file = file("a", 10);
        Path pipe = directory.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);
        Path none = directory.resolve("none");
        // The system knows of nothing there only when it has looked.
        assertFalse(Files.exists(none));

        assertEquals(MODIFIED, modified(file));
        assertEquals(PageCache.NO_FILE, modified(none));
        assertNull(modified(pipe));
        assertNull(modified(directory));
        assertNull(modified(link));
        assertNull(modified(directory.resolve("x".repeat(5000))));
    }

    private @Nullable Instant modified(Path path) {
        return files.modified(path.toString().getBytes(UTF_8));
    }

    @Test
    void noLinkIsFollowed() throws IOException {
        Path real = Files.createDirectories(directory.resolve("real/below"));
        Files.writeString(real.resolve("a"), "a");
        Path link = Files.createSymbolicLink(directory.resolve("link"), directory.resolve("real"));
        Path file = Files.createSymbolicLink(directory.resolve("file"), real.resolve("a"));

        assertNotNull(read(real.resolve("a")));
        assertNull(read(file));
        assertNull(read(link.resolve("below/a")));
    }

    @Test
    void onlyRegularFilesAreReadAndNothingIsWaitedFor() throws Exception {
        Path pipe = directory.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());

        assertNull(read(pipe));
        assertNull(read(directory));
        assertNull(read(directory.resolve("none")));
        assertNull(read(file("a", 1).resolve("below")));
    }

    @Test
    void whatIsNotInMemoryIsNotReadInPart() throws IOException {
        Path hole = directory.resolve("hole");
        try (var file = new RandomAccessFile(hole.toFile(), "rw")) {
            file.setLength(MAX);
        }

        PageCache.Snapshot read = read(hole);

        // Where files live in memory, a hole is there.
        assertArrayEquals(new byte[MAX], read == null ? new byte[MAX] : read.content());
    }

    @Test
    void fileSystemsOfTheKernelAndUnknownOnesAreNotTried() {
        assertFalse(files.isTryable("/proc/self/status".getBytes(UTF_8)));
        assertFalse(files.isTryable("/none".getBytes(UTF_8)));
    }

    @Test
    void noDescriptorStaysOpen() throws IOException {
        Path file = file("a", 10);
        Path larger = file("larger", MAX + 1);
        read(file);
        int before = descriptors();
        for (int i = 0; i < 1000; i++) {
            read(file);
            modified(file);
            modified(directory);
            PageCache.Snapshot opened = read(larger);
            assertNotNull(opened);
            assertNotNull(opened.file());
            opened.file().close();
            read(directory);
        }

        assertTrue(descriptors() < before + 100, "descriptors stay open");
    }

    private static int descriptors() {
        String[] open = new File("/proc/self/fd").list();
        return open == null ? 0 : open.length;
    }
}
