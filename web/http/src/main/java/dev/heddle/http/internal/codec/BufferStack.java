package dev.heddle.http.internal.codec;

import dev.heddle.Heddle;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * A stack of direct buffers that are used for moments only: the last one given back is the next one taken, while the
 * processor still has it at hand. For the tasks of one loop.
 */
public final class BufferStack {

    private final ArrayDeque<ByteBuffer> free = new ArrayDeque<>();
    private final int size;
    private final int maxFree;

    /**
     * @param size bytes of one buffer
     * @param maxFree most unused buffers that are kept
     */
    public BufferStack(int size, int maxFree) {
        this.size = size;
        this.maxFree = maxFree;
    }

    /** An empty buffer with at least this much room. */
    public ByteBuffer take(int room) {
        if (room > size) {
            return ByteBuffer.allocate(room);
        }
        ByteBuffer last = free.pollLast();
        return last == null ? allocate() : last;
    }

    /**
     * On the heap in a simulation, as those of streams: where many have used up direct memory, the JDK waits in real
     * time for more.
     */
    private ByteBuffer allocate() {
        return Heddle.currentLoop().engine().isSimulated()
                ? ByteBuffer.allocate(size)
                : ByteBuffer.allocateDirect(size);
    }

    /** Takes a buffer back; the caller forgets it. */
    public void give(ByteBuffer buffer) {
        if (buffer.capacity() == size && free.size() < maxFree) {
            free.addLast(buffer.clear());
        }
    }
}
