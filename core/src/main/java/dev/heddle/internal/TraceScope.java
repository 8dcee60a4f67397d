package dev.heddle.internal;

import dev.heddle.trace.TraceContext;

/** Where the trace context of the running code is bound, for those who carry it over a boundary. */
public final class TraceScope {

    public static final ScopedValue<TraceContext> CURRENT = ScopedValue.newInstance();

    private TraceScope() {}
}
