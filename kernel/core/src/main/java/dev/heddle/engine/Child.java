package dev.heddle.engine;

import dev.heddle.CancelledException;
import dev.heddle.HeddleException;
import java.util.Optional;

/**
 * A child process that an engine started.
 *
 * <p>Unless it is {@linkplain SpawnRequest#detached detached}, it ends with this process, whatever ends that, and takes
 * with it what it has started: its group if it leads one, and what is below it in its session.
 *
 * <p>Threads: tasks of the engine's loop.
 */
public interface Child extends AutoCloseable {

    /** Its number in the system; another process may have it some time after this one has ended. */
    long pid();

    /** The writing end of its standard input; empty if that is no pipe. Reading it is refused. */
    Optional<Transport> stdin();

    /** The reading end of its standard output; empty if that is no pipe. Writing it is refused. */
    Optional<Transport> stdout();

    /** The reading end of its standard error; empty if that is no pipe. Writing it is refused. */
    Optional<Transport> stderr();

    /**
     * Waits until the process has ended. Several tasks may wait.
     *
     * <p>Cancellation: a cancelled call leaves the process as it is.
     *
     * @throws CancelledException if the enclosing scope is cancelled
     */
    ExitStatus await();

    /** How the process ended; empty while it runs. Never waits. */
    Optional<ExitStatus> status();

    /**
     * Sends a signal; to its whole group if it was to lead one. SIGKILL takes all that it has started, but for a
     * detached process. Does nothing once the process has ended, but that SIGKILL ends what is left of its group: the
     * signal never reaches another process that got its number.
     *
     * @throws IllegalArgumentException if the system knows no such signal
     * @throws UnsupportedOperationException if this engine cannot send it
     * @throws HeddleException if the system does not allow it, for a process that has become another user's
     */
    void signal(int signal);

    /**
     * Frees what is held for the process: its pipes and, once it has ended, its place in the system's table. Does not
     * end it: what runs now may outlive this process. Nothing may be asked of a closed child but {@link #pid} and
     * {@link #status}.
     */
    @Override
    void close();
}
