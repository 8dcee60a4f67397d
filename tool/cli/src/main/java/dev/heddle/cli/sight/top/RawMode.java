package dev.heddle.cli.sight.top;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * The raw mode of a terminal, in which each key comes at once and none is shown: termios(3). The structure is left
 * opaque, so it may differ from system to system.
 *
 * <p>Threads: any.
 */
final class RawMode implements AutoCloseable {

    /** Room for {@code struct termios} wherever we know it: 60 bytes on Linux, 72 on macOS. */
    private static final long TERMIOS_BYTES = 256;

    /** {@code TCSADRAIN}: when all that was written has gone out. */
    private static final int AFTER_OUTPUT = 1;

    private static final Linker LINKER = Linker.nativeLinker();

    private static final MethodHandle GET = find(
            "tcgetattr",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));

    private static final MethodHandle SET = find(
            "tcsetattr",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));

    private static final MethodHandle MAKE_RAW = find("cfmakeraw", FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));

    private final int descriptor;
    private final MemorySegment before;
    private final MemorySegment raw;

    private RawMode(int descriptor, MemorySegment before, MemorySegment raw) {
        this.descriptor = descriptor;
        this.before = before;
        this.raw = raw;
    }

    @SuppressWarnings("restricted") // The manifest allows native calls.
    private static MethodHandle find(String name, FunctionDescriptor type) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type);
    }

    /** The mode of the terminal behind a descriptor, to be entered; empty if that is no terminal. */
    static Optional<RawMode> of(int descriptor) {
        MemorySegment before = Arena.ofAuto().allocate(TERMIOS_BYTES);
        MemorySegment raw = Arena.ofAuto().allocate(TERMIOS_BYTES);
        try {
            if ((int) GET.invokeExact(descriptor, before) != 0) {
                return Optional.empty();
            }
            raw.copyFrom(before);
            MAKE_RAW.invokeExact(raw);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
        return Optional.of(new RawMode(descriptor, before, raw));
    }

    /** Enters the mode; again, where somebody else has left it meanwhile. */
    void enter() {
        set(raw);
    }

    /** Goes back to the mode before. */
    @Override
    public void close() {
        set(before);
    }

    private void set(MemorySegment mode) {
        try {
            int ignored = (int) SET.invokeExact(descriptor, AFTER_OUTPUT, mode); // the terminal may have gone away
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
