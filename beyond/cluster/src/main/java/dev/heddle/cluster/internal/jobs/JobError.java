package dev.heddle.cluster.internal.jobs;

import dev.heddle.cluster.internal.Forms;
import dev.heddle.internal.Throwables;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The words of a failed attempt that are kept with its job: the class and the message of what was thrown, the first
 * lines of its stack, and the same of its causes.
 */
public final class JobError {

    private static final int MAX_MESSAGE = 400;

    private static final int MAX_FRAMES = 3;

    private static final int MAX_CAUSES = 3;

    /** Of causes that are looked through. */
    private static final int MAX_DEPTH = 20;

    private JobError() {}

    /** What is kept of a failure. */
    public static String text(Throwable failure) {
        var text = new StringBuilder(Forms.cut(Throwables.text(failure), MAX_MESSAGE));
        try {
            List<Throwable> all = causes(failure);
            for (Throwable each : all.subList(0, Math.min(all.size(), 1 + MAX_CAUSES))) {
                if (each != failure) {
                    text.append("\nCaused by: ").append(Forms.cut(Throwables.text(each), MAX_MESSAGE));
                }
                StackTraceElement[] frames = each.getStackTrace();
                for (int i = 0; i < Math.min(MAX_FRAMES, frames.length); i++) {
                    text.append("\n    at ").append(frames[i]);
                }
            }
        } catch (RuntimeException | Error e) {
            text.append("\n    (its stack cannot be read)");
        }
        return text.toString();
    }

    /** A failure of a type, or a cause of it. */
    public static <X extends Throwable> Optional<X> find(Class<X> type, Throwable failure) {
        return causes(failure).stream().filter(type::isInstance).map(type::cast).findFirst();
    }

    /** A failure and its causes, each once; those before one that fails when it is asked for its own. */
    private static List<Throwable> causes(Throwable failure) {
        List<Throwable> all = new ArrayList<>();
        try {
            for (Throwable each = failure; each != null && all.size() < MAX_DEPTH && !all.contains(each);) {
                all.add(each);
                each = each.getCause();
            }
        } catch (RuntimeException | Error e) {
            // An exception of users may fail in all that it is asked.
        }
        return all;
    }

    /** Its class and message, in one line if they are. */
    public static String firstLine(String error) {
        int end = error.indexOf('\n');
        return end < 0 ? error : error.substring(0, end);
    }
}
