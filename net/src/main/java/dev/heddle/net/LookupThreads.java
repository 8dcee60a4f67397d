package dev.heddle.net;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads on which names are looked up, shared by all loops.
 *
 * <p>Not the loop's workers: the system's look-up cannot be interrupted, and a cancelled task or an ending loop must not wait
 * for a name server that is silent. They are daemons and end when idle, so they hold up nothing.
 */
final class LookupThreads {

    /** The look-ups at the same time. */
    static final int MAX_THREADS = 16;

    /** The look-ups that wait for a thread. */
    static final int MAX_QUEUED = 1024;

    private static final long IDLE_SECONDS = 10;

    private static final ThreadPoolExecutor THREADS = new ThreadPoolExecutor(
            MAX_THREADS,
            MAX_THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MAX_QUEUED),
            Thread.ofPlatform().daemon().name("heddle-dns-", 0).factory());

    static {
        THREADS.allowCoreThreadTimeOut(true);
    }

    private LookupThreads() {}

    /**
     * Runs a look-up soon.
     *
     * @throws RejectedExecutionException if too many wait already
     */
    static void execute(Runnable lookup) {
        THREADS.execute(lookup);
    }
}
