package dev.heddle.sync;

import dev.heddle.Waiter;
import org.jspecify.annotations.Nullable;

/**
 * One of the things that a {@link Select} waits for. It may be used again, but by one select at a time.
 *
 * <pre>
 *   attempt ──true─────────────────────▶ finish
 *      │false                               ▲
 *      └──▶ enqueue ──▶ (wait) ──▶ leave ───┘ if it won
 * </pre>
 */
interface Clause<R> {

    /** What guards the thing; null if nothing needs to, because it is once and for all ready or not. */
    @Nullable OrderedLock lock();

    /**
     * Does it, if that needs no waiting, and keeps what comes of it for {@link #finish}. Under the lock. What it throws
     * is thrown by the select, which has then done nothing.
     *
     * @return whether it is done; where there is nothing to do, whether it is ready
     */
    boolean attempt();

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

    /** The id of the thread that did last what would make it ready; 0 if that is not known. From any thread. */
    default long lastThread() {
        return 0;
    }

    /** The result of what was done; calls code of users. Without locks. */
    R finish();
}
