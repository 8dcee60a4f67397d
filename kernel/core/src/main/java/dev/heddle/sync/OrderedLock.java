package dev.heddle.sync;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock with a place in a total order: who needs several takes them by rising number, so that no two callers can hold
 * each other up. Held for a few steps only, never while waiting, and a task gives way nowhere in between; so between
 * the tasks of one loop it is always free, and the JDK's lock then costs two atomic steps.
 *
 * <p>Who finds it taken, by another loop or thread, looks again for a moment: a task that waits for it would have to be
 * parked and woken, which takes far longer than it is held. Between two looks passes the time of some uses, so that the
 * holder goes on for a while with all of it in its processor's cache.
 */
final class OrderedLock extends ReentrantLock {

    private static final long serialVersionUID = 1L;
    private static final AtomicLong MADE = new AtomicLong();

    private static final int PAUSES = 20;
    private static final int LOOKS = Runtime.getRuntime().availableProcessors() > 1 ? 10 : 0;

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
        if (!tryLock() && !spin()) {
            super.lock();
        }
        if (calling) {
            unlock();
            throw new IllegalStateException("a comparator, or equals or hashCode, has called back into the object that"
                    + " called it, which is in the middle of a change");
        }
    }

    private boolean spin() {
        for (int look = 0; look < LOOKS; look++) {
            for (int i = 0; i < PAUSES; i++) {
                Thread.onSpinWait();
            }
            if (tryLock()) {
                return true;
            }
        }
        return false;
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
