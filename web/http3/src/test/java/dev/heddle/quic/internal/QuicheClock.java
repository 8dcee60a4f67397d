package dev.heddle.quic.internal;

import dev.heddle.Heddle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Lets the library take its time from the loop that calls it. It reads the clock by {@code clock_gettime} (clock_gettime(2))
 * through its table of foreign functions (ELF, section "Global Offset Table"), where this class puts a function of its own.
 * Only on Linux, and only in tests.
 */
public final class QuicheClock {

    private static final String LIBRARY = "heddle-quiche-";
    private static final String FUNCTION = "clock_gettime";

    private static final int DYNAMIC_SEGMENT = 2;
    private static final int STRINGS = 5;
    private static final int SYMBOLS = 6;
    private static final int RELOCATIONS = 7;
    private static final int RELOCATIONS_BYTES = 8;
    private static final int CALLS = 23;
    private static final int CALLS_BYTES = 2;
    private static final int SYMBOL_BYTES = 24;
    private static final int RELOCATION_BYTES = 24;
    private static final long PAGE = 4_096;
    private static final int READ_AND_WRITE = 3;

    private static boolean installed;

    private QuicheClock() {}

    /** Puts the function in; does nothing the second time. */
    public static synchronized void install() {
        if (!installed) {
            QuicheLibrary.require();
            long base = base();
            int changed = change(base, dynamic(base, STRINGS), dynamic(base, CALLS), dynamic(base, CALLS_BYTES))
                    + change(base, dynamic(base, STRINGS), dynamic(base, RELOCATIONS),
                            dynamic(base, RELOCATIONS_BYTES));
            if (changed == 0) {
                throw new IllegalStateException("the library does not call " + FUNCTION);
            }
            installed = true;
        }
    }

    /** Where the library lies: the first of its mappings (proc_pid_maps(5)). */
    private static long base() {
        try (var lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains(LIBRARY))
                    .mapToLong(line -> Long.parseLong(line.substring(0, line.indexOf('-')), 16))
                    .min()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("restricted")
    private static MemorySegment at(long address) {
        return MemorySegment.ofAddress(address).reinterpret(1L << 32);
    }

    private static long number(long address) {
        return at(address).get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
    }

    /** An entry of the dynamic section; an address in it may still be relative. */
    private static long dynamic(long base, int tag) {
        MemorySegment header = at(base);
        long programs = base + header.get(ValueLayout.JAVA_LONG_UNALIGNED, 32);
        int size = header.get(ValueLayout.JAVA_SHORT_UNALIGNED, 54);
        int count = header.get(ValueLayout.JAVA_SHORT_UNALIGNED, 56);
        for (int i = 0; i < count; i++) {
            MemorySegment program = at(programs + (long) i * size);
            if (program.get(ValueLayout.JAVA_INT_UNALIGNED, 0) == DYNAMIC_SEGMENT) {
                long entry = base + program.get(ValueLayout.JAVA_LONG_UNALIGNED, 16);
                for (; number(entry) != 0; entry += 16) {
                    if (number(entry) == tag) {
                        return number(entry + 8);
                    }
                }
            }
        }
        return 0;
    }

    private static int change(long base, long strings, long table, long bytes) {
        long symbols = absolute(base, dynamic(base, SYMBOLS));
        int changed = 0;
        for (long at = absolute(base, table); at < absolute(base, table) + bytes; at += RELOCATION_BYTES) {
            long symbol = number(at + 8) >>> 32;
            int name = at(symbols + symbol * SYMBOL_BYTES).get(ValueLayout.JAVA_INT_UNALIGNED, 0);
            if (symbol != 0 && at(absolute(base, strings) + name).getString(0).equals(FUNCTION)) {
                put(base + number(at));
                changed++;
            }
        }
        return changed;
    }

    private static long absolute(long base, long address) {
        return address < base ? base + address : address;
    }

    @SuppressWarnings("restricted")
    private static void put(long slot) {
        try {
            Linker linker = Linker.nativeLinker();
            MethodHandle protect = linker.downcallHandle(linker.defaultLookup().findOrThrow("mprotect"),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_INT));
            int failed = (int) protect.invokeExact(slot & -PAGE, PAGE, READ_AND_WRITE);
            if (failed != 0) {
                throw new IllegalStateException("the table cannot be changed");
            }
            MethodHandle clock = MethodHandles.lookup().findStatic(QuicheClock.class, "clock",
                    MethodType.methodType(int.class, int.class, long.class));
            long function = linker.upcallStub(clock,
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG),
                    Arena.global()).address();
            at(slot).set(ValueLayout.JAVA_LONG_UNALIGNED, 0, function);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@code int clock_gettime(clockid_t, struct timespec *)}, of whichever clock that only goes on. */
    @SuppressWarnings("unused")
    private static int clock(int which, long target) {
        long nanos = 1_000_000_000L + Heddle.currentLoop().nanoTime();
        MemorySegment time = at(target);
        time.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, nanos / 1_000_000_000);
        time.set(ValueLayout.JAVA_LONG_UNALIGNED, 8, nanos % 1_000_000_000);
        return 0;
    }
}
