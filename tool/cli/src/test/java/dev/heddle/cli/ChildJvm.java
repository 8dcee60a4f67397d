package dev.heddle.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The program in a process of its own, for what only a process has: exit codes, signals, pipes, a terminal. */
public final class ChildJvm implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 50;

    public final Process process;
    private final BufferedReader out;
    private final BufferedReader err;

    private ChildJvm(Process process) {
        this.process = process;
        this.out = process.inputReader(UTF_8);
        this.err = new BufferedReader(new InputStreamReader(process.getErrorStream(), UTF_8));
    }

    /** The words that start the program. */
    public static List<String> command(String... words) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(words));
        return command;
    }

    /** Starts the program. */
    public static ChildJvm start(String... words) throws IOException {
        return new ChildJvm(new ProcessBuilder(command(words)).start());
    }

    /** Starts the program, its loops on an engine. */
    public static ChildJvm startOn(String engine, String... words) throws IOException {
        var builder = new ProcessBuilder(command(words));
        builder.environment().put("HEDDLE_ENGINE", engine);
        return new ChildJvm(builder.start());
    }

    /** Starts the program in a shell line, in which it is called {@code $heddle}, in an empty directory. */
    public static ChildJvm shell(Path directory, String line, String... words) throws IOException {
        Path program = directory.resolve("program");
        StringBuilder script = new StringBuilder("exec");
        for (String word : command()) {
            script.append(" '").append(word).append('\'');
        }
        Files.writeString(program, script + " \"$@\"\n");
        List<String> command = new ArrayList<>(List.of("bash", "-c", "heddle='bash " + program + "'; " + line, "bash"));
        command.addAll(List.of(words));
        return new ChildJvm(
                new ProcessBuilder(command).directory(directory.toFile()).start());
    }

    /** Waits for a line of the standard error that holds this text. */
    public String awaitErr(String part) throws IOException {
        return await(err, part);
    }

    /** Waits for a line of the standard output that holds this text. */
    public String awaitOut(String part) throws IOException {
        return await(out, part);
    }

    private static String await(BufferedReader reader, String part) throws IOException {
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            if (line.contains(part)) {
                return line;
            }
        }
        throw new AssertionError("the output ended without \"" + part + "\"");
    }

    public void signal(String name) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
        if (kill.waitFor() != 0) {
            throw new AssertionError("kill failed");
        }
    }

    /** Waits for the end and gives the exit code with what was not read before. */
    public CommandLine end() throws Exception {
        process.getOutputStream().close();
        String restOut = rest(out);
        String restErr = rest(err);
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("the program does not end");
        }
        return new CommandLine(process.exitValue(), restOut, restErr);
    }

    private static String rest(BufferedReader reader) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int c = reader.read(); c >= 0; c = reader.read()) {
            text.append((char) c);
        }
        return text.toString();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
