package dev.heddle.internal;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Where the bytes of a direct buffer lie, for system calls. Asking the public way makes an object each time. */
public final class DirectMemory {

    private static final @Nullable MethodHandle ADDRESS = find();

    private DirectMemory() {}

    private static @Nullable MethodHandle find() {
        try {
            JdkPackages.open("java.nio");
            return MethodHandles.privateLookupIn(Buffer.class, MethodHandles.lookup())
                    .findGetter(Buffer.class, "address", long.class);
        } catch (Throwable e) {
            return null;
        }
    }

    /**
     * The address of the byte at the buffer's position. It holds for as long as the caller keeps the buffer alive.
     *
     * @param buffer a direct one
     */
    public static long address(ByteBuffer buffer) {
        if (ADDRESS == null) {
            return MemorySegment.ofBuffer(buffer).address();
        }
        try {
            return (long) ADDRESS.invokeExact((Buffer) buffer) + buffer.position();
        } catch (Throwable e) {
            throw new AssertionError("a field cannot be read", e);
        }
    }
}
