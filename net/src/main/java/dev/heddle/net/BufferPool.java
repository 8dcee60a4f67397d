package dev.heddle.net;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The buffers that the streams of one loop share: a stream borrows one while it holds bytes, so an idle connection costs
 * none.
 *
 * <p>Borrowing never waits, since a stream that waits for a buffer of another stream could wait for itself. Instead only
 * the off-heap buffers are bounded; what is needed beyond them lives on the heap and goes with the garbage.
 *
 * <p>Threads: tasks of one loop.
 */
final class BufferPool {

    /** The room of each buffer. */
    static final int BUFFER_BYTES = 16 * 1024;

    /** The most off-heap buffers of a loop. */
    static final int MAX_DIRECT = 256;

    private static final LoopLocal<BufferPool> POOLS = new LoopLocal<>(BufferPool::new);

    private final ByteBuffer[] idle = new ByteBuffer[MAX_DIRECT];
    private int idleCount;
    private int directCount;
    private int borrowed;

    BufferPool() {}

    /** The current loop's pool. */
    static BufferPool current() {
        return POOLS.get();
    }

    /** An empty buffer with {@link #BUFFER_BYTES} of room: position 0, limit at the end. */
    ByteBuffer borrow() {
        borrowed++;
        if (idleCount > 0) {
            return idle[--idleCount].clear().order(ByteOrder.BIG_ENDIAN);
        }
        if (directCount < MAX_DIRECT) {
            directCount++;
            return ByteBuffer.allocateDirect(BUFFER_BYTES);
        }
        return ByteBuffer.allocate(BUFFER_BYTES);
    }

    /** Takes a buffer back; nobody else may still look at it. */
    void release(ByteBuffer buffer) {
        borrowed--;
        if (buffer.isDirect()) {
            idle[idleCount++] = buffer;
        }
    }

    /** Gives up a buffer that somebody may still look at: it is never used again. */
    void forget(ByteBuffer buffer) {
        borrowed--;
        if (buffer.isDirect()) {
            directCount--;
        }
    }

    /** How many buffers are out: zero when all streams are idle or closed. */
    int borrowed() {
        return borrowed;
    }

    /** How many buffers lie ready. */
    int idle() {
        return idleCount;
    }
}
