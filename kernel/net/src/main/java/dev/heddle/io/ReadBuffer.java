package dev.heddle.io;

import dev.heddle.engine.Transport;
import dev.heddle.io.internal.BufferPool;
import dev.heddle.io.internal.CoopBudget;
import dev.heddle.io.internal.TransportRules;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The read buffer of a stream: bytes taken from its transport that nobody has taken from the stream. Owns the borrowed
 * buffer.
 *
 * <pre>
 *   NONE ──bytes come──▶ pooled ──more than fits──▶ grown, on the heap
 *     ◀───all taken───────┘  ◀──the rest fits again──┘
 * </pre>
 *
 * <p>Where bytes have come in bulk, filling the buffer, the next one is a large one, if there is one: so a long body is
 * passed on in few steps.
 *
 * <p>All reading methods gather here before they take anything, so one that is cancelled or fails has lost nothing. A
 * buffer that somebody outside may still look at never goes back to the pool while they look.
 */
final class ReadBuffer {

    /** The most bytes moved into the heap by one step, so that the system's copy of them stays small. */
    static final int MAX_STEP_BYTES = 64 * 1024;

    /** What fits into an array on every JVM. */
    private static final int MAX_ARRAY_BYTES = Integer.MAX_VALUE - 8;

    private static final ByteBuffer NONE = ByteBuffer.allocate(0);

    private final Transport transport;
    private @Nullable BufferPool pool;

    /** The unread bytes, from position to limit. */
    private ByteBuffer unread = NONE;

    /** The array under the unread bytes where they have outgrown the pool's buffers. */
    private byte @Nullable [] grown;

    private boolean lent;
    private boolean drained;

    /** Whether bytes come in bulk. */
    private boolean bulk;

    /** Reads in a row that brought nothing. */
    private int early;

    private long read;

    ReadBuffer(Transport transport) {
        this.transport = transport;
    }

    int size() {
        return unread.remaining();
    }

    /** How many bytes have come. */
    long read() {
        return read;
    }

    /** The unread byte at an index from 0. */
    byte at(int index) {
        return unread.get(unread.position() + index);
    }

    /** Lends the buffer itself, until the next call. */
    ByteBuffer lend() {
        if (unread == NONE) {
            // Shared by all: nothing but its order can be changed by whoever gets it.
            return NONE.order(ByteOrder.BIG_ENDIAN);
        }
        lent = true;
        return unread;
    }

    /** Ends a loan, and gives back a buffer that the borrower has emptied. */
    void endLoan() {
        lent = false;
        dropIfEmpty();
    }

    /**
     * Waits for more bytes and appends what there is.
     *
     * @param wanted how many unread bytes the caller can use in all, more than there are; the buffer never grows beyond
     *     it
     * @return false if the peer has ended the stream
     */
    boolean more(int wanted, CoopBudget pace) {
        try {
            while (true) {
                awaitIfDrained(pace);
                makeRoom(wanted);
                int count = append();
                if (count != 0) {
                    return count > 0;
                }
            }
        } finally {
            dropIfEmpty();
        }
    }

    private int append() {
        int start = unread.position();
        int end = unread.limit();
        unread.limit(unread.capacity()).position(end);
        try {
            int count = step(unread);
            bulk = !unread.hasRemaining() || count > BufferPool.BUFFER_BYTES;
            return count;
        } finally {
            unread.limit(unread.position()).position(start);
        }
    }

    /** Waits for bytes and reads them past the buffer, which is empty. */
    int readInto(ByteBuffer target, CoopBudget pace) {
        while (true) {
            awaitIfDrained(pace);
            int count = step(target);
            if (count != 0) {
                return count;
            }
        }
    }

    private int step(ByteBuffer target) {
        int limit = target.limit();
        int offered = target.isDirect() ? target.remaining() : Math.min(target.remaining(), MAX_STEP_BYTES);
        target.limit(target.position() + offered);
        try {
            int count = TransportRules.tryRead(transport, target);
            drained = count >= 0 && count < offered;
            early = count == 0 ? TransportRules.countEarly(transport, early, "awaitReadable()") : 0;
            read += Math.max(0, count);
            return count;
        } finally {
            target.limit(limit);
        }
    }

    /**
     * A read that came short has seen all there was: asking the system again before it tells of more would be for
     * nothing.
     */
    private void awaitIfDrained(CoopBudget pace) {
        if (drained) {
            shrink();
            transport.awaitReadable();
            drained = false;
            pace.waited();
        }
    }

    private void makeRoom(int wanted) {
        if (unread == NONE) {
            unread = (bulk ? pool().borrowForBulk() : pool().borrow()).limit(0);
        } else if (unread.limit() == unread.capacity()) {
            if (unread.position() > 0) {
                unread.compact().flip();
            } else {
                grow(wanted);
            }
        }
    }

    private void grow(int wanted) {
        int capacity = (int) Math.min(Math.min(wanted, MAX_ARRAY_BYTES), 2L * unread.capacity());
        if (capacity <= unread.capacity()) {
            throw new LimitExceededException("the gathered data", MAX_ARRAY_BYTES);
        }
        byte[] bigger = new byte[capacity];
        replace(ByteBuffer.wrap(bigger));
        grown = bigger;
    }

    /** Moves up to the target's room of the unread bytes into it. */
    int moveTo(ByteBuffer target) {
        int count = Math.min(target.remaining(), unread.remaining());
        target.put(target.position(), unread, unread.position(), count);
        target.position(target.position() + count);
        unread.position(unread.position() + count);
        settle();
        return count;
    }

    /** Takes the first bytes, all of which are there. */
    byte[] take(int count) {
        byte[] whole = grown;
        if (whole != null && whole.length == count && unread.remaining() == count) {
            unread = NONE;
            grown = null;
            return whole;
        }
        byte[] bytes = new byte[count];
        unread.get(bytes);
        settle();
        return bytes;
    }

    /** Holds no more than the bytes need. */
    private void settle() {
        if (!unread.hasRemaining()) {
            drop();
        } else if (grown != null) {
            shrink();
        }
    }

    /** Holds no more than the bytes need, also of the pool's buffers. */
    private void shrink() {
        dropIfEmpty();
        if (unread.capacity() > BufferPool.BUFFER_BYTES && unread.remaining() <= BufferPool.BUFFER_BYTES) {
            replace(pool().borrow());
        }
    }

    private void replace(ByteBuffer other) {
        other.put(unread).flip();
        drop();
        unread = other;
    }

    private void dropIfEmpty() {
        if (!unread.hasRemaining()) {
            drop();
        }
    }

    /** Lets go of the buffer and of any bytes in it. */
    void drop() {
        if (unread == NONE) {
            return;
        }
        if (grown == null && lent && unread.hasRemaining()) {
            pool().forget(unread);
        } else if (grown == null) {
            pool().release(unread);
        }
        unread = NONE;
        grown = null;
        lent = false;
    }

    private BufferPool pool() {
        if (pool == null) {
            pool = BufferPool.current();
        }
        return pool;
    }
}
