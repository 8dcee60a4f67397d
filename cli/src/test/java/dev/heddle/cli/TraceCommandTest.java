package dev.heddle.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code heddle trace} writes what a running program does into a file. */
@Tag("full") // a program that is recorded for some tenths of a second
final class TraceCommandTest {

    private static final String PID = String.valueOf(ProcessHandle.current().pid());

    @TempDir
    private Path directory;

    @Test
    void runningProgramIsRecordedForATime() throws IOException {
        Path file = directory.resolve("trace.json");
        CommandLine run;
        try (Loop loop = Loop.start(Config.DEFAULT.withName("ticking"))) {
            loop.spawn("tick", () -> {
                while (true) {
                    Heddle.sleep(Duration.ofMillis(1));
                }
            });
            run = CommandLine.run("trace", "-o", file.toString(), PID, "300ms");
        }
        assertEquals(0, run.exit(), run.err());
        assertTrue(run.err().startsWith("wrote " + file + ": "), run.err());
        String trace = Files.readString(file);
        assertTrue(trace.startsWith("{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n{\"kind\":\"event\",\"ph\":"),
                trace);
        assertTrue(trace.endsWith("}\n]}\n"), trace);
        assertTrue(trace.contains("\"args\":{\"name\":\"tick\"}"), trace);
    }

    @Test
    void timeAloneHasItsUnit() {
        CommandLine run = CommandLine.run("trace", "11m");
        assertEquals(2, run.exit());
        assertTrue(run.err().contains("the time is from 1ms to 10m"), run.err());
        assertEquals(2, CommandLine.run("trace", "1", "2", "3").exit());
    }
}
