package dev.heddle.http.server;

import dev.heddle.http.internal.codec.BufferStack;
import java.nio.ByteBuffer;

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
    private int lent;

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
}
