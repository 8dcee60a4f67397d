package dev.heddle.internal;

import org.jspecify.annotations.Nullable;

/** The thread of a worker pool, for the body that runs on it. Threads: that one. */
public interface AheadWorker {

    /**
     * Takes the body that is the next in the queue, for this worker to run behind those that it has taken before. Counts as queued until
     * its turn.
     *
     * @return null if it may not be handed over early, or another worker is free for it
     */
    @Nullable AheadBody<?> takeAhead();

    /** Puts a body that was taken ahead and has not begun back to the head of the queue; the last that was taken comes first. */
    void putBack(AheadBody<?> body);
}
