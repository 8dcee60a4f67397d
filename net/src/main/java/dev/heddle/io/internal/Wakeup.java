package dev.heddle.io.internal;

import dev.heddle.CancelledException;
import dev.heddle.Waiter;

/**
 * The wake-up of one task by others: it waits until another says that something has changed. Keeps nothing: the waiting
 * side looks at its condition before it waits, which is safe since tasks of a loop never run at the same time.
 *
 * <p>Threads: tasks and callbacks of one loop.
 */
public final class Wakeup {

    private final Waiter waiter;
    private boolean waiting;

    /**
     * @param waitingFor how the wait reads in a report
     */
    public Wakeup(Object waitingFor) {
        waiter = new Waiter(waitingFor);
    }

    /**
     * Waits for the next {@link #raise}.
     *
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public void await() {
        waiter.reset();
        waiting = true;
        try {
            waiter.await();
        } finally {
            waiting = false;
        }
    }

    /** Wakes the waiting task, if there is one. */
    public void raise() {
        if (waiting) {
            waiter.complete();
        }
    }
}
