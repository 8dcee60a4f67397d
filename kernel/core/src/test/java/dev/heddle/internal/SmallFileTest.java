package dev.heddle.internal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.Heddle;
import dev.heddle.Task;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Files of keys and settings are read whole wherever they lie, and none holds a loop. */
@EnabledOnOs(OS.LINUX)
final class SmallFileTest {

    @TempDir
    private Path directory;

    private static String read(Path file) throws IOException {
        return new String(SmallFile.read(file, 100), US_ASCII);
    }

    private interface WithPipe {
        void use(Path path, OutputStream writer) throws Exception;
    }

    /** A pipe without a name, as {@code <(command)} of a shell gives one: the input of a process that never reads. */
    private static void withPipe(WithPipe body) throws Exception {
        Process holder = new ProcessBuilder("sleep", "600").start();
        try (OutputStream writer = holder.getOutputStream()) {
            body.use(Path.of("/proc/" + holder.pid() + "/fd/0"), writer);
        } finally {
            holder.destroyForcibly().waitFor();
        }
    }

    @Test
    void regularFileIsReadAlsoBehindLinks() throws Exception {
        // As Kubernetes has its secrets.
        Path data = Files.createDirectory(directory.resolve("..2030"));
        Files.writeString(data.resolve("key"), "text");
        Files.createSymbolicLink(directory.resolve("..data"), Path.of("..2030"));
        Path link = Files.createSymbolicLink(directory.resolve("key"), Path.of("..data/key"));
        assertEquals("text", read(link));
        Heddle.run(() -> assertEquals("text", read(link)));
    }

    @Test
    void pipeWithoutANameIsReadToItsEndWhileTheLoopGoesOn() throws Exception {
        withPipe((path, writer) -> Heddle.run(() -> {
            Task<String> reading = Heddle.spawn(() -> read(path));
            for (String part : new String[]{"one ", "two"}) {
                Heddle.sleep(Duration.ofMillis(20));
                assertFalse(reading.isDone());
                writer.write(part.getBytes(US_ASCII));
                writer.flush();
            }
            writer.close();
            assertEquals("one two", reading.join());
        }));
    }

    @Test
    void waitForAPipeHearsItsCancelAndLeavesNoThread() throws Exception {
        withPipe((path, _) -> Heddle.run(() -> {
            assertTrue(Heddle.moveOnAfter(Duration.ofMillis(50), () -> read(path)).isEmpty());
            while (readers(path)) {
                Heddle.sleep(Duration.ofMillis(1));
            }
        }));
    }

    private static boolean readers(Path path) {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("read " + path));
    }

    @Test
    void callerThatIsNoTaskReadsAPipeItself() throws Exception {
        withPipe((path, writer) -> {
            writer.write('x');
            writer.close();
            assertEquals("x", read(path));
        });
    }

    @Test
    void namedPipeIsRefusedByNameInATaskAndElsewhere() throws Exception {
        Path fifo = directory.resolve("fifo");
        assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
        Path link = Files.createSymbolicLink(directory.resolve("link"), fifo);
        Action refused = () -> {
            for (Path each : new Path[]{fifo, link}) {
                var e = assertThrows(FileSystemException.class, () -> read(each));
                assertEquals(each + ": a named pipe, and to open one may wait for ever; give a file, or what a shell"
                        + " makes of <(cat pipe)", e.getMessage());
            }
        };
        refused.run();
        Heddle.run(refused);
    }

    @Test
    void whatIsTooLongOrEndlessIsRefused() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "x".repeat(101));
        Action refused = () -> {
            for (Path each : new Path[]{file, Path.of("/dev/zero")}) {
                var e = assertThrows(FileSystemException.class, () -> read(each));
                assertEquals(each + ": longer than 100 bytes", e.getMessage());
            }
        };
        refused.run();
        Heddle.run(refused);
        assertEquals(100, read(Files.writeString(file, "x".repeat(100))).length());
    }

    @Test
    void whatIsNotThereIsToldAsTheJdkDoes() {
        AtomicBoolean over = new AtomicBoolean();
        Heddle.run(() -> {
            assertThrows(NoSuchFileException.class, () -> read(directory.resolve("none")));
            assertThrows(IOException.class, () -> read(directory));
            over.set(true);
        });
        assertTrue(over.get());
    }
}
