package dev.heddle.linux;

import dev.heddle.linux.internal.Errno;
import dev.heddle.linux.internal.SyscallNumbers;
import dev.heddle.linux.internal.SystemCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The wake-up of an engine's wait by other threads: eventfd(2). Its count is never read, since whoever waits for it
 * hears of each ring by an edge.
 *
 * <p>Threads: {@link #ring} is for any; the rest for the engine's loop.
 */
final class EventFd {

    private static final int EFD_CLOEXEC = 0x80000;
    private static final int EFD_NONBLOCK = 0x800;

    /** Nobody looks at errors of a ring, so that all threads may share the place where they are left. */
    private static final SystemCalls RINGING = new SystemCalls(Arena.global());

    private static final MemorySegment ONE = one();

    /** Added to {@link #ringers} by closing: whoever comes later sees a negative count. */
    private static final int CLOSED = Integer.MIN_VALUE;

    private final int descriptor;

    /** Threads that are about to write, so that none writes to a number that is somebody else's by then. */
    private final AtomicInteger ringers = new AtomicInteger();

    EventFd(SystemCalls kernel) throws IOException {
        descriptor = (int) Errno.check(kernel.call(SyscallNumbers.EVENTFD2, 0, EFD_CLOEXEC | EFD_NONBLOCK));
    }

    private static MemorySegment one() {
        MemorySegment one = Arena.global().allocate(ValueLayout.JAVA_LONG);
        one.set(ValueLayout.JAVA_LONG, 0, 1);
        return one;
    }

    int descriptor() {
        return descriptor;
    }

    /** Rings; does nothing once closed. */
    void ring() {
        try {
            if (ringers.incrementAndGet() > 0) {
                RINGING.call(SyscallNumbers.WRITE, descriptor, ONE.address(), Long.BYTES);
            }
        } finally {
            ringers.decrementAndGet();
        }
    }

    void close(SystemCalls kernel) {
        if (ringers.getAndAdd(CLOSED) < 0) {
            return;
        }
        while (ringers.get() != CLOSED) {
            Thread.onSpinWait();
        }
        kernel.call(SyscallNumbers.CLOSE, descriptor);
    }
}
