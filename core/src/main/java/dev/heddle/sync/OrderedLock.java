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
}
