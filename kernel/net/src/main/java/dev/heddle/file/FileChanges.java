package dev.heddle.file;

import dev.heddle.BusyException;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * The changes in a directory, told as they happen (on Linux by inotify(7)).
 *
 * <pre>{@code
 * try (FileChanges changes = FileChanges.watch(Path.of("/etc/app"))) {
 *     for (FileChange change : changes) { reload(change.path()); }
 * }
 *
 * var options = WatchOptions.DEFAULT.withRecursive(true).withQuiet(Duration.ofMillis(100));
 * try (FileChanges changes = FileChanges.watch(Path.of("src"), options)) {
 *     while (true) { build(changes.takeAll()); }             // once after each burst of changes
 * }
 * }</pre>
 *
 * <p>Changes of one path that were not taken yet are told as one: a file that was made and written to was made, and one
 * that came and went is not told at all. What comes into a new directory just while its watch begins may be told twice.
 * When too much has changed, {@link FileChange.Kind#OVERFLOWED} says so instead: then look yourself.
 *
 * <p>The watch ends when the directory is removed: its own {@code DELETED} is the last change. That the directory is
 * renamed is not seen. To watch a single file, watch its directory: who saves a file mostly replaces it.
 *
 * <p>Every watch takes one of the user's inotify instances, and every directory one of its watches; where there are
 * none left, a {@link FileFailedException} with the reason {@code TOO_MANY_OPEN} says which limit to raise.
 *
 * <p>Cancellation: a cancelled call has taken no change.
 *
 * <p>Threads: tasks of one loop, one that takes at a time; another gets a {@link BusyException}. Any of them may close.
 * To test code that uses it, change files in a {@link TempPath}, not in a simulation: its time does not wait for the
 * kernel.
 */
public final class FileChanges implements Iterable<FileChange>, AutoCloseable {

    /** Changes that do not end are held back for this many times of quiet, and no longer. */
    private static final int MAX_QUIETS = 10;

    private final Path root;
    private final WatchOptions options;
    private final WatchService service;
    private final PendingChanges pending;
    private final WatchedTree tree;

    private boolean busy;
    private boolean closed;
    private boolean gone;

    private FileChanges(Path root, WatchOptions options, WatchService service) {
        this.root = root;
        this.options = options;
        this.service = service;
        this.pending = new PendingChanges(root, options.maxPending());
        this.tree = new WatchedTree(service, root, options.recursive(), pending);
    }

    /** Watches a directory with {@link WatchOptions#DEFAULT}, as {@link #watch(Path, WatchOptions)}. */
    public static FileChanges watch(Path directory) {
        return watch(directory, WatchOptions.DEFAULT);
    }

    /**
     * Begins to watch a directory. What changes after this call has returned is told.
     *
     * <p>Cancellation: a cancelled call watches nothing.
     *
     * @throws FileFailedException if there is no such directory, it or one to be watched below cannot be read, or no
     *     more can be watched
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public static FileChanges watch(Path directory, WatchOptions options) {
        return FileWork.call("watch", directory, () -> {
            WatchService service = directory.getFileSystem().newWatchService();
            try {
                var changes = new FileChanges(directory, options, service);
                changes.tree.start();
                return changes;
            } catch (IOException | RuntimeException e) {
                service.close();
                throw e;
            }
        });
    }

    /**
     * Takes the next change, waiting while there is none.
     *
     * <p>Cancellation: a cancelled call has taken no change.
     *
     * @throws ClosedException if this is closed, before or while waiting, or the directory is gone and all changes are
     *     taken
     * @throws FileFailedException if a new directory below cannot be watched; its changes are not told, all others are
     */
    public FileChange take() {
        requireNext();
        return pending.takeFirst();
    }

    /**
     * Takes all changes there are, waiting while there is none.
     *
     * <p>Cancellation: a cancelled call has taken no change.
     *
     * @return at least one, in the order in which the paths first changed
     * @throws ClosedException as {@link #take}
     * @throws FileFailedException as {@link #take}
     */
    public List<FileChange> takeAll() {
        requireNext();
        return pending.takeAll();
    }

    /**
     * Takes until this is closed or the directory is gone. {@code hasNext} waits; several iterators share the changes.
     */
    @Override
    public Iterator<FileChange> iterator() {
        return new Changes();
    }

    /**
     * Ends the watch; a task that waits gets a {@link ClosedException}, an iteration ends. Does nothing the second
     * time.
     */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            FileWork.finish("stop watching", root, service::close);
        }
    }

    @Override
    public String toString() {
        return "FileChanges[" + root + (closed ? ", closed]" : gone ? ", gone]" : "]");
    }

    private void requireNext() {
        if (!awaitNext()) {
            throw new ClosedException(
                    closed ? this + " was closed" : root + " is gone, so nothing in it changes any more");
        }
    }

    /** Waits for a change; false if none can come. */
    private boolean awaitNext() {
        CancelScope.throwIfCancelled();
        if (busy) {
            throw new BusyException("another task is waiting for changes in " + root);
        }
        busy = true;
        try {
            while (!closed && !gone && pending.isEmpty()) {
                absorb(awaitKey());
                holdBack();
            }
            return !closed && !pending.isEmpty();
        } catch (ClosedWatchServiceException e) {
            return false;
        } finally {
            busy = false;
        }
    }

    /** Waits as the JDK does, which suspends the task only; a cancel interrupts that. */
    private WatchKey awaitKey() {
        try {
            return service.take();
        } catch (InterruptedException e) {
            CancelScope.throwIfCancelled();
            Thread.currentThread().interrupt();
            throw new CancelledException("interrupted while waiting for changes in " + root, e);
        }
    }

    /** To its end: the events of a key that was taken are nowhere else. */
    private void absorb(WatchKey key) {
        try {
            FileWork.finish("watch", root, () -> tree.absorb(key));
        } finally {
            gone = tree.isGone();
        }
    }

    private void holdBack() {
        Duration quiet = options.quiet();
        if (quiet.isZero()) {
            return;
        }
        Heddle.moveOnAfter(quiet.multipliedBy(MAX_QUIETS), () -> {
            Optional<WatchKey> more = Heddle.moveOnAfter(quiet, service::take);
            while (more.isPresent()) {
                absorb(more.get());
                more = pending.isFull() ? Optional.empty() : Heddle.moveOnAfter(quiet, service::take);
            }
        });
    }

    private final class Changes implements Iterator<FileChange> {
        @Override
        public boolean hasNext() {
            return awaitNext();
        }

        @Override
        public FileChange next() {
            if (!awaitNext()) {
                throw new NoSuchElementException("no more changes: " + FileChanges.this);
            }
            return pending.takeFirst();
        }
    }
}
