package dev.heddle.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs programs in the system's Python, where it is installed. */
final class Python {

    private static final Path PROGRAM = Path.of("/usr/bin/python3");

    private Python() {}

    /** Skips the test without Python or one of the modules. Blocks. */
    static void assumeHas(String... modules) throws Exception {
        assumeTrue(Files.isExecutable(PROGRAM), "Python is not installed");
        Process probe = start("import " + String.join(", ", modules));
        probe.getInputStream().readAllBytes();
        assumeTrue(probe.waitFor() == 0, () -> "Python does not have " + List.of(modules));
    }

    /** What a program prints, line by line. Blocks until it has ended, and fails if it failed. */
    static List<String> linesOf(String source, String... arguments) throws Exception {
        Process process = start(source, arguments);
        try {
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, process.waitFor(), out);
            return out.lines().toList();
        } finally {
            process.destroyForcibly();
        }
    }

    /** Begins to run a program; what it prints, errors too, is for the caller to read. */
    static Process start(String source, String... arguments) throws IOException {
        var options = new ArrayList<>(List.of("-c", source));
        options.addAll(List.of(arguments));
        return start(options, Map.of());
    }

    /** Begins to run a program that stands in a file, as it is; else as the other. */
    static Process startFile(Path file, Map<String, String> environment) throws IOException {
        return start(List.of(file.toString()), environment);
    }

    private static Process start(List<String> options, Map<String, String> environment) throws IOException {
        var command = new ArrayList<>(List.of(PROGRAM.toString(), "-u", "-W", "ignore"));
        command.addAll(options);
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("NO_PROXY", "*");
        builder.environment().putAll(environment);
        return builder.start();
    }
}
