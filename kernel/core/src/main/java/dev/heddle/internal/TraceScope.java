package dev.heddle.internal;

import dev.heddle.trace.TraceContext;
import org.jspecify.annotations.Nullable;

/** The binding of the trace context of the running code, for those who carry it over a boundary. */
public final class TraceScope {

    /** Bound to null where code inside of a trace is to belong to none. */
    public static final ScopedValue<@Nullable TraceContext> CURRENT = ScopedValue.newInstance();

    private TraceScope() {}

    /** The context that the calling code runs in; null if it belongs to no trace. */
    public static @Nullable TraceContext current() {
        return CURRENT.isBound() ? CURRENT.get() : null;
    }
}
