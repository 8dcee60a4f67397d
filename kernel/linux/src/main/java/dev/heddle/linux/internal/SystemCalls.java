package dev.heddle.linux.internal;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The one door to the kernel: syscall(2). A single native function of a single shape is linked, which takes
 * milliseconds less at the start than one for each call, and asks nothing of the C library that could be missing.
 *
 * <p>A result is that of the kernel: zero or more, or the negative number of an error, see {@link Errno}. Memory is
 * given by its address, so whoever calls keeps it alive until the call returns.
 *
 * <p>The JDK makes an object for each call, which its compiler leaves out where all of the call is inlined into the loop
 * or the method that it compiles: nine methods, of {@code MaxInlineLevel} fifteen. So what moves bytes calls with all
 * arguments, and stands near those who call it.
 *
 * <p>Threads: each instance serves one at a time, such as the tasks of a loop; {@link #anyThread} is for the others.
 */
public final class SystemCalls {

    private static final MemoryLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final long ERRNO = CALL_STATE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle SYSCALL = link();

    /** Where syscall(2) leaves its error; written by the C library after each failed call. */
    private final MemorySegment callState;

    public SystemCalls(Arena arena) {
        callState = arena.allocate(CALL_STATE);
    }

    /** {@code long syscall(long number, ...)}. */
    @SuppressWarnings("restricted")
    private static MethodHandle link() {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow("syscall"),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG),
                Linker.Option.captureCallState("errno"),
                Linker.Option.firstVariadicArg(1));
    }

    /** A door of its own for a call from any thread that happens seldom. */
    public static long anyThread(int number, long a, long b, long c, long d, long e, long f) {
        try (Arena arena = Arena.ofConfined()) {
            return new SystemCalls(arena).call(number, a, b, c, d, e, f);
        }
    }

    public long call(int number, long a, long b, long c, long d, long e, long f) {
        try {
            long result = (long) SYSCALL.invokeExact(callState, (long) number, a, b, c, d, e, f);
            return result == -1 ? -callState.get(ValueLayout.JAVA_INT, ERRNO) : result;
        } catch (Throwable failure) {
            throw new AssertionError("system call " + number + " could not be made", failure);
        }
    }

    public long call(int number, long a, long b, long c, long d) {
        return call(number, a, b, c, d, 0, 0);
    }

    public long call(int number, long a, long b, long c) {
        return call(number, a, b, c, 0, 0, 0);
    }

    public long call(int number, long a, long b) {
        return call(number, a, b, 0, 0, 0, 0);
    }

    public long call(int number, long a) {
        return call(number, a, 0, 0, 0, 0, 0);
    }
}
