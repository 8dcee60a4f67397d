package dev.heddle.cluster.internal.jobs;

import dev.heddle.sync.BoundedSemaphore;
import java.time.Duration;

/**
 * The slots of a handler on one node, and the number of jobs that the node takes before a slot is free. Short jobs would
 * otherwise wait for the store longer than they take: so a node has as many at hand as begin within a moment.
 *
 * <p>Threads: the node's loop.
 */
public final class HandlerSlots {

    /** How long a job that was taken waits for a slot, before it goes back to the queue. */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    /** Most jobs that are taken before a slot is free. */
    private static final int MAX_AHEAD = 256;

    /** Within which they should begin. */
    private static final double MOMENT_NANOS = 20e6;

    /** Jobs until it is known how long one takes. */
    private static final int MIN_KNOWN = 16;

    /** The weight of the last job in the mean. */
    private static final double WEIGHT = 1.0 / 16;

    private final int limit;
    private final BoundedSemaphore free;
    private int known;
    private double meanNanos;

    public HandlerSlots(String name, int limit) {
        this.limit = limit;
        this.free = BoundedSemaphore.named("slots of jobs " + name, limit);
    }

    /** How many jobs to take before a slot is free. */
    public int ahead() {
        return known < MIN_KNOWN ? 0 : (int) Math.min(MAX_AHEAD, limit * MOMENT_NANOS / Math.max(1, meanNanos));
    }

    /** Waits for a slot; false if there is none for long, and nothing was taken. */
    public boolean enter() {
        if (free.tryAcquire() || free.acquireWithin(PATIENCE)) {
            return true;
        }
        known = 0;
        return false;
    }

    /** Gives the slot back, of a job that took so long. */
    public void leave(long nanos) {
        meanNanos = known == 0 ? nanos : meanNanos + (nanos - meanNanos) * WEIGHT;
        known = Math.min(MIN_KNOWN, known + 1);
        free.release();
    }
}
