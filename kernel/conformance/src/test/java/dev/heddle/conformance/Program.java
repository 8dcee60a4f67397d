package dev.heddle.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.Heddle;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program of others that is running beside a test, and ends with it. What it prints is in files. */
final class Program implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 30;

    private final Process process;
    private final Path output;
    private final Path errors;

    private Program(Process process, Path output, Path errors) {
        this.process = process;
        this.output = output;
        this.errors = errors;
    }

    /** Where an executable is; a test that has none is left out. */
    static String find(String name) {
        for (String directory : List.of("/usr/bin", "/bin", "/usr/local/bin")) {
            Path path = Path.of(directory, name);
            if (Files.isExecutable(path)) {
                return path.toString();
            }
        }
        assumeTrue(false, name + " is not installed");
        return name;
    }

    static Program start(List<String> command, byte[] input) throws IOException {
        Path in = temporary();
        Files.write(in, input);
        Path output = temporary();
        Path errors = temporary();
        Process process = new ProcessBuilder(command)
                .redirectInput(in.toFile())
                .redirectOutput(Redirect.to(output.toFile()))
                .redirectError(Redirect.to(errors.toFile()))
                .start();
        Files.delete(in);
        return new Program(process, output, errors);
    }

    private static Path temporary() throws IOException {
        return Files.createTempFile("heddle-program", "");
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    void signal(String name) throws Exception {
        int exit = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start().waitFor();
        assertEquals(0, exit, "kill -" + name);
    }

    /** Waits, blocking, for its end. */
    int exitCode() throws InterruptedException {
        return process.waitFor();
    }

    /** What it has printed so far. */
    byte[] printed() throws IOException {
        return Files.readAllBytes(output);
    }

    /** Waits in a task for a good end, and gives all that was printed. */
    byte[] output() {
        boolean ended = Heddle.offload(() -> process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertTrue(ended, () -> this + " does not end");
        assertEquals(0, process.exitValue(), this::toString);
        return Heddle.offload(() -> Files.readAllBytes(output));
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly().onExit().join();
        Files.delete(output);
        Files.delete(errors);
    }

    @Override
    public String toString() {
        try {
            return process.info().commandLine().orElse("program " + pid()) + ": "
                    + Files.readString(errors, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "program " + pid() + ", " + e;
        }
    }
}
