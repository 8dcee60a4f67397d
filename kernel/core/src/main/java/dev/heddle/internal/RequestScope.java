package dev.heddle.internal;

import org.jspecify.annotations.Nullable;

/** The binding of the id of the request that the running code works for, for lines of logs. */
public final class RequestScope {

    /** Plain visible ASCII of bounded length, as the server has checked. */
    public static final ScopedValue<String> CURRENT = ScopedValue.newInstance();

    private RequestScope() {}

    /** The id; null where the code works for no request that has one. */
    public static @Nullable String current() {
        return CURRENT.isBound() ? CURRENT.get() : null;
    }
}
