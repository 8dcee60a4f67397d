package dev.heddle.observe;

import java.util.Map;
import java.util.StringJoiner;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;

/**
 * A {@link SimpleFormatter} whose messages begin with the task and the trace that they come from, and the request if the
 * server gives ids: {@code [loop/17 fetch prices, trace 0af7651916cd43dd8448eb211c80319c, request 7f3a] no answer}.
 *
 * <p>In {@code logging.properties}: {@code java.util.logging.ConsoleHandler.formatter=dev.heddle.observe.TaskFormatter}.
 * The layout of lines is that of {@code java.util.logging.SimpleFormatter.format}. {@link System.Logger} writes by
 * {@code java.util.logging} unless something else is on the path.
 *
 * <p>Threads: any. For handlers that format in the thread that logs, as the JDK's do.
 */
public final class TaskFormatter extends SimpleFormatter {

    /** A formatter, as handlers make it. */
    public TaskFormatter() {}

    @Override
    public @Nullable String formatMessage(LogRecord entry) {
        Map<String, String> context = LogContext.current();
        var where = new StringJoiner(", ", "[", "] ").setEmptyValue("");
        add(where, "", context.get(LogContext.TASK));
        add(where, "trace ", context.get(LogContext.TRACE));
        add(where, "request ", context.get(LogContext.REQUEST));
        String message = super.formatMessage(entry);
        return where.length() == 0 ? message : where + message;
    }

    private static void add(StringJoiner where, String what, @Nullable String name) {
        if (name != null) {
            where.add(what + name);
        }
    }
}
