package dev.heddle.os;

import dev.heddle.BrokenException;
import dev.heddle.BusyException;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.engine.Child;
import dev.heddle.engine.ExitStatus;
import dev.heddle.engine.SpawnRequest;
import dev.heddle.engine.SpawningEngine;
import dev.heddle.engine.Stdio;
import dev.heddle.internal.Throwables;
import dev.heddle.internal.sight.Kernel;
import dev.heddle.io.ByteStream;
import dev.heddle.io.LimitExceededException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A child process that runs another program: run to its end, or started and talked to.
 *
 * <pre>{@code
 * String head = Subprocess.run("git", "rev-parse", "HEAD").check().text().strip();
 *
 * try (Subprocess sort = Subprocess.start("sort")) {
 *     sort.stdin().write("b\na\n");
 *     sort.stdin().closeOutput();
 *     String first = sort.stdout().readLine(100).orElseThrow();
 * }
 * }</pre>
 *
 * <p>A command is a list of arguments that reach the program as they are; no shell looks at them but in {@link #shell}.
 * The program is looked for in the {@code PATH} of the environment that the options give. It gets its three standard
 * streams, no other descriptor of this process, and signals as a fresh process has them.
 *
 * <p>Cancellation: a process never outlives its handle. A call that is cancelled, or a block that is left, asks the
 * process to end (SIGTERM), kills it after the grace of its options, and returns when it has ended and nothing of it is
 * left in the system. What the process has started ends with it: its process group, and when it is killed all that is
 * below it; only what has begun a session of its own, setsid(2), is on its own. A process that never got a handle
 * closed ends with this JVM, whatever ends that, a SIGKILL as well, and so does what it has started. For one that shall
 * go on there is {@link SubprocessOptions#withDetached}.
 *
 * <p>Processes lead groups of their own on Linux, unless this JVM has a terminal, which serves one group only: then,
 * and on the portable engine, what has lost its parent is not found.
 *
 * <p>Threads: tasks of the loop that started it; each stream has one reader and one writer at a time.
 *
 * <p>To test code that uses it, let the command be a parameter and give it a small script; simulated loops start no
 * processes.
 */
public final class Subprocess implements AutoCloseable {

    private static final int SIGKILL = 9;
    private static final int SIGTERM = 15;

    private final List<String> command;
    private final SubprocessOptions options;
    private final Child child;
    private final Optional<ByteStream> stdin;
    private final Optional<ByteStream> stdout;
    private final Optional<ByteStream> stderr;
    private boolean closed;

    private Subprocess(List<String> command, SubprocessOptions options, Child child) {
        this.command = command;
        this.options = options;
        this.child = child;
        this.stdin = child.stdin().map(HalfTransport::writing);
        this.stdout = child.stdout().map(HalfTransport::reading);
        this.stderr = child.stderr().map(HalfTransport::reading);
    }

    /** The result of a process: how it ended and what it wrote. */
    public static final class Result {

        private final List<String> command;
        private final ExitStatus status;
        private final byte[] stdout;
        private final byte[] stderr;
        private final boolean outputEnded;

        Result(List<String> command, ExitStatus status, byte[] stdout, byte[] stderr, boolean outputEnded) {
            this.command = command;
            this.status = status;
            this.stdout = stdout;
            this.stderr = stderr;
            this.outputEnded = outputEnded;
        }

        /** What was run. */
        public List<String> command() {
            return command;
        }

        /** How it ended. */
        public ExitStatus status() {
            return status;
        }

        /** What it wrote to its standard output, if that was a pipe; the caller's own. */
        public byte[] stdout() {
            return stdout;
        }

        /** What it wrote to its standard error, if that was a pipe; the caller's own. */
        public byte[] stderr() {
            return stderr;
        }

        /** Whether both were read to their end; {@code false} if another process still keeps one open. */
        public boolean outputEnded() {
            return outputEnded;
        }

        /**
         * This result, if the process ended well.
         *
         * @throws SubprocessFailedException if it ended with another exit code than 0, or by a signal
         */
        public Result check() {
            if (!status.isSuccess()) {
                throw new SubprocessFailedException(this);
            }
            return this;
        }

        /** The exit code; 128 and the number of the signal that killed it. */
        public int code() {
            return status.code();
        }

        /** The standard output as UTF-8; malformed bytes become U+FFFD. */
        public String text() {
            return new String(stdout, StandardCharsets.UTF_8);
        }

        /** The standard error as UTF-8; malformed bytes become U+FFFD. */
        public String errorText() {
            return new String(stderr, StandardCharsets.UTF_8);
        }

        @Override
        public String toString() {
            return String.join(" ", command) + ": " + status;
        }
    }

    // ---- running to the end ----

    /** Runs a command with {@link SubprocessOptions#DEFAULT}, as {@link #run(SubprocessOptions, List)}. */
    public static Result run(String... command) {
        return run(SubprocessOptions.DEFAULT, List.of(command));
    }

    /** Runs a command, as {@link #run(SubprocessOptions, List)}. */
    public static Result run(SubprocessOptions options, String... command) {
        return run(options, List.of(command));
    }

    /**
     * Runs a command, gives it its input, collects its output and waits for its end. How it ended is for the caller to
     * look at: {@link Result#check} throws if it did not end well.
     *
     * <p>When the process has ended, but another that it started keeps its output open, all that the process wrote is
     * collected, and what comes within the drain of the options.
     *
     * <p>Cancellation: a cancelled call returns when the process has ended and is forgotten by the system.
     *
     * @param command the program and its arguments
     * @throws StartFailedException if it cannot be started
     * @throws LimitExceededException if it writes more than the options allow; it is killed
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public static Result run(SubprocessOptions options, List<String> command) {
        try (Subprocess process = start(options, command)) {
            return process.communicate();
        }
    }

    /**
     * Runs a line by the shell, with {@link SubprocessOptions#DEFAULT}, as {@link #shell(SubprocessOptions, String)}.
     */
    public static Result shell(String line) {
        return shell(SubprocessOptions.DEFAULT, line);
    }

    /**
     * Runs a line by {@code /bin/sh}, with its pipes, variables and wildcards; otherwise as {@link
     * #run(SubprocessOptions, List)}. Never build the line from what others give: they would run what they like. Pass
     * such values as variables of the environment.
     */
    public static Result shell(SubprocessOptions options, String line) {
        return run(options, List.of("/bin/sh", "-c", line));
    }

    // ---- starting ----

    /** Starts a command with {@link SubprocessOptions#PIPED}, as {@link #start(SubprocessOptions, List)}. */
    public static Subprocess start(String... command) {
        return start(SubprocessOptions.PIPED, List.of(command));
    }

    /** Starts a command, as {@link #start(SubprocessOptions, List)}. */
    public static Subprocess start(SubprocessOptions options, String... command) {
        return start(options, List.of(command));
    }

    /**
     * Starts a command. Whoever starts one closes it.
     *
     * <p>Cancellation: a cancelled call has started nothing, or gives what it has started.
     *
     * @param command the program and its arguments
     * @throws StartFailedException if it cannot be started
     * @throws IllegalArgumentException if an argument or a variable cannot be passed, since it has a NUL for instance
     * @throws UnsupportedOperationException if the engine of this loop starts no processes
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public static Subprocess start(SubprocessOptions options, List<String> command) {
        CancelScope.throwIfCancelled();
        SpawnRequest asked = request(Path.of(""), command, options);
        SpawningEngine engine = SpawningEngine.of(Heddle.currentLoop().engine());
        String name = asked.command().getFirst();
        Path executable = Heddle.offload(() -> {
            NamedPipes.refuse(name, asked.stdin(), asked.stdout(), asked.stderr());
            return Executables.find(name, options.directory(), options.environment());
        });
        try {
            Child child = engine.spawn(request(executable, command, options));
            return new Subprocess(asked.command(), options, child);
        } catch (IOException e) {
            throw new StartFailedException(name, StartFailedException.Reason.REFUSED, Throwables.describe(e), e);
        }
    }

    private static SpawnRequest request(Path executable, List<String> command, SubprocessOptions options) {
        return new SpawnRequest(executable, command, options.directory(), options.environment(), options.stdin(),
                options.stdout(), options.stderr(), options.ownGroup(), options.detached());
    }

    // ---- talking ----

    /**
     * What the process reads; {@link ByteStream#closeOutput} is the end of it.
     *
     * @throws IllegalStateException if its standard input is no pipe
     */
    public ByteStream stdin() {
        return stdin.orElseThrow(() -> noPipe("stdin", options.stdin()));
    }

    /**
     * What the process writes.
     *
     * @throws IllegalStateException if its standard output is no pipe
     */
    public ByteStream stdout() {
        return stdout.orElseThrow(() -> noPipe("stdout", options.stdout()));
    }

    /**
     * What the process writes to its standard error.
     *
     * @throws IllegalStateException if that is no pipe
     */
    public ByteStream stderr() {
        return stderr.orElseThrow(() -> noPipe("stderr", options.stderr()));
    }

    private IllegalStateException noPipe(String stream, Stdio stdio) {
        return new IllegalStateException(
                "the " + stream + " of " + this + " is no pipe but " + stdio + "; start it with Stdio.PIPE");
    }

    /**
     * Gives the process the input of its options, collects its output and waits for its end. A process that does not
     * read all its input is no failure.
     *
     * <p>Cancellation: a cancelled call leaves the process running; what was read is lost. If it was cut off inside the
     * input, a later call cannot go on with it.
     *
     * @throws LimitExceededException if it writes more than the options allow; it is killed
     * @throws BrokenException if an earlier call, or write, was cut off inside the input; it is killed
     * @throws BusyException if another task reads or writes one of its streams; it is killed
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public Result communicate() {
        CancelScope.throwIfCancelled();
        return new Communication(child, options, stdin, stdout, stderr).run(command);
    }

    // ---- the end ----

    /** The number of the process in the system. */
    public long pid() {
        return child.pid();
    }

    /**
     * Waits until the process has ended, whatever it still has to say: one that waits for its output to be read does
     * not end.
     *
     * <p>Cancellation: a cancelled call leaves the process running.
     *
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public ExitStatus await() {
        return child.await();
    }

    /** How the process ended; empty while it runs. Never waits. */
    public Optional<ExitStatus> status() {
        return child.status();
    }

    /**
     * Sends a signal by its name, as {@code HUP}, to its whole group if that was an option. Does nothing once the
     * process has ended.
     *
     * @throws IllegalArgumentException if this system has no such signal
     * @throws UnsupportedOperationException if the engine cannot send it; the portable one sends only {@code TERM} and
     *     {@code KILL}
     * @throws HeddleException if the system does not allow it, for a process that has become another user's
     */
    public void signal(String name) {
        signal(SignalNames.signal(name).getNumber());
    }

    /** Sends a signal by its number, as {@link #signal(String)}. */
    public void signal(int number) {
        if (!closed) {
            child.signal(number);
        }
    }

    /** Asks the process to end: SIGTERM. */
    public void terminate() {
        signal(SIGTERM);
    }

    /** Ends the process at once, with all that it has started: SIGKILL. */
    public void kill() {
        signal(SIGKILL);
    }

    /**
     * Ends the process if it runs: asks it to, kills it after the grace, waits for its end, and closes its streams.
     * While it ends, its output is read and thrown away, so that its last words do not stop it. What it has left behind
     * in its group is killed. No cancel cuts this short. A detached process goes on, and only its streams are closed.
     *
     * @throws HeddleException if the system does not allow to end it, since it has become another user's; it runs on
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        try {
            if (!options.detached()) {
                if (status().isEmpty()) {
                    Heddle.shield(() -> end());
                }
                child.signal(SIGKILL);
            }
        } finally {
            closed = true;
            stdin.ifPresent(ByteStream::close);
            stdout.ifPresent(ByteStream::close);
            stderr.ifPresent(ByteStream::close);
            child.close();
        }
    }

    private void end() {
        Heddle.group(g -> {
            List<ByteStream> outputs = new ArrayList<>();
            stdout.ifPresent(outputs::add);
            stderr.ifPresent(outputs::add);
            for (ByteStream output : outputs) {
                g.spawn("throw away " + output.remoteAddress(), () -> Communication.throwAway(output));
            }
            terminate();
            if (!Heddle.moveOnAfter(Kernel.withinStop(options.grace()), () -> {
                child.await();
            })) {
                kill();
                child.await();
            }
            g.cancel("the process has ended");
        });
    }

    /** {@code git 4711} and how it ended. */
    @Override
    public String toString() {
        String state = status().map(s -> ", " + s).orElse("");
        return command.getFirst() + " " + pid() + state;
    }
}
