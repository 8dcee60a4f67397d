package dev.heddle;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Gives the JVM of the tests, and so the programs that they start, the usual reaction to hang-ups and Ctrl-C. Both are
 * ignored in what is started by {@code nohup} or in the background of a script, and in all that it starts. On the class
 * path of all modules' tests.
 */
public final class DefaultSignals implements LauncherSessionListener {

    private static final int HANG_UP = 1;
    private static final int INTERRUPT = 2;

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        try {
            long ignored = ignored();
            for (int signal : new int[]{HANG_UP, INTERRUPT}) {
                if ((ignored >>> (signal - 1) & 1) != 0) {
                    restore(signal);
                }
            }
        } catch (Throwable e) {
            throw new AssertionError("cannot restore the signals", e);
        }
    }

    /** A bit for each signal; none where the system does not tell. See proc_pid_status(5). */
    private static long ignored() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return 0;
        }
        try (var lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("SigIgn:"))
                    .mapToLong(line -> Long.parseUnsignedLong(line.substring("SigIgn:".length()).strip(), 16))
                    .findFirst()
                    .orElse(0);
        }
    }

    /** See signal(2). */
    @SuppressWarnings("restricted")
    private static void restore(int signal) throws Throwable {
        Linker linker = Linker.nativeLinker();
        MethodHandle handler = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("signal"),
                FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
        MemorySegment before = (MemorySegment) handler.invokeExact(signal, MemorySegment.NULL);
        if (before.address() == -1) {
            throw new IOException("signal " + signal + " cannot be restored");
        }
    }
}
