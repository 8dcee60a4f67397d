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

/** The width of the terminal behind the standard error, asked of the system each time: windows are resized. */
public final class WindowSize implements Terminal {

    private static final int STDERR = 2;

    /** {@code struct winsize}, ioctl_tty(2): rows, columns, and two sizes in pixels. */
    private static final MemoryLayout WINSIZE = MemoryLayout.sequenceLayout(4, ValueLayout.JAVA_SHORT);

    private static final long COLUMNS_OFFSET = Short.BYTES;

    /** {@code TIOCGWINSZ} of ioctl_tty(2), and of tty(4) on macOS. */
    private static final long GET_WINDOW_SIZE = System.getProperty("os.name", "").toLowerCase(Locale.ROOT)
            .contains("mac") ? 0x40087468L : 0x5413L;

    private final @Nullable MethodHandle ioctl = find();

    @SuppressWarnings("restricted") // The one native call of the program; the manifest allows it.
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
        if (ioctl == null) {
            return DEFAULT_COLUMNS;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment size = arena.allocate(WINSIZE);
            int result = (int) ioctl.invokeExact(STDERR, GET_WINDOW_SIZE, size);
            int columns = Short.toUnsignedInt(size.get(ValueLayout.JAVA_SHORT, COLUMNS_OFFSET));
            return result == 0 && columns > 0 ? columns : DEFAULT_COLUMNS;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }
}
