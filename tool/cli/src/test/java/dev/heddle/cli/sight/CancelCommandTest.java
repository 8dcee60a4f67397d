package dev.heddle.cli.sight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.cli.CommandLine;
import dev.heddle.cli.command.Exit;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A task of another process is cancelled where that process allows it, and nowhere else. */
final class CancelCommandTest {

    private static final String PROGRAM = """
            run(() -> {
                Task<?> slow = spawn("slow", () -> sleep(Duration.ofHours(1)));
                IO.println("ready");
                IO.println(slow.awaitOutcome());
            });""";

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "1 2 3", "x 2", "0 2", "-- -1 2", "1 0", "1 x", "1 /", "1 loop/", "1 loop/x",
            "1 -2"})
    void wrongWordsAreWrongUsage(String words) {
        String line = ("cancel " + words).strip();
        CommandLine run = CommandLine.run(line.split(" "));

        assertEquals(Exit.USAGE, run.exit(), run.err());
        assertTrue(run.err().contains("Try: heddle cancel --help"), run.err());
    }

    @Test
    @Tag("full")
    void taskIsCancelledWhereTheProgramAllowsIt(@TempDir Path directory) throws Exception {
        try (ObservedPrograms programs = new ObservedPrograms(directory)) {
            Process program = programs.start(PROGRAM, "-Dheddle.observe=acts");
            String pid = Long.toString(program.pid());

            assertEquals(
                    "heddle cancel: process " + pid
                            + " says: there is no task 99: it has ended, or its loop does not answer\n",
                    programs.heddle("cancel", pid, "99").err());
            CommandLine run = programs.heddle("cancel", "--reason", "too slow", pid, "loop/2");
            assertEquals(Exit.FINE, run.exit(), run.err());
            assertEquals("told task 2 of loop: slow\n", run.out());
            String end = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(end.contains("too slow"), end);
            assertEquals(0, program.waitFor());
        }
    }

    @Test
    @Tag("full")
    void programThatDoesNotAllowItSaysHowItWould(@TempDir Path directory) throws Exception {
        try (ObservedPrograms programs = new ObservedPrograms(directory)) {
            Process program = programs.start(PROGRAM);
            CommandLine run = programs.heddle("cancel", Long.toString(program.pid()), "2");

            assertEquals(Exit.NOT_ALL, run.exit());
            assertTrue(run.err().contains("it lets tools act if it is started with -Dheddle.observe=acts"), run.err());
            assertTrue(program.isAlive());
        }
    }
}
