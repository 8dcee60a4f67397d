package dev.heddle.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The CPU time of another process, all its threads in user and system mode, in nanoseconds: what load.c reads as well.
 * See clock_getcpuclockid(3), clock_gettime(2). For Linux on 64 bits.
 */
final class ProcessClock {

    private static final long NANOS = 1_000_000_000;

    /** struct timespec: tv_sec, tv_nsec. */
    private static final MemoryLayout TIMESPEC = MemoryLayout.sequenceLayout(2, ValueLayout.JAVA_LONG);

    private static final MethodHandle GET_CLOCK = handle(
            "clock_getcpuclockid",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
    private static final MethodHandle GET_TIME = handle(
            "clock_gettime",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));

    private final int clock;
    private final MemorySegment time = Arena.ofAuto().allocate(TIMESPEC);

    /**
     * @throws IllegalStateException if there is no such process
     */
    ProcessClock(long pid) {
        MemorySegment answer = Arena.ofAuto().allocate(ValueLayout.JAVA_INT);
        check(call(GET_CLOCK, (int) pid, answer));
        clock = answer.get(ValueLayout.JAVA_INT, 0);
    }

    /**
     * @throws IllegalStateException if the process has ended
     */
    long nanos() {
        check(call(GET_TIME, clock, time));
        return time.getAtIndex(ValueLayout.JAVA_LONG, 0) * NANOS + time.getAtIndex(ValueLayout.JAVA_LONG, 1);
    }

    @SuppressWarnings("restricted")
    private static MethodHandle handle(String name, FunctionDescriptor descriptor) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor);
    }

    private static int call(MethodHandle function, int argument, MemorySegment answer) {
        try {
            return (int) function.invokeExact(argument, answer);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static void check(int result) {
        if (result != 0) {
            throw new IllegalStateException("the process has ended, its CPU time is not known");
        }
    }
}
