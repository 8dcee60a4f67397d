package dev.heddle.internal;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.BitSet;
import java.util.Optional;

/**
 * The CPUs on which a thread may run: sched_setaffinity(2) and sched_getaffinity(2) of Linux.
 *
 * <p>A new thread inherits the CPUs of the thread that starts it. So threads of ours that tasks may start call {@link
 * #unpin}.
 */
public final class Affinity {

    /** Bytes of a CPU mask: 8192 CPUs, as many as any kernel is built for. */
    private static final int MASK_BYTES = 1024;

    private static final int CALLING_THREAD = 0;

    private static volatile boolean used;

    private Affinity() {}

    /**
     * Checks that threads can be pinned to a CPU.
     *
     * @throws IllegalStateException if the system cannot, or this process may not use that CPU
     */
    public static void requireAvailable(int cpu) {
        BitSet available = Native.get().available;
        if (!available.get(cpu)) {
            throw new IllegalStateException("CPU " + cpu + " is not there for this process; it may use " + available);
        }
    }

    /** Pins the calling platform thread to one CPU. */
    public static void pin(int cpu) {
        var one = new BitSet();
        one.set(cpu);
        used = true;
        Native.get().set(one);
    }

    /** Lets the calling platform thread run where the process may; does nothing if no thread was ever pinned. */
    public static void unpin() {
        if (used) {
            Native.get().set(Native.get().available);
        }
    }

    /** The CPUs that the calling platform thread may run on. */
    static BitSet current() {
        return Native.get().read();
    }

    /** Loaded only when somebody pins. */
    private static final class Native {

        private static final MemoryLayout CALL_STATE = Linker.Option.captureStateLayout();
        private static final VarHandle ERRNO = CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
        private static final Optional<Native> LINUX = link();

        /** What the process could use before anything was pinned. */
        final BitSet available;

        private final MethodHandle getAffinity;
        private final MethodHandle setAffinity;

        private Native(MethodHandle getAffinity, MethodHandle setAffinity) {
            this.getAffinity = getAffinity;
            this.setAffinity = setAffinity;
            this.available = read();
        }

        static Native get() {
            return LINUX
                    .orElseThrow(() -> new IllegalStateException("threads can be pinned to CPUs on Linux only; this is "
                            + System.getProperty("os.name") + ". Leave Config.cpus empty"));
        }

        private static Optional<Native> link() {
            if (!System.getProperty("os.name").equals("Linux")) {
                return Optional.empty();
            }
            return Optional.of(new Native(link("sched_getaffinity"), link("sched_setaffinity")));
        }

        /** {@code int (pid_t pid, size_t cpusetsize, cpu_set_t *mask)}. */
        @SuppressWarnings("restricted")
        private static MethodHandle link(String name) {
            Linker linker = Linker.nativeLinker();
            SymbolLookup libc = linker.defaultLookup();
            return linker.downcallHandle(
                    libc.findOrThrow(name),
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.ADDRESS),
                    Linker.Option.captureCallState("errno"));
        }

        BitSet read() {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment mask = arena.allocate(MASK_BYTES, Long.BYTES);
                call(arena, getAffinity, "sched_getaffinity", mask);
                return BitSet.valueOf(mask.asByteBuffer().order(ByteOrder.nativeOrder()).asLongBuffer());
            }
        }

        void set(BitSet cpus) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment mask = arena.allocate(MASK_BYTES, Long.BYTES);
                MemorySegment words = MemorySegment.ofArray(cpus.toLongArray());
                mask.asSlice(0, words.byteSize()).copyFrom(words);
                call(arena, setAffinity, "sched_setaffinity", mask);
            }
        }

        private static void call(Arena arena, MethodHandle function, String name, MemorySegment mask) {
            MemorySegment callState = arena.allocate(CALL_STATE);
            int result;
            try {
                result = (int) function.invokeExact(callState, CALLING_THREAD, (long) MASK_BYTES, mask);
            } catch (Throwable e) {
                throw new IllegalStateException(name + " could not be called", e);
            }
            if (result < 0) {
                throw new IllegalStateException(name + " failed with errno " + (int) ERRNO.get(callState, 0L));
            }
        }
    }
}
