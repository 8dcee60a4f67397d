package dev.heddle.net;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads on which names are looked up, shared by all loops.
 *
 * <p>Not the loop's workers: the system's look-up cannot be interrupted, and a cancelled task or an ending loop must
 * not wait for a name server that is silent. They are daemons and end when idle, so they hold up nothing.
 */
final class LookupThreads {

    /** The look-ups at the same time. */
    static final int MAX_THREADS = 16;

    /** The look-ups that wait for a thread. */
    static final int MAX_QUEUED = 1024;

    private static final long IDLE_SECONDS = 10;

    /**
     * Look-ups that have not ended. Counted here, as a bounded queue would also count those that an idle thread is
     * about to take.
     */
    private static final AtomicInteger UNDER_WAY = new AtomicInteger();

    private static final ThreadPoolExecutor THREADS = new ThreadPoolExecutor(
            MAX_THREADS,
            MAX_THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("heddle-dns-", 0).factory());

    static {
        THREADS.allowCoreThreadTimeOut(true);
    }

    private LookupThreads() {}

    /** The look-ups that have not ended. */
    static int underWay() {
        return UNDER_WAY.get();
    }

    /**
     * Runs a look-up soon.
     *
     * @throws RejectedExecutionException if {@link #MAX_QUEUED} wait already
     */
    static void execute(Runnable lookup) {
        if (UNDER_WAY.incrementAndGet() > MAX_THREADS + MAX_QUEUED) {
            UNDER_WAY.decrementAndGet();
            throw new RejectedExecutionException("too many look-ups wait for an answer");
        }
        try {
            THREADS.execute(() -> {
                try {
                    lookup.run();
                } finally {
                    UNDER_WAY.decrementAndGet();
                }
            });
        } catch (Throwable e) {
            UNDER_WAY.decrementAndGet();
            throw e;
        }
    }
}
