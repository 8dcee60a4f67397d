package dev.heddle.tls.openssl;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * A function of the library that moves bytes of an object: {@code int f(void *object, void *bytes, int count)}. It is
 * given arrays of the heap as they are, so it must neither wait nor call back.
 */
record BytesFunction(MethodHandle handle) {

    BytesFunction(String name) {
        this(Libraries.link(name, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG,
                ValueLayout.ADDRESS, ValueLayout.JAVA_INT), Linker.Option.critical(true)));
    }

    int call(long object, MemorySegment bytes, int count) {
        try {
            return (int) handle.invokeExact(object, bytes, count);
        } catch (Throwable failure) {
            throw new AssertionError("OpenSSL could not be called", failure);
        }
    }
}
