package dev.heddle.linux;

import dev.heddle.linux.internal.Pages;
import dev.heddle.linux.internal.SystemCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The send buffers that hold small messages from the write until the kernel has sent them. Bounded: who gets none sends
 * by a call of its own, from where the message is.
 *
 * <p>Threads: the engine's loop.
 */
final class SendBufferPool {

    static final int NONE = -1;

    static final int BLOCK_BYTES = 4 * 1024;

    /** How many there are. */
    static final int COUNT = 1024;

    private final MemorySegment memory;
    private final ByteBuffer bytes;
    private final int[] free = new int[COUNT];
    private int freeCount = COUNT;

    SendBufferPool(Arena arena, SystemCalls kernel) throws IOException {
        memory = Pages.map(arena, kernel, (long) COUNT * BLOCK_BYTES);
        bytes = memory.asByteBuffer();
        // The lowest first, so that few pages are in use.
        Arrays.setAll(free, i -> COUNT - 1 - i);
    }

    /** A block, or {@link #NONE}. */
    int borrow() {
        return freeCount == 0 ? NONE : free[--freeCount];
    }

    void release(int block) {
        free[freeCount++] = block;
    }

    /** Appends what fits of a source to what a block holds, and moves the source's position; how much that was. */
    int append(int block, int held, ByteBuffer source) {
        int count = Math.min(BLOCK_BYTES - held, source.remaining());
        int position = source.position();
        bytes.put(block * BLOCK_BYTES + held, source, position, count);
        source.position(position + count);
        return count;
    }

    long address(int block) {
        return memory.address() + (long) block * BLOCK_BYTES;
    }

    int borrowed() {
        return COUNT - freeCount;
    }
}
