package dev.heddle.observe;

import dev.heddle.Task;
import dev.heddle.internal.RequestScope;
import dev.heddle.internal.sight.Kernel;
import dev.heddle.trace.TraceContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The context of a line of a log: the task that the code works for, the trace that it belongs to
 * and the request that it answers. Asked for at each line, so nothing is kept in thread locals and nothing is left behind in a thread of a pool.
 *
 * <p>{@link TaskFormatter} shows it in {@code java.util.logging}, and so for {@link System.Logger}; a filter of ten lines
 * puts it into SLF4J's MDC, see the guide.
 *
 * <p>Threads: any.
 */
public final class LogContext {

    /** The task, by its loop and number as {@code heddle cancel} takes it, and its name if it was given one. */
    public static final String TASK = "task";

    /** The trace, as OpenTelemetry's logs name it. */
    public static final String TRACE = "trace_id";

    /** The span that is the parent of what the code does, as OpenTelemetry's logs name it. */
    public static final String SPAN = "span_id";

    /** The request that a server has given an id. */
    public static final String REQUEST = "request_id";

    /** Names are users' text, and one line is to stay one. */
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    private LogContext() {}

    /**
     * What is known of the calling code, in this order; a part that it does not have is left out. What was offloaded or
     * given to a pool of threads works for the task that did so. A child process knows the trace, but no task and no request.
     */
    public static Map<String, String> current() {
        var known = new LinkedHashMap<String, String>();
        Task<?> task = Kernel.hasBegun() ? Kernel.get().served() : null;
        if (task != null) {
            String name = Kernel.get().givenName(task);
            known.put(TASK, CONTROL
                    .matcher(task.loop().name() + "/" + task.id() + (name == null ? "" : " " + name))
                    .replaceAll("?"));
        }
        TraceContext.current().ifPresent(trace -> {
            known.put(TRACE, trace.traceId());
            known.put(SPAN, trace.spanId());
        });
        String request = RequestScope.current();
        if (request != null) {
            known.put(REQUEST, request);
        }
        return known;
    }
}
