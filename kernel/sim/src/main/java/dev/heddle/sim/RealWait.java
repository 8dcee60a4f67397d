package dev.heddle.sim;

import dev.heddle.internal.Durations;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The one place of a simulation that waits in real time: for work on other threads, whose end the virtual clock cannot
 * know. {@link #wake} is for any thread, the rest for the loop's own.
 */
final class RealWait {

    private final AtomicBoolean woken = new AtomicBoolean();
    private final long limitNanos;
    private volatile @Nullable Thread sleeper;

    RealWait(Duration limit) {
        limitNanos = Durations.toNanos(limit);
    }

    void wake() {
        woken.set(true);
        LockSupport.unpark(sleeper);
    }

    /** Whether there was a wake-up since the last look. */
    boolean takeWake() {
        return woken.get() && woken.getAndSet(false);
    }

    /**
     * Waits for a wake-up, which it takes, or an interrupt, which it leaves; false if neither came within the limit.
     */
    boolean await() {
        long start = System.nanoTime();
        sleeper = Thread.currentThread();
        try {
            while (!takeWake() && !Thread.currentThread().isInterrupted()) {
                long left = limitNanos - (System.nanoTime() - start);
                if (left <= 0) {
                    return false;
                }
                LockSupport.parkNanos(this, left);
            }
            return true;
        } finally {
            sleeper = null;
        }
    }
}
