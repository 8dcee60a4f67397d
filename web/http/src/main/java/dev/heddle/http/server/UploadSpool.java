package dev.heddle.http.server;

import dev.heddle.CancelScope;
import dev.heddle.Heddle;
import dev.heddle.TaskFailedException;
import dev.heddle.file.FileFailedException;
import dev.heddle.file.FileFailedException.Reason;
import dev.heddle.http.StatusException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The uploaded files of one request that do not stay in memory, one behind the other in one file without a name: it is
 * removed from its directory as soon as it is open, where the system can, so that even a killed process leaves nothing.
 *
 * <p>An interrupt would close the channel, so the steps, which are short, are done to their end.
 */
final class UploadSpool implements AutoCloseable {

    /** Most causes that are looked at: they may be each other's. */
    private static final int MAX_CAUSES = 20;

    private final Callable<FileChannel> open;
    private @Nullable FileChannel channel;
    private long size;
    private boolean closed;

    UploadSpool(Path directory) {
        this(() -> openIn(directory));
    }

    /** With another file, for tests. */
    UploadSpool(Callable<FileChannel> open) {
        this.open = open;
    }

    private static FileChannel openIn(Path directory) throws IOException {
        Path file = Files.createTempFile(directory, "heddle-", ".upload");
        try {
            return FileChannel.open(
                    file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    /** How many bytes there are: where the next ones go. */
    long size() {
        return size;
    }

    /**
     * Writes bytes at the end.
     *
     * <p>Cancellation: a cancelled call has written nothing.
     *
     * @throws StatusException 507 if the disk is full
     */
    void append(byte[] bytes, int count) {
        ByteBuffer source = ByteBuffer.wrap(bytes, 0, count);
        step(to -> {
            while (source.hasRemaining()) {
                to.write(source, size + source.position());
            }
            return count;
        });
        size += count;
    }

    /**
     * Reads some bytes.
     *
     * <p>Cancellation: a cancelled call has read nothing.
     */
    int read(long position, byte[] target, int offset, int count) {
        return step(from -> from.read(ByteBuffer.wrap(target, offset, count), position));
    }

    /** One step with the open file. */
    @FunctionalInterface
    private interface Step {
        int with(FileChannel channel) throws IOException;
    }

    private int step(Step step) {
        CancelScope.throwIfCancelled();
        if (closed) {
            throw new IllegalStateException("the request is over, and its files are gone");
        }
        try {
            return finish(() -> step.with(opened()));
        } catch (IOException e) {
            if (isFull(e)) {
                ServerLog.uploadFailed(e);
                throw new StatusException(507, "there is no room for the files");
            }
            throw new UncheckedIOException("cannot store an uploaded file: " + e, e);
        }
    }

    private static int finish(Callable<Integer> step) throws IOException {
        try {
            return Heddle.shield(() -> Heddle.offload(step));
        } catch (TaskFailedException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw e;
        }
    }

    private FileChannel opened() throws IOException {
        FileChannel there = channel;
        if (there == null) {
            try {
                there = open.call();
            } catch (IOException | RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IOException(e);
            }
            channel = there;
        }
        return there;
    }

    /** Whether a failure, or a cause of it, is that of a disk without room, or of a quota that is used up. */
    static boolean isFull(Throwable failure) {
        Throwable e = failure;
        for (int depth = 0; e != null && depth < MAX_CAUSES; depth++) {
            if (e instanceof IOException io
                    && new FileFailedException("store", Path.of(""), io).reason() == Reason.NO_SPACE) {
                return true;
            }
            e = e.getCause();
        }
        return false;
    }

    /** Ends the use of the file, also in a cancelled scope. Does nothing the second time. */
    @Override
    public void close() {
        FileChannel there = channel;
        if (!closed && there != null) {
            closed = true;
            try {
                finish(() -> {
                    there.close();
                    return 0;
                });
            } catch (IOException e) {
                ServerLog.uploadFailed(e);
            }
        }
        closed = true;
    }
}
