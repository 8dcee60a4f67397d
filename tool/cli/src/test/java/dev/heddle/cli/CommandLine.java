package dev.heddle.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heddle.cli.command.CommandStreams;
import dev.heddle.cli.command.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.List;

/** Runs a command in this process and keeps what it printed. */
public record CommandLine(int exit, String out, String err) {

    public static CommandLine run(String... words) {
        return runWithInput("", words);
    }

    public static CommandLine runWithInput(String input, String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        CommandStreams stdio = new CommandStreams(new ByteArrayInputStream(input.getBytes(UTF_8)), out, err,
                Terminal.NONE);
        int exit = Main.run(List.of(words), stdio);
        return new CommandLine(exit, out.toString(UTF_8), err.toString(UTF_8));
    }

    public List<String> lines() {
        return out.lines().toList();
    }
}
