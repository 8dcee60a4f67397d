package dev.heddle.process;

import dev.heddle.BrokenException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a pool from starting ever more workers that fail at their start: after a few in a row one is tried each second. Bodies that want another
 * one meanwhile fail at once, but for those that may be tried again, which wait.
 *
 * <p>Threads: any.
 */
final class StartLimit {

    private static final int MOST_FAILURES = 3;
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final String pool;
    private int failures;
    private long lastNanos;
    private @Nullable Throwable last;

    StartLimit(String pool) {
        this.pool = pool;
    }

    /**
     * Before a start.
     *
     * @param patient whether to wait until there may be one
     * @throws BrokenException if there must be none now
     */
    void await(boolean patient) throws InterruptedException {
        for (long pause = pauseNanos(); pause > 0; pause = pauseNanos()) {
            if (!patient) {
                throw broken();
            }
            TimeUnit.NANOSECONDS.sleep(pause);
        }
    }

    /** How long there must be no start; 0 if this is the one that may be tried. */
    private synchronized long pauseNanos() {
        if (failures < MOST_FAILURES) {
            return 0;
        }
        long now = System.nanoTime();
        long pause = PAUSE_NANOS - (now - lastNanos);
        if (pause > 0) {
            return pause;
        }
        lastNanos = now;
        return 0;
    }

    private synchronized BrokenException broken() {
        return new BrokenException(
                "no worker of the pool " + pool + " gets ready: " + failures
                        + " in a row failed at their start, and"
                        + " the next one is tried in a moment; the last failure: " + last,
                last);
    }

    synchronized void failed(Throwable why) {
        failures++;
        lastNanos = System.nanoTime();
        last = why;
    }

    synchronized void succeeded() {
        failures = 0;
        last = null;
    }
}
