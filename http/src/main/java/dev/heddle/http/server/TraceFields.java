package dev.heddle.http.server;

import dev.heddle.http.Headers;
import dev.heddle.trace.TraceContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The trace context that a request brings along; it is bound around all that the request causes. */
final class TraceFields {

    private TraceFields() {}

    /** The context of a request; null if it has none, or one that means nothing (W3C Trace Context, section 3.2). */
    static @Nullable TraceContext of(Headers headers) {
        if (headers.first("traceparent") == null) {
            return null;
        }
        List<String> parents = headers.all("traceparent");
        return parents.size() > 1
                ? null
                : TraceContext.parse(parents.getFirst(), String.join(",", headers.all("tracestate"))).orElse(null);
    }
}
