package dev.heddle.sync;

import dev.heddle.Waiter;
import org.jspecify.annotations.Nullable;

/**
 * One of the things that a {@link Select} waits for. It may be used again, but by one select at a time.
 *
 * <pre>
 *   isReady ──yes──▶ attempt ──true──▶ finish
 *      │no                                ▲
 *      └──▶ enqueue ──▶ (wait) ──▶ leave ─┘ if it won
 * </pre>
 */
interface Clause<R> {

    /** What guards the thing; null if nothing needs to, because it is once and for all ready or not. */
    @Nullable OrderedLock lock();

    /** Whether {@link #attempt} is likely to succeed. Under the lock. */
    boolean isReady();

    /**
     * Does it, if that needs no waiting, and keeps what comes of it for {@link #finish}. Under the lock. What it throws
     * is thrown by the select, which has then done nothing. Where there is nothing to do, to be ready is all.
     */
    default boolean attempt() {
        return isReady();
    }

    /**
     * Leaves the select's waiter with the thing. Under the lock, and after an {@code attempt} of all clauses failed; if
     * there is no lock, under no other either, because code of users may run.
     */
    void enqueue(Waiter waiter);

    /**
     * Takes the waiter back, if it was left. Under the lock.
     *
     * @return whether this is what decided it; without a lock it cannot know, and says no
     */
    boolean leave();

    /** The result of what was done; calls code of users. Without locks. */
    R finish();
}
