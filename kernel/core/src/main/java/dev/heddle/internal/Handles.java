package dev.heddle.internal;

import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.VarHandle;

/** The handles of fields that several threads change. */
public final class Handles {

    private Handles() {}

    /**
     * The handle of a field that is known to be there.
     *
     * @param lookup of a class that may see it
     */
    public static VarHandle of(Lookup lookup, Class<?> owner, String field, Class<?> type) {
        try {
            return lookup.findVarHandle(owner, field, type);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
