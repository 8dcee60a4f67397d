package dev.heddle.internal.run;

import java.util.concurrent.CountDownLatch;

/**
 * The padding that keeps the threads of several loops apart in the JVM's memory while they start.
 *
 * <p>At each switch of a virtual thread the JVM writes down which thread its carrier runs now. The four handles in
 * which it does so for a thread lie right behind those of the thread that started before it, 32 bytes further on. So
 * two loops whose threads start one after the other would write to one line of the processors' caches: two that only
 * switch took 1.5 times as long side by side as one after the other (docs/decisions/0047). A few threads in between,
 * which do nothing and end as soon as all loops have theirs, keep the handles on lines of their own.
 *
 * <p>For one thread.
 */
public final class ThreadGaps implements AutoCloseable {

    public static final String NAME = "heddle-gap";

    /** With them, two threads' handles are 128 bytes apart: processors fetch lines of 64 bytes in pairs. */
    private static final int THREADS = 3;

    private static final long MIN_STACK = 1;

    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * Leaves a gap between the thread that was started last and the next one. Where no thread can be had there is none.
     */
    public void add() {
        try {
            for (int i = 0; i < THREADS; i++) {
                var thread = new Thread(null, this::awaitClose, NAME, MIN_STACK, false);
                thread.setDaemon(true);
                thread.start();
            }
        } catch (OutOfMemoryError e) {
            // No more threads: the loops run all the same.
        }
    }

    private void awaitClose() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            // It may end as well.
        }
    }

    /** Ends the threads of the gaps. Idempotent. */
    @Override
    public void close() {
        closed.countDown();
    }
}
