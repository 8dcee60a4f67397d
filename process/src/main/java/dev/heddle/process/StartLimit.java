package dev.heddle.process;

import dev.heddle.BrokenException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a pool from starting ever more workers that fail at their start: after a few in a row one is tried each second, and bodies that
 * would want another one meanwhile fail at once.
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
     * @throws BrokenException if there must be none now
     */
    synchronized void check() {
        if (failures < MOST_FAILURES) {
            return;
        }
        long now = System.nanoTime();
        if (now - lastNanos < PAUSE_NANOS) {
            throw new BrokenException(
                    "no worker of the pool " + pool + " gets ready: " + failures
                            + " in a row failed at their start, and"
                            + " the next one is tried in a moment; the last failure: " + last,
                    last);
        }
        lastNanos = now;
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
