package dev.heddle.trace;

import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.internal.AsksSystem;
import dev.heddle.internal.TraceScope;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The place of some work in a distributed trace (<a href="https://www.w3.org/TR/trace-context/">W3C Trace Context</a>).
 *
 * <p>A server takes it from its requests and binds it around the handler; from there it goes along, as each scoped value
 * does, to the tasks that the code spawns, to {@code offload}, callbacks and pools, and also to the bodies of child
 * processes; and the HTTP client gives it to the next server. So all that a request causes has one trace id, with no
 * line of code:
 *
 * <pre>{@code
 * log.info("trace " + TraceContext.current().map(TraceContext::traceId).orElse("-") + ": paid");
 * }</pre>
 *
 * <p>Heddle records no spans, so it passes the context on as it came. Who records one makes it the parent of all that
 * its code causes:
 *
 * <pre>{@code
 * TraceContext span = TraceContext.current().map(TraceContext::next).orElseGet(() -> TraceContext.begin(true));
 * span.call(() -> http.get(url).text());
 * }</pre>
 *
 * <p>Threads: any. It never changes.
 *
 * @param traceId the number of the trace: 32 hexadecimal digits in lower case, not all zero
 * @param spanId the number of the span that is the parent of what this code does: 16 such digits, not all zero
 * @param flags one byte: bit 0 says that the trace is recorded, bit 1 that its number is random
 * @param state what vendors add ({@code tracestate}), passed on as it came; may be empty, at most 512 characters
 */
@AsksSystem("threads that are no tasks call it too")
public record TraceContext(String traceId, String spanId, int flags, String state) {

    private static final int SAMPLED = 1;
    private static final int RANDOM = 2;

    /** Where the parts of a traceparent end: its version, the trace, the span, the flags (section 3.2.2). */
    private static final int VERSION_END = 2;

    private static final int TRACE_END = 35;
    private static final int SPAN_END = 52;
    private static final int FLAGS_END = 55;

    /** What every tool has to pass on (section 3.3.1.5); more is left out. */
    private static final int MAX_STATE = 512;

    /** @throws IllegalArgumentException if a part is not as it has to be */
    public TraceContext {
        if (!isNumber(traceId, TRACE_END - VERSION_END - 1)) {
            throw new IllegalArgumentException("a trace id has 32 hexadecimal digits, not all zero");
        }
        if (!isNumber(spanId, SPAN_END - TRACE_END - 1)) {
            throw new IllegalArgumentException("a span id has 16 hexadecimal digits, not all zero");
        }
        if (flags < 0 || flags > 0xff) {
            throw new IllegalArgumentException("flags are one byte, not " + flags);
        }
        if (state.length() > MAX_STATE || !state.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
            throw new IllegalArgumentException("a state has at most " + MAX_STATE + " printable characters of ASCII");
        }
    }

    /** The context that the calling code runs in; empty if it belongs to no trace. */
    public static Optional<TraceContext> current() {
        return Optional.ofNullable(TraceScope.current());
    }

    /** Begins a trace of random numbers; in a simulation those of its seed. */
    public static TraceContext begin(boolean sampled) {
        return new TraceContext(random() + random(), random(), RANDOM | (sampled ? SAMPLED : 0), "");
    }

    /**
     * Reads the two fields of a message.
     *
     * @param traceparent as in {@code 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01}; of later versions the
     *     same parts are read
     * @param tracestate null if there is none; one that must not be passed on counts as none
     * @return empty if the first is not as the recommendation says, and a new trace would begin
     */
    public static Optional<TraceContext> parse(String traceparent, @Nullable String tracestate) {
        int length = traceparent.length();
        boolean plain = traceparent.startsWith("00");
        if (length < FLAGS_END
                || (plain ? length > FLAGS_END : length > FLAGS_END && traceparent.charAt(FLAGS_END) != '-')
                || traceparent.charAt(VERSION_END) != '-'
                || traceparent.charAt(TRACE_END) != '-'
                || traceparent.charAt(SPAN_END) != '-'
                || traceparent.startsWith("ff")
                || !isHex(traceparent.substring(0, VERSION_END))
                || !isHex(traceparent.substring(SPAN_END + 1, FLAGS_END))) {
            return Optional.empty();
        }
        String trace = traceparent.substring(VERSION_END + 1, TRACE_END);
        String span = traceparent.substring(TRACE_END + 1, SPAN_END);
        if (isZeroOrBad(trace) || isZeroOrBad(span)) {
            return Optional.empty();
        }
        int flags = HexFormat.fromHexDigits(traceparent, SPAN_END + 1, FLAGS_END);
        try {
            return Optional.of(new TraceContext(trace, span, flags, tracestate == null ? "" : tracestate.strip()));
        } catch (IllegalArgumentException e) { // the state, which is no reason to lose the trace
            return Optional.of(new TraceContext(trace, span, flags, ""));
        }
    }

    /** The context of a new span in the same trace. */
    public TraceContext next() {
        return new TraceContext(traceId, random(), flags, state);
    }

    /** Whether the caller may have recorded the trace. */
    public boolean isSampled() {
        return (flags & SAMPLED) != 0;
    }

    /** The field {@code traceparent} of a message. */
    public String traceparent() {
        return "00-" + traceId + "-" + spanId + "-" + HexFormat.of().toHexDigits((byte) flags);
    }

    /** Runs a body, and all that it causes, in this context. Cancellation: passes through. */
    public <T extends @Nullable Object> T call(Callable<? extends T> body) throws Exception {
        return ScopedValue.where(TraceScope.CURRENT, this).call(body::call);
    }

    /** Runs a body, and all that it causes, in this context. Cancellation: passes through. */
    public void run(Runnable body) {
        ScopedValue.where(TraceScope.CURRENT, this).run(body);
    }

    private static boolean isZeroOrBad(String digits) {
        return !isNumber(digits, digits.length());
    }

    private static boolean isNumber(String digits, int length) {
        return digits.length() == length && isHex(digits) && digits.chars().anyMatch(c -> c != '0');
    }

    /** Only lower case will do (section 3.2.2). */
    private static boolean isHex(String digits) {
        return digits.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    }

    private static String random() {
        long number = 0;
        while (number == 0) {
            number = Task.ofThread(Thread.currentThread()).isPresent()
                    ? Heddle.currentLoop().engine().random()
                    : ThreadLocalRandom.current().nextLong();
        }
        return HexFormat.of().toHexDigits(number);
    }
}
