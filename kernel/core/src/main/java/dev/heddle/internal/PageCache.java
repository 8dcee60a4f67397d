package dev.heddle.internal;

import java.nio.channels.FileChannel;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The system's memory of files: what is in it can be read on a loop's own thread, without waiting for a disk or a
 * network.
 *
 * <p>No symbolic link is followed, in no part of a path, whoever changes it meanwhile.
 */
public interface PageCache extends AutoCloseable {

    /** When nothing was changed: there is no file. */
    Instant NO_FILE = Instant.MIN;

    /**
     * A regular file as it was when it was read.
     *
     * @param modified when it was changed last
     * @param size in bytes
     * @param content all of it; nothing if it is longer than was wanted
     * @param file a longer one, open, and the reader's to close; else null
     */
    @SuppressWarnings("ArrayRecordComponent") // made for one reader, who takes it over
    record Snapshot(Instant modified, long size, byte[] content, @Nullable FileChannel file) {}

    /**
     * Whether a regular file may be tried: its file system is a local one that can tell what would have to be waited
     * for. Blocks; for worker threads.
     *
     * @param path absolute, in the bytes of the system, without a zero
     */
    boolean isTryable(byte[] path);

    /**
     * Reads a file whole, or opens one that is longer, of which maybe nothing is in memory. Never waits. For the
     * loop's thread, and files that were found to be regular and tryable before: what has come into their place is
     * opened before it is looked at.
     *
     * @param path absolute, in the bytes of the system, without a zero
     * @param maxBytes of a file that is read
     * @return null if a worker thread has to look: what is there is not in memory, no regular file, or not there
     */
    @Nullable Snapshot read(byte[] path, int maxBytes);

    /**
     * When a file was changed last. Never waits, and opens nothing, whatever is there. For the loop's thread.
     *
     * @param path absolute, in the bytes of the system, without a zero
     * @return {@link #NO_FILE} if nothing is there; null if a worker thread has to look
     */
    @Nullable Instant modified(byte[] path);

    @Override
    void close();
}
