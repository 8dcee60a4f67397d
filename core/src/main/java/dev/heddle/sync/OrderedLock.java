package dev.heddle.sync;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock with a place in a total order: who needs several takes them by rising number, so that no two callers can hold
 * each other up. Held for a few steps only, never while waiting, and a task gives way nowhere in between; so between
 * the tasks of one loop it is always free, and the JDK's lock then costs two atomic steps.
 */
final class OrderedLock extends ReentrantLock {

    private static final long serialVersionUID = 1L;
    private static final AtomicLong MADE = new AtomicLong();

    final long number = MADE.incrementAndGet();

    /** Whether the holder is in code of users, which must not change what is being changed. Under the lock. */
    private boolean calling;

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException if the caller is code of users that is called under this lock
     */
    @Override
    public void lock() {
        super.lock();
        if (calling) {
            unlock();
            throw new IllegalStateException("a comparator, or equals or hashCode, has called back into the object that"
                    + " called it, which is in the middle of a change");
        }
    }

    /** Code of users is called under this lock from now on; not inside of such a call. */
    void call() {
        calling = true;
    }

    /** It has come back. */
    void called() {
        calling = false;
    }
}
