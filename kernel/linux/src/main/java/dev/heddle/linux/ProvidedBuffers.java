package dev.heddle.linux;

import dev.heddle.linux.internal.Pages;
import dev.heddle.linux.internal.SystemCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/**
 * The receive buffers that the kernel picks from when bytes arrive, so that a connection without bytes holds none: a
 * ring of provided buffers, io_uring_register(2), {@code IORING_REGISTER_PBUF_RING}.
 *
 * <pre>
 *   in the ring, the kernel's ──bytes arrive──▶ in a connection's queue ──read──▶ in the ring, or idle
 *               ▲───────────────────────────grow()────────────────────────────────────────────┘
 * </pre>
 *
 * <p>The kernel goes through the ring in a circle, so a short ring stays in the processor's cache. It is made longer
 * when it has run out of buffers.
 *
 * <p>Each buffer is in one place at a time, so the kernel never writes where somebody still reads. The queues are lists
 * over the buffers' numbers, so nothing is allocated.
 *
 * <p>Threads: the engine's loop.
 */
final class ProvidedBuffers {

    static final int GROUP = 0;

    /** No buffer: the end of a list. */
    static final int NONE = -1;

    static final int BUFFER_BYTES = 4 * 1024;

    /** How many there are, a power of two. */
    static final int COUNT = 1024;

    private static final int FIRST_COUNT = 64;

    private static final int REGISTER_PBUF_RING = 22;
    private static final int ENTRY_BYTES = 16;
    private static final long TAIL_AT = 14;
    private static final VarHandle SHORT = ValueLayout.JAVA_SHORT.varHandle();

    private final MemorySegment ring;
    private final MemorySegment memory;
    private final ByteBuffer bytes;

    private final int[] next = new int[COUNT];
    private final int[] from = new int[COUNT];
    private final int[] to = new int[COUNT];
    private final int[] idle = new int[COUNT];
    private int idleCount;
    private int wanted = FIRST_COUNT;
    private int tail;
    private int available;

    ProvidedBuffers(Arena arena, SystemCalls kernel, SharedRings registry) throws IOException {
        ring = Pages.map(arena, kernel, (long) COUNT * ENTRY_BYTES);
        memory = Pages.map(arena, kernel, (long) COUNT * BUFFER_BYTES);
        bytes = memory.asByteBuffer();
        MemorySegment registration = arena.allocate(40, Long.BYTES);
        registration.set(ValueLayout.JAVA_LONG, 0, ring.address());
        registration.set(ValueLayout.JAVA_INT, 8, COUNT);
        registration.set(ValueLayout.JAVA_SHORT, 12, (short) GROUP);
        registry.register(REGISTER_PBUF_RING, registration, 1);
        // The lowest last, to be used first.
        for (int i = COUNT - 1; i >= 0; i--) {
            idle[idleCount++] = i;
        }
        fill();
    }

    private void fill() {
        while (available < wanted && idleCount > 0) {
            provide(idle[--idleCount]);
        }
    }

    /** The kernel has run out of buffers: it gets more for good. Whether there were any. */
    boolean grow() {
        int before = available;
        wanted = Math.min(COUNT, 2 * wanted);
        fill();
        return available > before;
    }

    /** The kernel has filled a buffer; it is ours until released. */
    void filled(int buffer, int count) {
        available--;
        next[buffer] = NONE;
        from[buffer] = buffer * BUFFER_BYTES;
        to[buffer] = from[buffer] + count;
    }

    /** Whether the bytes that came have filled a buffer to its end, and so were perhaps more. */
    boolean isFull(int buffer) {
        return to[buffer] == (buffer + 1) * BUFFER_BYTES;
    }

    /** Puts a filled buffer behind another one. */
    void append(int last, int buffer) {
        next[last] = buffer;
    }

    /** The buffer behind, or {@link #NONE}. */
    int next(int buffer) {
        return next[buffer];
    }

    /** Moves bytes of a filled buffer to a target. Whether it is empty then. */
    boolean moveTo(int buffer, ByteBuffer target) {
        int count = Math.min(to[buffer] - from[buffer], target.remaining());
        int position = target.position();
        target.put(position, bytes, from[buffer], count);
        target.position(position + count);
        from[buffer] += count;
        return from[buffer] == to[buffer];
    }

    /** Gives a buffer back that is read. */
    void release(int buffer) {
        if (available < wanted) {
            provide(buffer);
        } else {
            idle[idleCount++] = buffer;
        }
    }

    private void provide(int buffer) {
        long at = (long) (tail & COUNT - 1) * ENTRY_BYTES;
        ring.set(ValueLayout.JAVA_LONG, at, memory.address() + (long) buffer * BUFFER_BYTES);
        ring.set(ValueLayout.JAVA_INT, at + 8, BUFFER_BYTES);
        ring.set(ValueLayout.JAVA_SHORT, at + 12, (short) buffer);
        tail++;
        SHORT.setRelease(ring, TAIL_AT, (short) tail);
        available++;
    }

    /** Whether the kernel has any, or can get some. */
    boolean hasAny() {
        return available > 0 || (idleCount > 0 && grow());
    }

    /** How many hold bytes that nobody has read. */
    int inUse() {
        return COUNT - available - idleCount;
    }
}
