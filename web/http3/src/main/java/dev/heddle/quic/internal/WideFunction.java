package dev.heddle.quic.internal;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Collections;

/**
 * A function of the library that has more arguments than {@link QuicheFunction}, up to eleven. Those behind the registers
 * lie on the stack in eight bytes each, also a {@code uint32_t} in front of an address.
 */
record WideFunction(MethodHandle handle) {

    private static final FunctionDescriptor SHAPE = FunctionDescriptor.of(
            ValueLayout.JAVA_LONG, Collections.nCopies(11, ValueLayout.JAVA_LONG).toArray(MemoryLayout[]::new));

    WideFunction(String name) {
        this(QuicheLibrary.link(name, SHAPE));
    }

    long call(long a, long b, long c, long d, long e, long f, long g, long h, long i, long j, long k) {
        try {
            return (long) handle.invokeExact(a, b, c, d, e, f, g, h, i, j, k);
        } catch (Throwable failure) {
            throw new AssertionError("quiche could not be called", failure);
        }
    }
}
