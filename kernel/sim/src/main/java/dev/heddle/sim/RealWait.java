package dev.heddle.sim;

import dev.heddle.internal.Durations;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The one place of a simulation that waits in real time: for work on other threads, whose end the virtual clock cannot
 * know. {@link #wake} is for any thread, the rest for the loop's own.
 */
final class RealWait {

    /** For so long a run that cannot go on by itself waits for threads that nothing says will come. */
    static final Duration PATIENCE = Duration.ofSeconds(2);

    private final AtomicBoolean woken = new AtomicBoolean();
    private final long limitNanos;
    private volatile @Nullable Thread sleeper;

    /** The first thread of those that have come since has a greater number. */
    private final long firstThread = Thread.ofPlatform().unstarted(() -> {}).threadId();

    private volatile boolean everWoken;

    RealWait(Duration limit) {
        limitNanos = Durations.toNanos(limit);
    }

    void wake() {
        everWoken = true;
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
        return await(limitNanos);
    }

    /** As {@link #await()}, but not longer than a moment. */
    boolean awaitMoment() {
        return await(Math.min(limitNanos, PATIENCE.toNanos()));
    }

    /** Whether other threads may wake: one has, or one was begun since. Virtual ones are not seen before they do. */
    boolean knowsOthers() {
        return everWoken || Arrays.stream(liveThreads()).anyMatch(this::isOther);
    }

    private boolean isOther(Thread thread) {
        return thread.threadId() > firstThread
                && thread != Thread.currentThread()
                && !thread.getName().startsWith("heddle-");
    }

    private static Thread[] liveThreads() {
        ThreadGroup all = Thread.currentThread().getThreadGroup();
        while (all.getParent() != null) {
            all = all.getParent();
        }
        Thread[] threads = new Thread[all.activeCount() + 16]; // some may come meanwhile
        return Arrays.copyOf(threads, all.enumerate(threads));
    }

    private boolean await(long mostNanos) {
        long start = System.nanoTime();
        sleeper = Thread.currentThread();
        try {
            while (!takeWake() && !Thread.currentThread().isInterrupted()) {
                long left = mostNanos - (System.nanoTime() - start);
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
