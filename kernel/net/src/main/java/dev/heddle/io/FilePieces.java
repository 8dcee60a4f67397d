package dev.heddle.io;

import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.internal.Checks;
import dev.heddle.internal.Throwables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The file's side of {@link ByteStream#sendFile(FileChannel, long, long)}: reads it on worker threads, since a file
 * cannot tell when it is readable and a slow disk would keep the loop.
 */
final class FilePieces {

    /**
     * Big enough that the hop to a worker thread is cheap beside it, small enough for thousands of senders at a time.
     */
    static final int PIECE_BYTES = 64 * 1024;

    /** After so much has been read, the kernel may have what comes next in memory, and is asked again. */
    static final long RUN_BYTES = 1 << 20;

    private FilePieces() {}

    static void check(long position, long count) {
        Checks.notNegative("position", position);
        Checks.notNegative("count", count);
    }

    static ByteBuffer allocate(long count) {
        return ByteBuffer.allocate((int) Math.min(count, PIECE_BYTES));
    }

    /**
     * Fills a buffer with the next piece.
     *
     * <p>Cancellation: not heeded. It would interrupt the reading worker, and an interrupt closes a channel that is the
     * caller's.
     *
     * @return false if the file has ended
     */
    static boolean read(FileChannel file, long position, long most, ByteBuffer piece) {
        piece.clear().limit((int) Math.min(most, piece.capacity()));
        int count = Heddle.shield(() -> Heddle.offload(() -> {
            try {
                // pread(2) refuses an offset that no file could have.
                return position < file.size() ? file.read(piece, position) : -1;
            } catch (IOException e) {
                throw failure(file, e);
            }
        }));
        piece.flip();
        return count > 0;
    }

    static boolean endsAt(FileChannel file, long position) {
        try {
            return position >= file.size();
        } catch (IOException e) {
            throw failure(file, e);
        }
    }

    private static RuntimeException failure(FileChannel file, IOException e) {
        return file.isOpen()
                ? new UncheckedIOException("the file cannot be read: " + Throwables.describe(e), e)
                : new ClosedException("the file was closed while it was sent", e);
    }

    /** A file that was opened by its path, and is closed without a failure: it was only read. */
    record Opened(FileChannel channel) implements AutoCloseable {
        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                // The descriptor is gone either way.
            }
        }
    }

    static Opened open(Path file) {
        return Heddle.offload(() -> {
            try {
                if (Files.exists(file) && !Files.isRegularFile(file)) {
                    throw new FileSystemException(file.toString(), null, "not a regular file");
                }
                return new Opened(FileChannel.open(file, StandardOpenOption.READ));
            } catch (IOException e) {
                throw new UncheckedIOException("the file cannot be opened: " + e, e);
            }
        });
    }
}
