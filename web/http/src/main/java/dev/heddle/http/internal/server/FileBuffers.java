package dev.heddle.http.internal.server;

import dev.heddle.http.internal.codec.BufferStack;
import java.nio.ByteBuffer;
import java.util.function.BiConsumer;

/**
 * Buffers for the pieces of files that a worker thread reads. For the tasks of one loop.
 *
 * <p>A piece stays with its transfer until the peer has taken it, and a peer may take minutes. So large buffers, of
 * which one visit to a worker thread gets much, are lent to few transfers at a time, and the others get small ones:
 * thousands of slow readers must not eat the memory.
 */
final class FileBuffers {

    /** Bytes that one visit to a worker thread reads of a large file. */
    static final int LARGE_BYTES = 128 * 1024;

    static final int SMALL_BYTES = 16 * 1024;

    /** Most large ones that are lent. */
    static final int MAX_LARGE = 64;

    private static final int MAX_IDLE = 8;

    private final BufferStack large = new BufferStack(LARGE_BYTES, MAX_IDLE);
    private final BiConsumer<FileContent, Throwable> log;
    private int lent;

    /** @param log hears of files that cannot be read */
    FileBuffers(BiConsumer<FileContent, Throwable> log) {
        this.log = log;
    }

    /** An empty buffer, to be given back. */
    ByteBuffer take() {
        if (lent == MAX_LARGE) {
            return ByteBuffer.allocate(SMALL_BYTES);
        }
        ByteBuffer buffer = large.take(LARGE_BYTES);
        lent++;
        return buffer;
    }

    void give(ByteBuffer buffer) {
        if (buffer.capacity() == LARGE_BYTES) {
            lent--;
            large.give(buffer);
        }
    }

    /** What becomes of a piece of a file; the buffer is good for the call only. */
    @FunctionalInterface
    interface Pieces {

        /**
         * Takes all of a piece.
         *
         * @param read how much of the part has been read with it
         */
        void take(ByteBuffer piece, long read);
    }

    /**
     * Has worker threads read a part of a file, piece by piece; false if it is shorter than when it was opened, or
     * cannot be read, of which the log tells.
     */
    boolean read(ResponseBody.FilePart part, Pieces pieces) {
        ByteBuffer piece = take();
        try {
            long read = 0;
            while (read < part.length()) {
                piece.clear().limit((int) Math.min(piece.capacity(), part.length() - read));
                if (part.file().read(piece, part.offset() + read) < 0) {
                    return false;
                }
                read += piece.flip().remaining();
                pieces.take(piece, read);
            }
            return true;
        } catch (FileContent.ReadFailedException e) {
            log.accept(part.file(), e);
            return false;
        } finally {
            give(piece);
        }
    }
}
