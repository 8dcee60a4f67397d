package dev.heddle.quic.internal;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * A function of the library. All have one shape, six whole numbers or addresses and one back, since calling conventions
 * pass those in registers, and a function does not look at more than it has: one shape is linked quickly. A result that
 * is an {@code int} or a {@code bool} has only its low part: see {@link #number} and {@link #is}.
 *
 * <p>A record, since the JVM takes its fields for constants.
 */
record QuicheFunction(MethodHandle handle) {

    private static final FunctionDescriptor SHAPE = FunctionDescriptor.of(
            ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);

    /** @param quick whether it neither waits, nor takes long, nor calls back: the JVM then need not be told */
    QuicheFunction(String name, boolean quick) {
        this(quick
                ? QuicheLibrary.link(name, SHAPE, Linker.Option.critical(false))
                : QuicheLibrary.link(name, SHAPE));
    }

    QuicheFunction(String name) {
        this(name, false);
    }

    long call(long a, long b, long c, long d, long e, long f) {
        try {
            return (long) handle.invokeExact(a, b, c, d, e, f);
        } catch (Throwable failure) {
            throw new AssertionError("quiche could not be called", failure);
        }
    }

    long call(long a, long b, long c, long d) {
        return call(a, b, c, d, 0, 0);
    }

    long call(long a, long b) {
        return call(a, b, 0, 0, 0, 0);
    }

    long call(long a) {
        return call(a, 0, 0, 0, 0, 0);
    }

    /** The result of a function that gives an {@code int}. */
    int number(long a, long b, long c, long d) {
        return (int) call(a, b, c, d, 0, 0);
    }

    int number(long a, long b) {
        return (int) call(a, b, 0, 0, 0, 0);
    }

    /** The result of a function that gives a {@code bool}. */
    boolean is(long a) {
        return (call(a, 0, 0, 0, 0, 0) & 0xff) != 0;
    }

    boolean is(long a, long b) {
        return (call(a, b, 0, 0, 0, 0) & 0xff) != 0;
    }

    boolean is(long a, long b, long c, long d, long e) {
        return (call(a, b, c, d, e, 0) & 0xff) != 0;
    }
}
