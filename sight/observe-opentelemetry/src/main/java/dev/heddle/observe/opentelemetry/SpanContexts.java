package dev.heddle.observe.opentelemetry;

import dev.heddle.trace.TraceContext;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The place in a trace, in OpenTelemetry's words and in Heddle's. */
final class SpanContexts {

    /** Most characters of a state (W3C Trace Context, section 3.3.1.5). */
    private static final int MAX_STATE = 512;

    /** Reads a trace as if it had come in a message, since only that reader of states is OpenTelemetry's API. */
    private static final TextMapGetter<TraceContext> FIELDS = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(TraceContext trace) {
            return List.of("traceparent", "tracestate");
        }

        @Override
        @SuppressWarnings("NullAway") // only such an extractor calls, with the trace that it was given
        public @Nullable String get(@Nullable TraceContext trace, String key) {
            return switch (key) {
                case "traceparent" -> trace.traceparent();
                case "tracestate" -> trace.state().isEmpty() ? null : trace.state();
                default -> null;
            };
        }
    };

    private SpanContexts() {}

    /** The place in a trace that a context names; null if it names none. */
    static @Nullable TraceContext traceOf(Context context) {
        SpanContext span = Span.fromContext(context).getSpanContext();
        return span.isValid()
                ? new TraceContext(span.getTraceId(), span.getSpanId(), span.getTraceFlags().asByte() & 0xff,
                        state(span))
                : null;
    }

    /** The members of a state as the field has them, as many as it may have. */
    private static String state(SpanContext span) {
        if (span.getTraceState().isEmpty()) {
            return "";
        }
        var text = new StringBuilder();
        span.getTraceState().forEach((vendor, value) -> {
            int comma = text.isEmpty() ? 0 : 1;
            if (text.length() + comma + vendor.length() + 1 + value.length() <= MAX_STATE) {
                text.append(comma == 0 ? "" : ",").append(vendor).append('=').append(value);
            }
        });
        return text.toString();
    }

    /** A context whose span is that of a trace, somewhere else. */
    static Context with(Context context, TraceContext trace) {
        return W3CTraceContextPropagator.getInstance().extract(context, trace, FIELDS);
    }
}
