package dev.heddle.cli.sight;

import dev.heddle.cli.command.FailureException;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;

/**
 * The processes that waits lead through: a program, then the child processes whose bodies are waited for there, and so
 * on, each once.
 *
 * <p>Threads: one at a time.
 */
public final class WaitedProcesses {

    private final Program program;
    private final Queue<Long> left = new ArrayDeque<>();
    private final Set<Long> seen = new HashSet<>();

    public WaitedProcesses(Program program) {
        this.program = program;
        add(program.pid());
    }

    /** Notes where a line of the waits of one of them leads. */
    public void follow(Line line) {
        if (line.has("pid")) {
            add(line.number("pid"));
        }
    }

    private void add(long pid) {
        if (seen.add(pid)) {
            left.add(pid);
        }
    }

    /** The next one that is to be asked, the program itself first; empty if there is none by now. */
    public OptionalLong next() {
        return left.isEmpty() ? OptionalLong.empty() : OptionalLong.of(left.remove());
    }

    /**
     * One of them, to be asked.
     *
     * @throws FailureException if it has ended meanwhile, or cannot be observed
     */
    public Program find(long pid) {
        return pid == program.pid() ? program : Programs.find(pid);
    }

    /** The line of JSON that stands before what a child process tells. */
    public static String head(long pid) {
        return "{\"kind\":\"process\",\"pid\":" + pid + "}";
    }
}
