package dev.heddle.linux;

import dev.heddle.linux.internal.Errno;
import dev.heddle.linux.internal.SyscallNumbers;
import dev.heddle.linux.internal.SystemCalls;
import dev.heddle.linux.internal.Timespec;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The wait for a ring in another thread than the one that made it, which alone may take in what has come: the helper of
 * a loop that is a guest waits so. The kernel counts what has come in an eventfd(2), which the ring's own thread
 * registers when it first hears that somebody waits elsewhere.
 *
 * <p>Threads: the two take turns.
 */
final class EventfdWait {

    private static final int REGISTER_EVENTFD = 4;
    private static final int EFD_CLOEXEC = 0x80000;
    private static final int EFD_NONBLOCK = 0x800;
    private static final int NONE = -1;

    private final SystemCalls kernel;
    private final SharedRings ring;
    private final MemorySegment pollfd;
    private final Timespec time;
    private final MemorySegment count;
    private boolean wanted;
    private int descriptor = NONE;

    EventfdWait(Arena arena, SystemCalls kernel, SharedRings ring) {
        this.kernel = kernel;
        this.ring = ring;
        this.pollfd = arena.allocate(8, Integer.BYTES);
        this.time = new Timespec(arena);
        this.count = arena.allocate(ValueLayout.JAVA_LONG);
    }

    /**
     * Waits until something has come; may return early. In the other thread.
     *
     * @param timeoutNanos {@link Long#MAX_VALUE} for no limit
     * @throws IllegalStateException if the ring's own thread takes no turns any more, so that nothing would ever come
     */
    void await(long timeoutNanos) {
        if (descriptor == NONE) {
            if (wanted) {
                throw SharedRings.ofAnotherThread();
            }
            wanted = true;
            return;
        }
        // struct pollfd {int fd; short events, revents;}
        pollfd.set(ValueLayout.JAVA_INT, 0, descriptor);
        pollfd.set(ValueLayout.JAVA_INT, 4, SharedRings.POLLIN);
        kernel.call(SyscallNumbers.PPOLL, pollfd.address(), 1, time.address(timeoutNanos), 0);
        kernel.call(SyscallNumbers.READ, descriptor, count.address(), Long.BYTES);
    }

    /** Registers if somebody waits elsewhere. In the ring's own thread. */
    void registerIfWanted() {
        if (!wanted || descriptor != NONE) {
            return;
        }
        try {
            descriptor = (int) Errno.check(kernel.call(SyscallNumbers.EVENTFD2, 1, EFD_CLOEXEC | EFD_NONBLOCK));
            count.set(ValueLayout.JAVA_INT, 0, descriptor);
            ring.register(REGISTER_EVENTFD, count, 1);
        } catch (IOException e) {
            throw new IllegalStateException("a ring that is waited for elsewhere needs a descriptor more", e);
        }
    }

    void close() {
        if (descriptor != NONE) {
            kernel.call(SyscallNumbers.CLOSE, descriptor);
        }
    }
}
