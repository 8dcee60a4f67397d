package dev.heddle.os;

import dev.heddle.engine.Stdio;
import dev.heddle.internal.Checks;
import dev.heddle.io.LimitExceededException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * The options of a subprocess.
 *
 * @param directory where it starts; empty for the directory of this process
 * @param environment all its variables; by default those of this process
 * @param stdin its standard input
 * @param stdout its standard output
 * @param stderr its standard error
 * @param input what {@link Subprocess#communicate} and {@link Subprocess#run} give it to read if {@code stdin} is a
 *     pipe
 * @param maxOutputBytes the most bytes that are collected of its output, and the same of its standard error; at least 0
 * @param keepsTail what happens to more: {@code false} kills it with a {@link LimitExceededException}, {@code true}
 *     keeps the last bytes and forgets those before
 * @param grace how long it is given to end when it is asked to, before it is killed; zero or more
 * @param drain how long its output is read on after its end while another process, such as a child of its own, keeps it
 *     open; zero or more; the portable engine may have it end with the process
 * @param ownGroup whether it leads a process group of its own that all signals reach as a whole, not only the last one;
 *     engines of Linux only
 * @param detached whether it may outlive its handle and this process, as a daemon does: in a session of its own, and
 *     {@link Subprocess#close} leaves it running; engines of Linux only
 */
public record SubprocessOptions(
        Path directory,
        Map<String, String> environment,
        Stdio stdin,
        Stdio stdout,
        Stdio stderr,
        ByteBuffer input,
        int maxOutputBytes,
        boolean keepsTail,
        Duration grace,
        Duration drain,
        boolean ownGroup,
        boolean detached) {

    /**
     * What {@link Subprocess#run} takes: nothing to read, both outputs collected, 16 MiB of each at most; 5 seconds of
     * grace, 1 second of drain.
     */
    public static final SubprocessOptions DEFAULT = new SubprocessOptions(
            Path.of(""),
            System.getenv(),
            Stdio.DISCARD,
            Stdio.PIPE,
            Stdio.PIPE,
            ByteBuffer.allocate(0),
            16 * 1024 * 1024,
            false,
            Duration.ofSeconds(5),
            Duration.ofSeconds(1),
            false,
            false);

    /**
     * What {@link Subprocess#start} takes: as {@link #DEFAULT}, but its input and output are pipes, and its standard
     * error is that of this process, since a pipe that nobody reads stops the writer.
     */
    public static final SubprocessOptions PIPED = DEFAULT.withStdin(Stdio.PIPE).withStderr(Stdio.INHERIT);

    public SubprocessOptions {
        environment = Map.copyOf(environment);
        input = input.asReadOnlyBuffer();
        Checks.atLeast("maxOutputBytes", maxOutputBytes, 0);
        if (grace.isNegative() || drain.isNegative()) {
            throw new IllegalArgumentException(
                    "grace is " + grace + " and drain is " + drain + ", must not be negative");
        }
    }

    /** These options with another directory. */
    public SubprocessOptions withDirectory(Path directory) {
        return new SubprocessOptions(directory, environment, stdin, stdout, stderr, input, maxOutputBytes, keepsTail,
                grace, drain, ownGroup, detached);
    }

    /** These options with another environment: these variables and no others. */
    public SubprocessOptions withEnvironment(Map<String, String> environment) {
        return new SubprocessOptions(directory, environment, stdin, stdout, stderr, input, maxOutputBytes, keepsTail,
                grace, drain, ownGroup, detached);
    }

    /** These options with one more variable, or another value of it. */
    public SubprocessOptions withVariable(String name, String value) {
        Map<String, String> changed = new HashMap<>(environment);
        changed.put(name, value);
        return withEnvironment(changed);
    }

    /** These options without a variable. */
    public SubprocessOptions withoutVariable(String name) {
        Map<String, String> changed = new HashMap<>(environment);
        changed.remove(name);
        return withEnvironment(changed);
    }

    /** These options with another standard input. */
    public SubprocessOptions withStdin(Stdio stdin) {
        return new SubprocessOptions(directory, environment, stdin, stdout, stderr, input, maxOutputBytes, keepsTail,
                grace, drain, ownGroup, detached);
    }

    /** These options with another standard output. */
    public SubprocessOptions withStdout(Stdio stdout) {
        return new SubprocessOptions(directory, environment, stdin, stdout, stderr, input, maxOutputBytes, keepsTail,
                grace, drain, ownGroup, detached);
    }

    /** These options with another standard error. */
    public SubprocessOptions withStderr(Stdio stderr) {
        return new SubprocessOptions(directory, environment, stdin, stdout, stderr, input, maxOutputBytes, keepsTail,
                grace, drain, ownGroup, detached);
    }

    /** These options with bytes to read, by a pipe. */
    public SubprocessOptions withInput(byte[] input) {
        return new SubprocessOptions(
                directory, environment, Stdio.PIPE, stdout, stderr, ByteBuffer.wrap(input.clone()), maxOutputBytes,
                keepsTail, grace, drain, ownGroup, detached);
    }

    /** These options with a text to read, as UTF-8, by a pipe. */
    public SubprocessOptions withInput(String input) {
        return withInput(input.getBytes(StandardCharsets.UTF_8));
    }

    /** These options with another bound of what is collected, beyond which the process is killed. */
    public SubprocessOptions withMaxOutput(int maxOutputBytes) {
        return new SubprocessOptions(directory, environment, stdin, stdout, stderr, input, maxOutputBytes, false, grace,
                drain, ownGroup, detached);
    }

    /** These options with only the last bytes collected, however many there are. */
    public SubprocessOptions withTail(int maxOutputBytes) {
        return new SubprocessOptions(directory, environment, stdin, stdout, stderr, input, maxOutputBytes, true, grace,
                drain, ownGroup, detached);
    }

    /** These options with another grace. */
    public SubprocessOptions withGrace(Duration grace) {
        return new SubprocessOptions(directory, environment, stdin, stdout, stderr, input, maxOutputBytes, keepsTail,
                grace, drain, ownGroup, detached);
    }

    /** These options with another drain. */
    public SubprocessOptions withDrain(Duration drain) {
        return new SubprocessOptions(directory, environment, stdin, stdout, stderr, input, maxOutputBytes, keepsTail,
                grace, drain, ownGroup, detached);
    }

    /** These options with or without a process group of its own. */
    public SubprocessOptions withOwnGroup(boolean ownGroup) {
        return new SubprocessOptions(directory, environment, stdin, stdout, stderr, input, maxOutputBytes, keepsTail,
                grace, drain, ownGroup, detached);
    }

    /** These options for a process that may outlive its handle and this process, or for one that may not. */
    public SubprocessOptions withDetached(boolean detached) {
        return new SubprocessOptions(directory, environment, stdin, stdout, stderr, input, maxOutputBytes, keepsTail,
                grace, drain, ownGroup, detached);
    }

    /** Without the environment and the input: they are where secrets lie. */
    @Override
    public String toString() {
        return "SubprocessOptions[directory=" + directory + ", stdin=" + stdin + ", stdout=" + stdout + ", stderr="
                + stderr
                + ", maxOutputBytes=" + maxOutputBytes + ", keepsTail=" + keepsTail + ", grace=" + grace + ", drain="
                + drain
                + ", ownGroup=" + ownGroup + ", detached=" + detached + "]";
    }
}
