package dev.heddle.internal;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;

/**
 * A log of what users are told. The source of its records is a line of theirs, which they can look at: where the
 * failure comes from, where a task is that does not listen or holds what others want, or where it was spawned; and where
 * no such line is known, the public class that the report is about.
 *
 * <p>{@link System.Logger} has no word for the source, and a backend that infers it from the stack finds the inside of
 * Heddle. So this goes for {@code java.util.logging}, where the platform's logger is no other; with another the line
 * stands in the stack trace below the entry.
 */
public final class ReportLog {

    /** Made with the first entry: to look for a logger takes a good part of what a small program takes to start. */
    private volatile @Nullable Logger log;

    /** The platform's name of the log; null if it is another. */
    private final @Nullable String name;

    private final String source;

    /** @param about the public class that stands in for a line of users */
    public ReportLog(String name, Class<?> about) {
        this(null, name, about);
    }

    ReportLog(@Nullable Logger log, @Nullable String name, Class<?> about) {
        this.log = log;
        this.name = name;
        this.source = about.getName();
    }

    public boolean isLoggable(Level level) {
        Logger known;
        try {
            known = logger();
        } catch (RuntimeException | Error e) {
            return true; // so whoever writes the entry hears why there is no logger
        }
        return known.isLoggable(level);
    }

    private Logger logger() {
        Logger known = log;
        if (known == null) {
            known = System.getLogger(Objects.requireNonNull(name));
            log = known;
        }
        return known;
    }

    /** Loads what the first entry needs, where nobody waits for it, and writes nothing. */
    public void prepare() {
        if (isLoggable(Level.INFO) && name != null && Platform.LOGS_BY_JUL) {
            Jul.prepare(name);
        }
    }

    /**
     * Writes an entry whose source is the line where a failure comes from.
     *
     * @param failure null if the words say all
     */
    public void log(Level level, String what, @Nullable Throwable failure) {
        log(level, what, failure, lineIn(failure));
    }

    /** Where a failure comes from, if there is one. */
    public static Supplier<Optional<StackTraceElement>> lineIn(@Nullable Throwable failure) {
        return () -> Optional.ofNullable(failure).flatMap(UserLine::in);
    }

    /** Writes an entry whose source is known. */
    void log(Level level, String what, @Nullable Throwable failure, Supplier<Optional<StackTraceElement>> line) {
        if (!isLoggable(level)) {
            return;
        }
        Throwable told = failure == null ? null : Throwables.printable(failure);
        if (name != null && Platform.LOGS_BY_JUL) {
            Optional<StackTraceElement> at = line.get();
            Jul.write(name, level, what, told, at.map(StackTraceElement::getClassName).orElse(source),
                    at.map(ReportLog::method).orElse(null));
        } else {
            logger().log(level, what, told);
        }
    }

    /** As it is called in the source: a lambda by the method around it. */
    private static String method(StackTraceElement line) {
        String name = line.getMethodName();
        return name.startsWith("lambda$") ? name.substring("lambda$".length(), name.lastIndexOf('$')) : name;
    }

    /** Where entries go. */
    private static final class Platform {

        static final boolean LOGS_BY_JUL = "java.logging".equals(
                System.LoggerFinder.getLoggerFinder().getClass().getModule().getName());
    }

    /** What needs the module {@code java.logging}, which is not everywhere. */
    private static final class Jul {

        static void prepare(String log) {
            for (var logger = java.util.logging.Logger.getLogger(log); logger != null; logger = logger.getParent()) {
                logger.getHandlers();
            }
            new SimpleFormatter().format(new LogRecord(java.util.logging.Level.INFO, ""));
        }

        static void write(String log, Level level, String what, @Nullable Throwable failure, String type,
                @Nullable String method) {
            var entry = new LogRecord(level(level), what);
            entry.setLoggerName(log);
            entry.setThrown(failure);
            entry.setSourceClassName(type);
            entry.setSourceMethodName(method);
            java.util.logging.Logger.getLogger(log).log(entry);
        }

        private static java.util.logging.Level level(Level level) {
            return switch (level) {
                case ALL -> java.util.logging.Level.ALL;
                case TRACE -> java.util.logging.Level.FINER;
                case DEBUG -> java.util.logging.Level.FINE;
                case INFO -> java.util.logging.Level.INFO;
                case WARNING -> java.util.logging.Level.WARNING;
                case ERROR -> java.util.logging.Level.SEVERE;
                case OFF -> java.util.logging.Level.OFF;
            };
        }
    }
}
