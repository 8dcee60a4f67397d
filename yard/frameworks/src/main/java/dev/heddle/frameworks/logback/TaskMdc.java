package dev.heddle.frameworks.logback;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import dev.heddle.observe.LogContext;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.slf4j.Marker;

/**
 * A filter that lets all pass and has SLF4J's MDC say, at each line, which task and trace it comes from. In the thread
 * that logs, so that appenders with threads of their own show the same.
 */
public final class TaskMdc extends TurboFilter {

    private static final List<String> KEYS = List.of(LogContext.TASK, LogContext.TRACE, LogContext.SPAN);

    @Override
    public FilterReply decide(
            @Nullable Marker marker, Logger logger, Level level, @Nullable String format,
            Object @Nullable [] arguments, @Nullable Throwable failure) {
        if (level.isGreaterOrEqual(logger.getEffectiveLevel())) {
            Map<String, String> known = LogContext.current();
            for (String key : KEYS) {
                String value = known.get(key);
                if (value == null) {
                    MDC.remove(key);
                } else {
                    MDC.put(key, value);
                }
            }
        }
        return FilterReply.NEUTRAL;
    }
}
