package dev.heddle.internal;

import dev.heddle.CancelledException;
import dev.heddle.FailureHandler;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.LoopLocal;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A log of one kind of failure that a peer may cause as often as it likes. Each loop writes so many in an interval, and
 * counts the rest: what comes from outside can fill neither a disk nor the time of a loop with stack traces, and one
 * kind takes no place from another.
 *
 * <p>Keep one in a static field for each kind.
 */
public final class BoundedLog {

    /** Most entries of a loop in an {@link #INTERVAL}. */
    public static final int MAX_ENTRIES = 100;

    /** How long no more than {@link #MAX_ENTRIES} are written. */
    public static final Duration INTERVAL = Duration.ofSeconds(10);

    /** Failures that no code asked for. Here, since a logger takes its time to be made. */
    public static final BoundedLog FAILURES = new BoundedLog(new ReportLog("dev.heddle", FailureHandler.class));

    /** What has come on a loop since its interval began. */
    private static final class Count {

        private long sinceNanos;
        private long entries;

        /** How many of the interval before were left out, and not yet told of. */
        private long before;

        Count(long sinceNanos) {
            this.sinceNanos = sinceNanos;
        }

        void begin(long now) {
            if (now - sinceNanos >= INTERVAL.toNanos()) {
                before = Math.max(0, entries - MAX_ENTRIES);
                entries = 0;
                sinceNanos = now;
            }
        }
    }

    private final ReportLog log;
    private final LoopLocal<Count> counts = LoopLocal.withInitial(() -> new Count(Heddle.currentLoop().nanoTime()));

    public BoundedLog(ReportLog log) {
        this.log = log;
    }

    /**
     * Writes an entry, or counts it.
     *
     * @param failure null if the words say all
     */
    public void log(Level level, String what, @Nullable Throwable failure) {
        log(level, what, failure, ReportLog.lineIn(failure));
    }

    /** Writes an entry whose source is known, or counts it. */
    public void log(Level level, String what, @Nullable Throwable failure, Supplier<Optional<StackTraceElement>> line) {
        if (!log.isLoggable(level)) {
            return;
        }
        Count count;
        try {
            count = counts.get();
        } catch (IllegalStateException e) {
            // Off the loops, or where one ends its values: neither is at a peer's command.
            write(level, what, failure, line);
            return;
        }
        Loop loop = Heddle.currentLoop();
        count.begin(loop.nanoTime());
        long before = count.before;
        if (before > 0) {
            count.before = 0; // first: who waits for a lock of the log lets others of the loop in
            write(level, before + " more like the next were left out of the log of " + loop.name(), null,
                    line);
        }
        if (++count.entries <= MAX_ENTRIES) {
            boolean last = count.entries == MAX_ENTRIES;
            write(level, last ? what + " (what follows in the same " + INTERVAL.toSeconds() + " s is counted)" : what,
                    failure, line);
        }
    }

    /**
     * A log may need just what has run out, such as a descriptor for its time zones: then one line goes to the standard
     * error, and whoever had a failure to tell of goes on.
     */
    private void write(Level level, String what, @Nullable Throwable failure,
            Supplier<Optional<StackTraceElement>> line) {
        try {
            log.log(level, what, failure, line);
        } catch (CancelledException e) {
            throw e;
        } catch (Throwable e) {
            System.err.println(
                    what + (failure == null ? "" : ": " + Throwables.text(failure)) + " (not in the log, since "
                            + Throwables.text(e) + ")");
        }
    }

    /** Tells a handler of a failure; where the handler fails too, {@link FailureHandler#LOG} hears of both. */
    public static void report(FailureHandler handler, String what, Throwable failure) {
        try {
            handler.failed(what, failure);
        } catch (Throwable e) {
            if (e != failure) {
                e.addSuppressed(failure);
            }
            last("the failure handler failed; suppressed: " + what, e);
        }
    }

    /** A log that fails too, as for want of memory, must not fail who reports; nobody is left to tell. */
    private static void last(String what, Throwable failure) {
        try {
            FailureHandler.LOG.failed(what, failure);
        } catch (Throwable silenced) {
            // There is no other place to say it.
        }
    }
}
