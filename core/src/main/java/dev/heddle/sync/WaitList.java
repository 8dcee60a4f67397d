package dev.heddle.sync;

import java.time.Duration;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * A list of waiting calls in the order they came. A cancelled one leaves at once, in constant time. Guarded by its
 * owner's lock.
 */
final class WaitList<T> {

    private @Nullable WaitingCall<T> first;
    private @Nullable WaitingCall<T> last;
    private int size;

    int size() {
        return size;
    }

    void add(WaitingCall<T> waiting) {
        waiting.previous = last;
        waiting.linked = true;
        if (last == null) {
            first = waiting;
        } else {
            last.next = waiting;
        }
        last = waiting;
        size++;
    }

    /** Takes the longest waiting call that is not cancelled and commits it; null if there is none. */
    @Nullable WaitingCall<T> takeAndComplete() {
        for (WaitingCall<T> head = first; head != null; head = first) {
            remove(head);
            if (head.commit()) {
                return head;
            }
        }
        return null;
    }

    /** Commits all calls, as they are. */
    void completeAll() {
        while (takeAndComplete() != null) {
            // Each is taken out and told.
        }
    }

    /** Commits the calls that were made on one end. */
    void completeAll(End via) {
        WaitingCall<T> waiting = first;
        while (waiting != null) {
            WaitingCall<T> following = waiting.next;
            if (waiting.via == via) {
                remove(waiting);
                waiting.commit();
            }
            waiting = following;
        }
    }

    /** Whether a call waits that is not decided yet. */
    boolean hasOpen() {
        for (WaitingCall<T> waiting = first; waiting != null; waiting = waiting.next) {
            if (waiting.waiter.isOpen()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Waits until the call is decided, without the owner's lock. If it is not, because of a cancel or since the time is over, it
     * is in the list no more.
     *
     * @param limit longest time, or null for no limit
     * @return false if the time is over
     */
    boolean await(WaitingCall<T> waiting, @Nullable Duration limit, Lock owner) {
        boolean decided = false;
        try {
            if (limit == null) {
                waiting.waiter.await();
                decided = true;
            } else {
                decided = waiting.waiter.awaitWithin(limit) || !waiting.waiter.cancel();
            }
        } finally {
            if (!decided) {
                owner.lock();
                try {
                    remove(waiting);
                } finally {
                    owner.unlock();
                }
            }
        }
        return decided;
    }

    /** The longest waiting call, cancelled or not. */
    @Nullable WaitingCall<T> first() {
        return first;
    }

    void remove(WaitingCall<T> waiting) {
        if (!waiting.linked) {
            return;
        }
        waiting.linked = false;
        if (waiting.previous == null) {
            first = waiting.next;
        } else {
            waiting.previous.next = waiting.next;
        }
        if (waiting.next == null) {
            last = waiting.previous;
        } else {
            waiting.next.previous = waiting.previous;
        }
        waiting.next = null;
        waiting.previous = null;
        size--;
    }
}
