package dev.heddle.file;

import dev.heddle.Action;
import dev.heddle.CancelScope;
import dev.heddle.Heddle;
import dev.heddle.TaskFailedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.Callable;

/**
 * The work with files, which blocks, on worker threads; its failures come out as {@link FileFailedException}.
 *
 * <p>An interrupt closes the channel that a thread works with (java.nio.channels.InterruptibleChannel), and a cancel
 * interrupts an offloaded body. For a channel that the body opened itself that is just right, and {@link #call} lets it
 * happen. A channel that lives on must not see it: {@link #finish} keeps interrupts away, and so is for short steps
 * only.
 */
final class FileWork {

    /** The most bytes of one step: what a cancel waits for, and what the JDK keeps off the heap for each worker. */
    static final int MAX_STEP_BYTES = 1024 * 1024;

    private FileWork() {}

    /**
     * Does work that owns all it touches. A cancel interrupts it and waits for its end.
     *
     * @param doing what fails, if it does: {@code read} or {@code copy}
     */
    static <T> T call(String doing, Path path, Callable<T> body) {
        CancelScope.throwIfCancelled();
        try {
            return Heddle.offload(body);
        } catch (TaskFailedException | UncheckedIOException e) {
            throw failure(doing, path, e);
        }
    }

    /** Does a short step to its end, also in a cancelled scope: who calls it has looked whether there is a cancel. */
    static <T> T finish(String doing, Path path, Callable<T> step) {
        try {
            return Heddle.shield(() -> Heddle.<T>offload(() -> uninterrupted(step)));
        } catch (TaskFailedException | UncheckedIOException e) {
            throw failure(doing, path, e);
        }
    }

    /** Does a short step without a result to its end. */
    static void finish(String doing, Path path, Action step) {
        FileWork.<Boolean>finish(doing, path, () -> {
            step.run();
            return true;
        });
    }

    /** In a simulation the body runs in the task itself, whose interrupt may be set by code of users. */
    private static <T> T uninterrupted(Callable<T> step) throws Exception {
        boolean interrupted = Thread.interrupted();
        try {
            return step.call();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static RuntimeException failure(String doing, Path path, RuntimeException e) {
        return e.getCause() instanceof IOException cause ? new FileFailedException(doing, path, cause) : e;
    }

    /**
     * Refuses all but regular files, and nothing at all: opening a FIFO waits for its other end where no cancel
     * reaches, and a device is no file. Blocks.
     */
    static void requireRegularOrAbsent(Path path) throws IOException {
        try {
            if (!Files.readAttributes(path, BasicFileAttributes.class).isRegularFile()) {
                throw new FileSystemException(path.toString(), null, FileFailedException.NOT_REGULAR);
            }
        } catch (NoSuchFileException e) {
            // What the caller does next makes it, or says so.
        }
    }

    /** Refuses all but directories, and nothing at all: the JDK would open a FIFO to see that it is none. Blocks. */
    static void requireDirectoryOrAbsent(Path path) throws IOException {
        if (Files.exists(path) && !Files.isDirectory(path)) {
            throw new NotDirectoryException(path.toString());
        }
    }
}
