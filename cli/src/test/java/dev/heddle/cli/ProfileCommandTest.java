package dev.heddle.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code heddle profile} writes what a running program works for, as the files that are asked for. */
@Tag("full") // samples take their time
final class ProfileCommandTest {

    private static final String PID = String.valueOf(ProcessHandle.current().pid());

    @TempDir
    private Path directory;

    @Test
    void runningProgramGivesAGraphStacksAndTheRecording() throws IOException {
        Path graph = directory.resolve("profile.html");
        Path stacks = directory.resolve("profile.txt");
        Path recording = directory.resolve("profile.jfr");
        CommandLine run;
        try (Loop loop = Loop.start(Config.DEFAULT)) {
            loop.spawn("busy 17", () -> {
                while (true) {
                    Heddle.checkpoint();
                }
            });
            run = CommandLine.run(
                    "profile", "-o", graph.toString(), "-o", stacks.toString(), "-o", recording.toString(), PID, "2s");
        }
        assertEquals(0, run.exit(), run.err());
        assertEquals(3, run.err().lines().filter(line -> line.startsWith("wrote ")).count(), run.err());
        assertTrue(Files.readString(graph).contains("\"busy #\""));
        assertTrue(Files.readString(stacks).lines().anyMatch(line -> line.startsWith("busy #;")));
        assertTrue(Files.size(recording) > 0);
    }

    @Test
    void fileNeedsAName() {
        assertEquals(2, CommandLine.run("profile", "-o", "", PID, "1s").exit());
    }
}
