package dev.heddle.linux.internal;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Memory that costs nothing until it is touched: anonymous mmap(2). */
public final class Pages {

    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_PRIVATE_ANONYMOUS = 0x22;

    private Pages() {}

    /** Zeroed, aligned to a page, and given back with the arena. */
    @SuppressWarnings("restricted")
    public static MemorySegment map(Arena arena, SystemCalls kernel, long bytes) throws IOException {
        long at = Errno.check(
                kernel.call(SyscallNumbers.MMAP, 0, bytes, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0));
        return MemorySegment.ofAddress(at)
                .reinterpret(bytes, arena,
                        pages -> SystemCalls.anyThread(SyscallNumbers.MUNMAP, at, bytes, 0, 0, 0, 0));
    }
}
