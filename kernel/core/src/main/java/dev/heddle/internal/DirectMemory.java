package dev.heddle.internal;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The address of a direct buffer's bytes, for system calls. Asking the public way makes an object each time. */
public final class DirectMemory {

    private static final @Nullable MethodHandle ADDRESS = find("address", long.class);
    private static final @Nullable MethodHandle SEGMENT = find("segment", MemorySegment.class);

    private DirectMemory() {}

    private static @Nullable MethodHandle find(String field, Class<?> type) {
        try {
            JdkPackages.open("java.nio");
            return MethodHandles.privateLookupIn(Buffer.class, MethodHandles.lookup())
                    .findGetter(Buffer.class, field, type);
        } catch (Throwable e) {
            return null;
        }
    }

    /**
     * The address of the byte at the buffer's position. It holds for as long as the caller keeps the buffer alive.
     *
     * @param buffer a direct one
     * @throws IllegalStateException if it is the buffer of an arena that is closed
     */
    public static long address(ByteBuffer buffer) {
        if (ADDRESS == null || SEGMENT == null) {
            MemorySegment segment = MemorySegment.ofBuffer(buffer);
            requireAlive(segment);
            return segment.address();
        }
        @Nullable MemorySegment segment;
        long start;
        try {
            segment = (MemorySegment) SEGMENT.invokeExact((Buffer) buffer);
            start = (long) ADDRESS.invokeExact((Buffer) buffer);
        } catch (Throwable e) {
            throw new AssertionError("a field cannot be read", e);
        }
        if (segment != null) {
            requireAlive(segment);
        }
        return start + buffer.position();
    }

    /** The kernel would write into whatever has the memory now. */
    private static void requireAlive(MemorySegment segment) {
        if (!segment.scope().isAlive()) {
            throw new IllegalStateException("the memory of this buffer was given back: its arena is closed");
        }
    }
}
