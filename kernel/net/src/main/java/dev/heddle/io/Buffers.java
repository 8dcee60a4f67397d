package dev.heddle.io;

import dev.heddle.io.internal.BufferPool;

/**
 * The off-heap and heap buffers that all streams of a loop share, seen from outside: for metrics, and for tests that no
 * stream keeps a buffer.
 *
 * <pre>{@code
 * assertEquals(0, Buffers.statistics().borrowed(), "a stream was left open with unread bytes");
 * }</pre>
 *
 * <p>Threads: tasks only; each loop has buffers of its own.
 *
 * <p>Cancellation: nothing here waits.
 */
public final class Buffers {

    private Buffers() {}

    /**
     * The buffers of the current loop, now.
     *
     * @throws IllegalStateException if called outside of a loop
     */
    public static BufferStatistics statistics() {
        BufferPool pool = BufferPool.current();
        return new Statistics(pool.borrowed(), pool.idle(), BufferPool.BUFFER_BYTES);
    }

    /** What the statistics are, at one moment. */
    record Statistics(int borrowed, int idle, int bufferBytes) implements BufferStatistics {}
}
