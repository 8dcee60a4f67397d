package dev.heddle.cli.command;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The size of a terminal, asked of the system each time: windows are resized. */
public final class WindowSize implements Terminal {

    private static final int STDERR = 2;

    /** The height when a terminal does not tell it. */
    private static final int DEFAULT_ROWS = 24;

    /** {@code struct winsize}, ioctl_tty(2): rows, columns, and two sizes in pixels. */
    private static final MemoryLayout WINSIZE = MemoryLayout.sequenceLayout(4, ValueLayout.JAVA_SHORT);

    private static final long ROWS_OFFSET = 0;
    private static final long COLUMNS_OFFSET = Short.BYTES;

    /** {@code TIOCGWINSZ} of ioctl_tty(2), and of tty(4) on macOS. */
    private static final long GET_WINDOW_SIZE = System.getProperty("os.name", "").toLowerCase(Locale.ROOT)
            .contains("mac") ? 0x40087468L : 0x5413L;

    private final @Nullable MethodHandle ioctl = find();
    private final int descriptor;

    /** That of the terminal behind the standard error. */
    public WindowSize() {
        this(STDERR);
    }

    /** That of the terminal behind a descriptor. */
    public WindowSize(int descriptor) {
        this.descriptor = descriptor;
    }

    @SuppressWarnings("restricted") // The manifest allows native calls.
    private static @Nullable MethodHandle find() {
        try {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(
                    linker.defaultLookup().findOrThrow("ioctl"),
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS),
                    Linker.Option.firstVariadicArg(2));
        } catch (RuntimeException unsupported) {
            // A system without a native linker, or without the call: the default width has to do.
            return null;
        }
    }

    @Override
    public int columns() {
        return ask(COLUMNS_OFFSET, DEFAULT_COLUMNS);
    }

    /** The height in lines now. */
    public int rows() {
        return ask(ROWS_OFFSET, DEFAULT_ROWS);
    }

    private int ask(long offset, int otherwise) {
        if (ioctl == null) {
            return otherwise;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment size = arena.allocate(WINSIZE);
            int result = (int) ioctl.invokeExact(descriptor, GET_WINDOW_SIZE, size);
            int told = Short.toUnsignedInt(size.get(ValueLayout.JAVA_SHORT, offset));
            return result == 0 && told > 0 ? told : otherwise;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }
}
