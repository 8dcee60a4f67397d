package dev.heddle.internal;

import org.jspecify.annotations.Nullable;

/**
 * The system's memory of files: what is in it can be read on a loop's own thread, without waiting for a disk or a
 * network.
 *
 * <p>No symbolic link is followed, in no part of a path, whoever changes it meanwhile.
 */
public interface PageCache extends AutoCloseable {

    /**
     * A regular file as it was when it was read.
     *
     * @param seconds of the epoch when it was changed last
     * @param nanos of that second
     */
    @SuppressWarnings("ArrayRecordComponent") // made for one reader, who takes it over
    record Snapshot(long seconds, int nanos, byte[] content) {}

    /**
     * Whether a regular file may be tried: its file system is a local one that can tell what would have to be waited
     * for. Blocks; for worker threads.
     *
     * @param path absolute, in the bytes of the system, without a zero
     */
    boolean isTryable(byte[] path);

    /**
     * Reads a file whole. Never waits. For the loop's thread, and files that were found to be regular and tryable
     * before: what has come into their place is opened before it is looked at.
     *
     * @param path absolute, in the bytes of the system, without a zero
     * @param maxBytes of a file that is wanted
     * @return null if a worker thread has to look: what is there is not in memory, longer, no regular file, or not
     *     there
     */
    @Nullable Snapshot read(byte[] path, int maxBytes);

    @Override
    void close();
}
