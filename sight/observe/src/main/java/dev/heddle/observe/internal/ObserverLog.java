package dev.heddle.observe.internal;

import dev.heddle.Loop;
import dev.heddle.internal.ReportLog;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/** The log of what is done to this process from outside. It is made at its first entry: a logger takes its time. */
final class ObserverLog {

    private static final ReportLog LOG = new ReportLog("dev.heddle.observe", Loop.class);

    private ObserverLog() {}

    /**
     * Writes an entry.
     *
     * @param failure null if the words say all
     */
    static void log(Level level, String what, @Nullable Throwable failure) {
        LOG.log(level, what, failure);
    }
}
