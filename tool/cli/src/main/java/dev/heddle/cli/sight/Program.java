package dev.heddle.cli.sight;

import dev.heddle.cli.command.FailureException;
import dev.heddle.observe.internal.LineChannel;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A running program that has a socket to be asked at.
 *
 * <p>Threads: any.
 */
public record Program(long pid, Path socket) {

    /** How long a program may take to answer, or to go on with its answer: loops that hang are given up after a second. */
    private static final long PATIENCE_MILLIS = TimeUnit.SECONDS.toMillis(5);

    /**
     * Asks a program.
     *
     * @param verb what for
     * @param arguments by their names; {@code every} has the answer come again and again, so many milliseconds apart
     * @return the answer, which is still to be read
     * @throws FailureException if the program does not answer: its message says what can be seen from outside
     */
    public ProgramAnswer ask(String verb, Map<String, String> arguments) {
        return ask(verb, arguments, PATIENCE_MILLIS);
    }

    /**
     * The same.
     *
     * @param patienceMillis how long it may take to answer, or to go on with its answer, beside what was asked for
     */
    ProgramAnswer ask(String verb, Map<String, String> arguments, long patienceMillis) {
        if (ProcessFacts.of(pid).filter(facts -> !facts.isStopped()).isEmpty()) {
            throw failure("it is stopped, or has ended", null);
        }
        try {
            long pause = Long.parseLong(arguments.getOrDefault("every", "0"))
                    + Long.parseLong(arguments.getOrDefault("over", "0"));
            LineChannel channel = LineChannel.open(socket, LineChannel.request(verb, arguments), patienceMillis);
            return new ProgramAnswer(this, channel, patienceMillis + pause);
        } catch (IOException e) {
            throw failure(String.valueOf(e.getMessage()), e);
        }
    }

    /** A file of the program, which may have other files than we, as in a container. */
    Path file(String path) {
        Path root = Path.of("/proc/" + pid + "/root");
        return socket.startsWith(root) ? Path.of(root + path) : Path.of(path);
    }

    /** Why it gives no answer, with what can be seen of it from outside. */
    FailureException failure(String why, @Nullable Throwable cause) {
        String text = ProcessFacts.of(pid)
                .map(facts -> this + (facts.isStopped()
                        ? " is stopped, by SIGSTOP or a debugger; kill -CONT " + pid + " lets it go on"
                        : cause instanceof SocketTimeoutException
                                ? " does not answer; jcmd " + pid + " Thread.print may tell why"
                                : cause instanceof ConnectException ? " does not listen any more" : ": " + why)
                        + "\nFrom outside: " + facts.words())
                .orElse(this + " has ended");
        return cause == null ? new FailureException(text) : new FailureException(text, cause);
    }

    @Override
    public String toString() {
        return "process " + pid;
    }
}
