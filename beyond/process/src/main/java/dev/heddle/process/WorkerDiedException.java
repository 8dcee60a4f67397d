package dev.heddle.process;

import dev.heddle.HeddleException;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The failure of work whose process ended before it had a result: it was killed, crashed, called exit, ended its
 * connection, or sent what is no message. The message has its name, process id, exit and last lines.
 */
public final class WorkerDiedException extends HeddleException {

    private static final long serialVersionUID = 1;

    private static final int SIGNALLED = 128;

    private final String worker;
    private final long pid;
    private final @Nullable Integer exitCode;
    private final List<String> lastLines;

    WorkerDiedException(
            String worker,
            long pid,
            String what,
            @Nullable Integer exitCode,
            List<String> lastLines,
            @Nullable Throwable cause) {
        super(message(worker, pid, what, exitCode, lastLines), cause);
        this.worker = worker;
        this.pid = pid;
        this.exitCode = exitCode;
        this.lastLines = List.copyOf(lastLines);
    }

    private static String message(
            String worker, long pid, String what, @Nullable Integer exitCode, List<String> lines) {
        String exit = exitCode == null ? "" : ", " + exit(exitCode);
        String last = lines.isEmpty() ? "" : "; its last lines:\n    " + String.join("\n    ", lines);
        return worker + " (process " + pid + ") " + what + exit + last;
    }

    private static String exit(int code) {
        return switch (code - SIGNALLED) {
            case 4 -> "by signal 4 (SIGILL)";
            case 6 -> "by signal 6 (SIGABRT)";
            case 7 -> "by signal 7 (SIGBUS)";
            case 8 -> "by signal 8 (SIGFPE)";
            case 9 -> "by signal 9 (SIGKILL: somebody or the out-of-memory killer)";
            case 11 -> "by signal 11 (SIGSEGV)";
            case 15 -> "by signal 15 (SIGTERM)";
            case -SIGNALLED -> "exit code 0, or one that is not known since somebody else took it";
            default -> "exit code " + code;
        };
    }

    /** The name of the worker. */
    public String worker() {
        return worker;
    }

    /** The process id that it had. */
    public long pid() {
        return pid;
    }

    /**
     * Its exit code, 128 and the number for a signal; empty if it had to be given up before it was told. 0 may also mean
     * that somebody else in this JVM took it from the system, such as native code that waits for any child: Java says 0
     * then.
     */
    public OptionalInt exitCode() {
        return exitCode == null ? OptionalInt.empty() : OptionalInt.of(exitCode);
    }

    /** The last lines of its standard error, at most 20. */
    public List<String> lastLines() {
        return lastLines;
    }
}
