package dev.heddle.tls.openssl;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * A function of the library. All have one shape, four whole numbers or addresses and one back, since the calling
 * conventions of Linux pass those in registers, and a function does not look at more than it has: one shape is linked
 * quickly. A result that is an {@code int} has only its low half: see {@link #number}.
 *
 * <p>A record, since the JVM takes its fields for constants.
 */
record NativeFunction(MethodHandle handle) {

    private static final FunctionDescriptor SHAPE = FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);

    /** @param quick whether it neither waits, nor takes long, nor calls back: the JVM then need not be told */
    NativeFunction(String name, boolean quick) {
        this(quick ? Libraries.link(name, SHAPE, Linker.Option.critical(false)) : Libraries.link(name, SHAPE));
    }

    NativeFunction(String name) {
        this(name, false);
    }

    long call(long a, long b, long c, long d) {
        try {
            return (long) handle.invokeExact(a, b, c, d);
        } catch (Throwable failure) {
            throw new AssertionError("OpenSSL could not be called", failure);
        }
    }

    long call(long a, long b, long c) {
        return call(a, b, c, 0);
    }

    long call(long a, long b) {
        return call(a, b, 0, 0);
    }

    long call(long a) {
        return call(a, 0, 0, 0);
    }

    /** The result of a function that gives an {@code int}. */
    int number(long a, long b, long c, long d) {
        return (int) call(a, b, c, d);
    }

    int number(long a, long b, long c) {
        return (int) call(a, b, c, 0);
    }

    int number(long a, long b) {
        return (int) call(a, b, 0, 0);
    }

    int number(long a) {
        return (int) call(a, 0, 0, 0);
    }
}
