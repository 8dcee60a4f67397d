package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.examples.Output;
import dev.heddle.file.AsyncFiles;
import dev.heddle.file.FileChange;
import dev.heddle.file.FileChanges;
import dev.heddle.file.FileFailedException;
import dev.heddle.file.FileMutex;
import dev.heddle.file.FileStream;
import dev.heddle.file.TempPath;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MemoryStreams;
import dev.heddle.sim.Sim;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of the guide's chapter on files. */
final class FilesTest {

    @TempDir
    Path directory;

    @Test
    void wholeFiles() {
        List<String> lines = Output.of(() -> Sim.run(() -> {
            Path state = directory.resolve("state.json");
            AsyncFiles.replaceText(state, "{\"count\": 1}");                 // the old text or the new, never half of one
            IO.println(AsyncFiles.readText(state, 1_000_000));               // a limit, since anybody may have written there

            offload(() -> Files.move(state, directory.resolve("old.json")));
        }));
        assertEquals(List.of("{\"count\": 1}"), lines);
        assertTrue(Files.exists(directory.resolve("old.json")));
    }

    @Test
    void directories() {
        List<String> lines = Output.of(() -> Sim.run(() -> {
            AsyncFiles.writeText(directory.resolve("a.txt"), "text");
            for (Path each : AsyncFiles.walk(directory, 20)) {                // 20 levels down at most
                IO.println(directory.relativize(each));
            }

            try (TempPath work = TempPath.directory("build")) {
                AsyncFiles.writeText(work.path().resolve("a.txt"), "text");
            }
        }));
        assertEquals(List.of("", "a.txt"), lines);
    }

    @Test
    void linesOfAFile() throws IOException {
        Path file = Files.writeString(directory.resolve("log"), "INFO begin\nERROR oh\nINFO end");
        List<String> lines = Output.of(() -> run(() -> {
            try (FileStream log = FileStream.open(file)) {
                for (String line : log.lines(64 * 1024)) {              // the longest line that is allowed
                    if (line.contains("ERROR")) {
                        IO.println(line);
                    }
                }
            }
        }));
        assertEquals(List.of("ERROR oh"), lines);
    }

    private static long save(ByteStream upload, Path file) {
        try (FileStream target = FileStream.open(file, CREATE_NEW, WRITE)) {
            long count = target.writeFrom(upload, 100_000_000);     // LimitExceededException if more come
            target.force();                                         // on the disk, not only in the kernel's memory
            return count;
        }
    }

    @Test
    void upload() {
        Sim.run(() -> {
            try (var pair = MemoryStreams.pair()) {
                pair.left().write("content");
                pair.left().closeOutput();
                assertEquals(7, save(pair.right(), directory.resolve("upload")));
            }
        });
    }

    private static String config(Path file) {
        String config;
        try {
            config = AsyncFiles.readText(file, 1_000_000);
        } catch (FileFailedException e) {
            if (e.reason() != FileFailedException.Reason.NOT_FOUND) {
                throw e;
            }
            config = "";
        }
        return config;
    }

    @Test
    void missingFile() {
        assertEquals("", Sim.run(() -> config(directory.resolve("missing"))));
    }

    @Test
    void changes() {
        List<String> lines = Output.of(() -> run(() -> {
            try (FileChanges changes = FileChanges.watch(directory)) {
                spawn(() -> AsyncFiles.writeText(directory.resolve("app.conf"), "level = debug"));
                FileChange change = changes.take();                     // waits; in a loop: for (FileChange change : changes)
                IO.println(change.kind() + " " + change.path().getFileName());
            }
        }));
        assertEquals(List.of("CREATED app.conf"), lines);
    }

    @Test
    void oneProcessAtATime() {
        List<String> lines = Output.of(() -> Sim.run(() -> {
            try (FileMutex mutex = FileMutex.acquire(directory.resolve("deploy.lock"))) {
                IO.println("held by this process: "
                        + (FileMutex.holder(mutex.path()).getAsLong() == ProcessHandle.current().pid()));
            }
        }));
        assertEquals(List.of("held by this process: true"), lines);
    }
}
