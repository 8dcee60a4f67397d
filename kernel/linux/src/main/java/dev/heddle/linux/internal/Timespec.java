package dev.heddle.linux.internal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The limit of a wait, as the kernel reads it: {@code struct __kernel_timespec {tv_sec:8, tv_nsec:8}}. */
public final class Timespec {

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final MemorySegment memory;

    public Timespec(Arena arena) {
        this.memory = arena.allocate(2 * Long.BYTES, Long.BYTES);
    }

    /** Sets the limit, {@link Long#MAX_VALUE} for none, and gives what the call takes: an address, or 0. */
    public long address(long nanos) {
        if (nanos == Long.MAX_VALUE) {
            return 0;
        }
        memory.set(ValueLayout.JAVA_LONG, 0, nanos / NANOS_PER_SECOND);
        memory.set(ValueLayout.JAVA_LONG, Long.BYTES, nanos % NANOS_PER_SECOND);
        return memory.address();
    }
}
