package dev.heddle.observe.internal.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Config;
import dev.heddle.Loop;
import dev.heddle.internal.sight.Kernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program that always records writes the last seconds by itself when there is trouble, once for each. */
final class BlackBoxTest {

    @TempDir
    private Path directory;

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }

    @Test
    void troubleIsWrittenOnceWithWhatCameBefore() throws IOException {
        try (var box = new BlackBox(directory);
                Loop loop = Loop.start(Config.DEFAULT.withFailureHandler((what, failure) -> {}))) {
            loop.spawn("before the trouble", () -> {}).join();
            Kernel.trouble("task x holds the loop");
            Kernel.trouble("task x still holds the loop");
            box.awaitFile();
            assertEquals(1, files().size());
            ChromeTrace trace = ChromeTrace.read(files().getFirst());
            assertTrue(trace.tracks().contains("before the trouble"), trace.tracks()::toString);
        }
    }

    @Test
    void loopThatComesDownIsTrouble() throws IOException {
        try (var box = new BlackBox(directory)) {
            Loop loop = Loop.create(Config.DEFAULT.withName("down"));
            loop.spawn("last", () -> {});
            loop.step(java.time.Duration.ZERO);
            Kernel.trouble("down failed below its tasks");
            loop.close();
            box.awaitFile();
            assertTrue(ChromeTrace.read(files().getFirst()).tracks().contains("last"));
        }
    }

    @Test
    void withoutADirectoryNothingIsWritten() throws IOException {
        try (var box = new BlackBox(null)) {
            Kernel.trouble("task x holds the loop");
            box.awaitFile();
            assertEquals(List.of(), files());
        }
    }
}
