package dev.heddle.linux;

import dev.heddle.internal.OwnThread;
import dev.heddle.internal.TimeSlices;
import dev.heddle.internal.VirtualThreads;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/**
 * The slice of processor time that a loop's own thread asks for: sched_setattr(2).
 *
 * <p>A thread that wakes up takes the processor from one with a longer slice, as far as it has not had its share yet; it
 * otherwise waits until that one's slice is over, some milliseconds. Its share stays the same. A loop works for some
 * microseconds and sleeps, and all its connections wait meanwhile; those it competes with are compilers, collectors and
 * other programs. Linux knows of such slices since 6.12, and needs no privilege for them.
 */
public final class TimeSlice implements TimeSlices {

    /** The shortest that Linux grants. */
    static final long SHORT_NANOS = 100_000;

    // struct sched_attr {size:4, policy:4, flags:8, nice:4, priority:4, runtime:8, deadline:8, period:8}
    private static final int ATTR_BYTES = 48;
    private static final int POLICY_AT = 4;
    private static final int FLAGS_AT = 8;
    private static final int NICE_AT = 16;
    private static final int RUNTIME_AT = 24;

    private static final int SCHED_OTHER = 0;

    /** Threads and processes that it starts get slices like all others. */
    private static final long RESET_ON_FORK = 1;

    private static final int CALLING_THREAD = 0;

    /** For {@link java.util.ServiceLoader}. */
    public TimeSlice() {}

    @Override
    public Optional<String> whyNot() {
        return Platform.whyNot();
    }

    @Override
    public void shorten() {
        shortenOfLoop();
    }

    /**
     * Asks for the loop whose task calls, if it has a thread of its own. That is left alone if somebody has chosen for
     * it already: another policy, more weight, a slice as short.
     */
    static void shortenOfLoop() {
        if (!(VirtualThreads.currentCarrier() instanceof OwnThread)) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            var kernel = new Kernel(arena);
            MemorySegment attributes = arena.allocate(ATTR_BYTES, Long.BYTES);
            attributes.set(ValueLayout.JAVA_INT, 0, ATTR_BYTES);
            long read = kernel.call(
                    SyscallNumbers.SCHED_GETATTR, CALLING_THREAD, attributes.address(), ATTR_BYTES, 0);
            if (read < 0
                    || attributes.get(ValueLayout.JAVA_INT, POLICY_AT) != SCHED_OTHER
                    || attributes.get(ValueLayout.JAVA_INT, NICE_AT) < 0
                    || attributes.get(ValueLayout.JAVA_LONG, RUNTIME_AT) <= SHORT_NANOS) { // 0 before Linux 6.12
                return;
            }
            attributes.set(
                    ValueLayout.JAVA_LONG, FLAGS_AT, attributes.get(ValueLayout.JAVA_LONG, FLAGS_AT) | RESET_ON_FORK);
            attributes.set(ValueLayout.JAVA_LONG, RUNTIME_AT, SHORT_NANOS);
            kernel.call(SyscallNumbers.SCHED_SETATTR, CALLING_THREAD, attributes.address(), 0);
        }
    }

    /** The slice of the thread that the calling code runs on, in nanoseconds; 0 where there is none to choose. */
    static long current() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(ATTR_BYTES, Long.BYTES);
            long read = new Kernel(arena)
                    .call(SyscallNumbers.SCHED_GETATTR, CALLING_THREAD, attributes.address(), ATTR_BYTES, 0);
            return read < 0 ? 0 : attributes.get(ValueLayout.JAVA_LONG, RUNTIME_AT);
        }
    }
}
