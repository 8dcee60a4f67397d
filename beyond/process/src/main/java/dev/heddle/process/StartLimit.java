package dev.heddle.process;

import dev.heddle.BrokenException;
import dev.heddle.Heddle;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The limit on starts that keeps a pool from starting ever more workers that fail at their start: after a few in a row
 * one is tried each second. Meanwhile those that are there do the work; if there are none, bodies fail at once, but for
 * those that may be tried again, which wait.
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

    /** How long there must be no start; zero or less if there may be one now. */
    Duration pause() {
        return failures < MAX_FAILURES
                ? Duration.ZERO
                : Duration.ofNanos(PAUSE_NANOS - (Heddle.currentLoop().nanoTime() - lastNanos));
    }

    /** Whether there may be a start now, which the caller then makes. */
    boolean tryStart() {
        if (pause().isPositive()) {
            return false;
        }
        lastNanos = Heddle.currentLoop().nanoTime();
        return true;
    }

    /** The failure of what no worker can be had for. */
    BrokenException broken() {
        return new BrokenException(
                "no worker of the pool " + pool + " gets ready: " + failures
                        + " in a row failed at their start, and"
                        + " the next one is tried in a moment; the last failure: " + last,
                last);
    }

    /** A start has failed; gives whether it is the one from which on they are limited. */
    boolean failed(Throwable why) {
        failures++;
        lastNanos = Heddle.currentLoop().nanoTime();
        last = why;
        return failures == MAX_FAILURES;
    }

    void succeeded() {
        failures = 0;
        last = null;
    }
}
