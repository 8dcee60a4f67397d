package dev.heddle.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.cli.command.Command;
import dev.heddle.cli.command.Exit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each shell completes the commands and their options. */
final class CompletionCommandTest {

    /** What bash offers for a line, by its own completion. */
    private static List<String> offered(Path directory, String... words) throws IOException, InterruptedException {
        Path script = directory.resolve("heddle.bash");
        CommandLine printed = CommandLine.run("completion", "bash");
        Files.writeString(script, printed.out());
        String line = "source \"$1\"; shift; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); _heddle; printf '%s\\n' \"${COMPREPLY[@]}\"";
        List<String> command = new ArrayList<>(List.of("bash", "-c", line, "bash", script.toString(), "heddle"));
        command.addAll(List.of(words));
        Process bash = new ProcessBuilder(command).redirectErrorStream(true).start();
        String answer = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, bash.waitFor(), answer);
        return answer.lines().filter(it -> !it.isEmpty()).toList();
    }

    @Test
    void bashCompletesCommands(@TempDir Path directory) throws Exception {
        assertEquals(List.of("fetch"), offered(directory, "fe"));
        assertTrue(offered(directory, "").containsAll(List.of("demo", "fetch", "serve", "bench", "run")));
    }

    @Test
    void bashCompletesTheOptionsOfTheCommand(@TempDir Path directory) throws Exception {
        assertEquals(List.of("--header", "--help"), offered(directory, "fetch", "--he"));
        assertEquals(List.of("--log", "--loops"), offered(directory, "serve", "--lo"));
    }

    @Test
    void whatIsNoOptionIsLeftToTheShell(@TempDir Path directory) throws Exception {
        assertEquals(List.of(), offered(directory, "fetch", "htt"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh", "fish"})
    void eachShellIsToldOfEachOptionOfEachCommand(String shell) {
        String script = CommandLine.run("completion", shell).out();
        for (Command command : Commands.listed()) {
            assertTrue(script.contains(command.name()), command.name());
            for (HelpText.Option option : new HelpText(command.help()).options()) {
                String word = shell.equals("fish") ? " -l " + option.word().substring(2) : option.word();
                assertTrue(script.contains(word), command.name() + " " + option.word());
            }
        }
    }

    @Test
    void unknownShellIsNamed() {
        CommandLine wrong = CommandLine.run("completion", "tcsh");
        assertEquals(Exit.USAGE, wrong.exit());
        assertTrue(wrong.err().contains("unknown shell tcsh; known are bash, zsh, fish"), wrong.err());
    }
}
