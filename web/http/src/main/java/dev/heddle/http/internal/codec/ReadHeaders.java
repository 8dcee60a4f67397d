package dev.heddle.http.internal.codec;

import dev.heddle.http.Headers;
import dev.heddle.http.internal.syntax.FieldList;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * The headers that a parser has read and checked. Users have no way but those that check each field, so this one is a
 * private method of {@link Headers}, which only the same module can reach.
 */
public final class ReadHeaders {

    private static final MethodHandle OF_CHECKED;

    static {
        try {
            OF_CHECKED = MethodHandles.privateLookupIn(Headers.class, MethodHandles.lookup())
                    .findStatic(Headers.class, "ofChecked", MethodType.methodType(Headers.class, FieldList.class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private ReadHeaders() {}

    /** Headers of fields that nobody will check again. */
    public static Headers of(FieldList checked) {
        try {
            return (Headers) OF_CHECKED.invokeExact(checked);
        } catch (Throwable e) {
            throw new AssertionError("headers could not be made", e);
        }
    }
}
