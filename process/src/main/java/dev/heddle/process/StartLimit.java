package dev.heddle.process;

import dev.heddle.BrokenException;
import dev.heddle.Heddle;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The limit on starts that keeps a pool from starting ever more workers that fail at their start: after a few in a row
 * one is tried each second. Bodies that want another one meanwhile fail at once, but for those that may be tried again,
 * which wait.
 *
 * <p>Confined to the loop of the pool.
 */
final class StartLimit {

    private static final int MAX_FAILURES = 3;
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
     * <p>Cancellation: a cancelled call has changed nothing.
     *
     * @param patient whether to wait until there may be one
     * @throws BrokenException if there must be none now
     */
    void await(boolean patient) {
        for (long pause = pauseNanos(); pause > 0; pause = pauseNanos()) {
            if (!patient) {
                throw broken();
            }
            Heddle.sleep(Duration.ofNanos(pause));
        }
    }

    /** How long there must be no start; 0 if this is the one that may be tried. */
    private long pauseNanos() {
        if (failures < MAX_FAILURES) {
            return 0;
        }
        long now = Heddle.currentLoop().nanoTime();
        long pause = PAUSE_NANOS - (now - lastNanos);
        if (pause > 0) {
            return pause;
        }
        lastNanos = now;
        return 0;
    }

    private BrokenException broken() {
        return new BrokenException(
                "no worker of the pool " + pool + " gets ready: " + failures
                        + " in a row failed at their start, and"
                        + " the next one is tried in a moment; the last failure: " + last,
                last);
    }

    void failed(Throwable why) {
        failures++;
        lastNanos = Heddle.currentLoop().nanoTime();
        last = why;
    }

    void succeeded() {
        failures = 0;
        last = null;
    }
}
