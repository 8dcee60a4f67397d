package dev.heddle;

import java.util.List;

/**
 * The thing that a {@link Waiter} waits for, when somebody holds it: reports then name the holders and find cycles.
 * Locks and limiters give an object of this kind to their waiters.
 */
public interface HeldResource {

    /**
     * The threads that hold it now, those of tasks as well as others. Any one of them could end the wait; empty if it
     * is not known who can. Asked from any thread at any time, so it neither waits nor throws.
     */
    List<Thread> holders();
}
