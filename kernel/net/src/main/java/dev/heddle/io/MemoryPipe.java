package dev.heddle.io;

import dev.heddle.BrokenException;
import dev.heddle.engine.WaitSlot;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One direction of an in-memory pair: a bounded ring of bytes with a writing and a reading end.
 *
 * <pre>
 *   flowing ──writer ends──▶ ended: the reader takes what is left, then reads the end
 *      │──reader closes────▶ unread: the writer's bytes have nowhere to go, it is broken
 *      └──either aborts────▶ reset: the reader takes what is left, then both are broken
 * </pre>
 *
 * <p>An end that is closed by its own side is refused by {@link MemoryTransport} before it comes here.
 */
final class MemoryPipe {

    private final int capacity;
    private final String name;
    private final WaitSlot readable;
    private final WaitSlot writable;

    /** Made with the first byte, so that an unused direction costs none. */
    private byte @Nullable [] ring;

    private int head;
    private int count;
    private boolean ended;
    private boolean readerGone;
    private boolean reset;

    /**
     * @param capacity the most bytes that lie in it, at least 1
     */
    MemoryPipe(String name, int capacity) {
        this.name = name;
        this.capacity = capacity;
        this.readable = new WaitSlot("reading " + name);
        this.writable = new WaitSlot("writing " + name);
    }

    int read(ByteBuffer target) {
        byte[] bytes = ring;
        if (count == 0 || bytes == null) {
            if (ended) {
                return -1;
            }
            throwIfReset();
            return 0;
        }
        int wanted = Math.min(target.remaining(), count);
        int beforeWrap = Math.min(wanted, capacity - head);
        target.put(bytes, head, beforeWrap).put(bytes, 0, wanted - beforeWrap);
        head = (head + wanted) % capacity;
        count -= wanted;
        writable.wake();
        return wanted;
    }

    int write(ByteBuffer source) {
        throwIfReset();
        if (readerGone) {
            throw new BrokenException(name + ": the peer has closed the stream");
        }
        byte[] bytes = ring;
        if (bytes == null) {
            bytes = new byte[capacity];
            ring = bytes;
        }
        int offered = Math.min(source.remaining(), capacity - count);
        int tail = (head + count) % capacity;
        int beforeWrap = Math.min(offered, capacity - tail);
        source.get(bytes, tail, beforeWrap).get(bytes, 0, offered - beforeWrap);
        count += offered;
        readable.wake();
        return offered;
    }

    void awaitReadable() {
        if (count == 0 && !ended && !reset) {
            readable.await();
        }
    }

    void awaitWritable() {
        if (count == capacity && !readerGone && !reset) {
            writable.await();
        }
    }

    /** The writer will write no more. */
    void end() {
        // Behind a reset an end would say that all has come.
        ended |= !reset;
        raise();
    }

    /** The reader will read no more. */
    void closeReader() {
        readerGone = true;
        count = 0;
        ring = null;
        raise();
    }

    /** Either side breaks it. */
    void reset() {
        reset = true;
        raise();
    }

    private void raise() {
        readable.wake();
        writable.wake();
    }

    private void throwIfReset() {
        if (reset) {
            throw new BrokenException(name + ": the peer has reset the stream");
        }
    }
}
