package dev.heddle.file;

import dev.heddle.Backoff;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.Waiter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A lock that processes of one machine share by the name of a file. The kernel drops it with the process that holds it,
 * so it is never stale, however the process ended.
 *
 * <pre>{@code
 * try (FileMutex lock = FileMutex.acquire(Path.of("/run/app/deploy.lock"))) { ... }
 *
 * Optional<FileMutex> mine = FileMutex.tryAcquire(file);
 * if (mine.isEmpty()) { exit("already running as process " + FileMutex.holder(file)); }
 * }</pre>
 *
 * <p>The file is made if it is not there, holds the number of the process that has the lock, and stays when the lock is
 * released: who removes it while somebody waits only makes the waiting one begin anew. It belongs to this class: on
 * POSIX systems a process loses the lock when any other code of it opens and closes the file (fcntl(2), "Record
 * locks"). The lock is advisory, and works over network file systems only as far as they keep such locks.
 *
 * <p>Inside of one process it excludes as well, but does not know tasks: who holds it has the object. Among the tasks
 * of a process a {@link dev.heddle.sync.Mutex} is fairer and cheaper.
 *
 * <p>The system tells nobody that such a lock is free, so who waits looks again and again, at first every 5 ms and at
 * last every 200 ms. So it is not fair.
 *
 * <p>Cancellation: a cancelled call does not hold it and leaves nothing open.
 *
 * <p>Threads: any task. To test code that uses it, take the lock in the test: two of one process exclude each other
 * too.
 */
public final class FileMutex implements AutoCloseable {

    /** The pauses between two looks. */
    private static final Backoff PAUSES = new Backoff(Duration.ofMillis(5), Duration.ofMillis(200), 0);

    private final Path path;
    private final LockRegistry.Held held;
    private boolean closed;

    private FileMutex(Path path, LockRegistry.Held held) {
        this.path = path;
        this.held = held;
    }

    /**
     * Waits until nobody else holds the lock, and holds it. For a deadline, call it inside {@link
     * Heddle#timeout(Duration, java.util.concurrent.Callable)}.
     *
     * <p>Cancellation: a cancelled call does not hold it and leaves nothing open.
     *
     * @param file the lock's name; symbolic links are followed
     * @return what holds it, until it is closed
     * @throws FileFailedException if the file cannot be made or opened for reading and writing
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     */
    public static FileMutex acquire(Path file) {
        var pause = new Waiter("file mutex " + file);
        for (int looks = 1;; looks++) {
            Optional<FileMutex> mutex = tryAcquire(file);
            if (mutex.isPresent()) {
                return mutex.get();
            }
            pause.awaitWithin(PAUSES.delay(looks));
        }
    }

    /**
     * Waits until nobody else holds the lock, but not longer than told.
     *
     * <p>Cancellation: a cancelled call does not hold it and leaves nothing open.
     *
     * @param limit zero or less only tries
     * @return what holds it; empty if the time is over
     * @throws FileFailedException as {@link #acquire}
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public static Optional<FileMutex> acquireWithin(Path file, Duration limit) {
        Optional<FileMutex> mutex = tryAcquire(file);
        return mutex.isPresent() || !limit.isPositive() ? mutex : Heddle.moveOnAfter(limit, () -> acquire(file));
    }

    /**
     * Holds the lock if nobody else does; waits for the disk, but for nobody who holds it.
     *
     * <p>Cancellation: a cancelled call does not hold it and leaves nothing open.
     *
     * @return what holds it; empty if somebody else does
     * @throws FileFailedException as {@link #acquire}
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public static Optional<FileMutex> tryAcquire(Path file) {
        CancelScope.throwIfCancelled();
        return FileWork.finish("lock", file, () -> LockRegistry.tryHold(file).map(held -> new FileMutex(file, held)));
    }

    /**
     * Tells which process holds the lock just now; it may be this one. Looking takes a free lock for a moment, in which
     * a {@link #tryAcquire} of another process may fail.
     *
     * <p>Cancellation: a cancelled call leaves nothing open.
     *
     * @return the number of the process; empty if nobody holds the lock, or who does has not said
     * @throws FileFailedException if the file cannot be opened for reading and writing
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public static OptionalLong holder(Path file) {
        CancelScope.throwIfCancelled();
        return FileWork.finish("look into", file, () -> LockRegistry.holder(file));
    }

    /** The lock's name. */
    public Path path() {
        return path;
    }

    /** Releases the lock; waits for the disk, also in a cancelled scope. Does nothing the second time. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            FileWork.finish("unlock", path, () -> LockRegistry.release(held));
        }
    }

    @Override
    public String toString() {
        return "FileMutex[" + path + (closed ? ", released]" : "]");
    }
}
