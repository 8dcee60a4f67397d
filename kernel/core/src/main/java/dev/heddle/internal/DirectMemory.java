package dev.heddle.internal;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The address of a direct buffer's bytes, for system calls. Asking the public way makes an object each time. */
public final class DirectMemory {

    private static final @Nullable Handles HANDLES = find();

    private DirectMemory() {}

    /** What is read of the JDK. */
    record Handles(MethodHandle address, MethodHandle segment) {

        static Handles of(JdkMembers jdk) throws ReflectiveOperationException {
            jdk.open("java.nio");
            return new Handles(
                    jdk.getter(Buffer.class, "address", long.class),
                    jdk.getter(Buffer.class, "segment", MemorySegment.class));
        }
    }

    private static @Nullable Handles find() {
        try {
            return Handles.of(JdkMembers.OWN);
        } catch (ReflectiveOperationException e) {
            JdkHook.DIRECT_MEMORY.tellOnce(e);
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
        Handles handles = HANDLES;
        if (handles == null) {
            MemorySegment segment = MemorySegment.ofBuffer(buffer);
            requireAlive(segment);
            return segment.address();
        }
        @Nullable MemorySegment segment;
        long start;
        try {
            segment = (MemorySegment) handles.segment().invokeExact((Buffer) buffer);
            start = (long) handles.address().invokeExact((Buffer) buffer);
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
