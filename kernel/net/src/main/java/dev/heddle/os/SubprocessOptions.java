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
 */
public final class SubprocessOptions {

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

    private final Path directory;
    private final Map<String, String> environment;
    private final Stdio stdin;
    private final Stdio stdout;
    private final Stdio stderr;
    private final ByteBuffer input;
    private final int maxOutputBytes;
    private final boolean keepsTail;
    private final Duration grace;
    private final Duration drain;
    private final boolean ownGroup;
    private final boolean detached;

    private SubprocessOptions(Path directory, Map<String, String> environment, Stdio stdin, Stdio stdout, Stdio stderr,
            ByteBuffer input, int maxOutputBytes, boolean keepsTail, Duration grace, Duration drain, boolean ownGroup,
            boolean detached) {
        environment = Map.copyOf(environment);
        input = input.asReadOnlyBuffer();
        Checks.atLeast("maxOutputBytes", maxOutputBytes, 0);
        if (grace.isNegative() || drain.isNegative()) {
            throw new IllegalArgumentException(
                    "grace is " + grace + " and drain is " + drain + ", must not be negative");
        }
        this.directory = directory;
        this.environment = environment;
        this.stdin = stdin;
        this.stdout = stdout;
        this.stderr = stderr;
        this.input = input;
        this.maxOutputBytes = maxOutputBytes;
        this.keepsTail = keepsTail;
        this.grace = grace;
        this.drain = drain;
        this.ownGroup = ownGroup;
        this.detached = detached;
    }

    /** Where it starts; empty for the directory of this process. */
    public Path directory() {
        return directory;
    }

    /** All its variables; by default those of this process. */
    public Map<String, String> environment() {
        return environment;
    }

    /** Its standard input. */
    public Stdio stdin() {
        return stdin;
    }

    /** Its standard output. */
    public Stdio stdout() {
        return stdout;
    }

    /** Its standard error. */
    public Stdio stderr() {
        return stderr;
    }

    /** What {@link Subprocess#communicate} and {@link Subprocess#run} give it to read if {@code stdin} is a pipe. */
    public ByteBuffer input() {
        return input;
    }

    /** The most bytes that are collected of its output, and the same of its standard error; at least 0. */
    public int maxOutputBytes() {
        return maxOutputBytes;
    }

    /**
     * What happens to more: {@code false} kills it with a {@link LimitExceededException}, {@code true} keeps the last
     * bytes and forgets those before.
     */
    public boolean keepsTail() {
        return keepsTail;
    }

    /** How long it is given to end when it is asked to, before it is killed; zero or more. */
    public Duration grace() {
        return grace;
    }

    /**
     * How long its output is read on after its end while another process, such as a child of its own, keeps it open;
     * zero or more; the portable engine may have it end with the process.
     */
    public Duration drain() {
        return drain;
    }

    /**
     * Whether it leads a process group of its own that all signals reach as a whole, not only the last one; engines of
     * Linux only.
     */
    public boolean ownGroup() {
        return ownGroup;
    }

    /**
     * Whether it may outlive its handle and this process, as a daemon does: in a session of its own, and {@link
     * Subprocess#close} leaves it running; engines of Linux only.
     */
    public boolean detached() {
        return detached;
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
