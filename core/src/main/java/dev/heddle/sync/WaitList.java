package dev.heddle.sync;

import org.jspecify.annotations.Nullable;

/** Waiting calls in the order they came. A cancelled one leaves at once, in constant time. Guarded by its owner's lock. */
final class WaitList<T> {

    private @Nullable Waiting<T> first;
    private @Nullable Waiting<T> last;
    private int size;

    int size() {
        return size;
    }

    void add(Waiting<T> waiting) {
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
    @Nullable Waiting<T> takeAndComplete() {
        for (Waiting<T> head = first; head != null; head = first) {
            remove(head);
            if (head.waiter.complete()) {
                return head;
            }
        }
        return null;
    }

    /** The longest waiting call, cancelled or not. */
    @Nullable Waiting<T> first() {
        return first;
    }

    void remove(Waiting<T> waiting) {
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
