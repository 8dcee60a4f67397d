package dev.heddle.internal;

import dev.heddle.Waiter;
import org.jspecify.annotations.Nullable;

/**
 * Waiting calls in the order they came; a cancelled one leaves at once, in constant time. For its owner's loop, or
 * under its owner's lock.
 *
 * @param <C> the calls, each a link of the line
 */
public class WaitLine<C extends WaitLine.Call<C>> {

    private @Nullable C first;
    private @Nullable C last;
    private int size;

    /** One call that waits. */
    public abstract static class Call<C extends Call<C>> {

        public final Waiter waiter;
        private @Nullable C next;
        private @Nullable C previous;
        private boolean linked;

        /**
         * @param waiter its own, or one of several calls of which one is to be decided
         */
        protected Call(Waiter waiter) {
            this.waiter = waiter;
        }

        /** Who has come after it; null for nobody. */
        public @Nullable C next() {
            return next;
        }

        /** Decides the call and wakes it; false if it was decided before. */
        protected boolean commit() {
            return waiter.complete();
        }
    }

    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return first == null;
    }

    /** The longest waiting call, cancelled or not; null if there is none. */
    public @Nullable C first() {
        return first;
    }

    /** Puts a call at the end of the line, and gives it. */
    public C add(C call) {
        C before = last;
        Call<C> added = call;
        added.previous = before;
        added.linked = true;
        if (before == null) {
            first = call;
        } else {
            ((Call<C>) before).next = call;
        }
        last = call;
        size++;
        return call;
    }

    /** Takes a call out, if it is still in. */
    public boolean remove(C call) {
        Call<C> removed = call;
        if (!removed.linked) {
            return false;
        }
        removed.linked = false;
        C before = removed.previous;
        C after = removed.next;
        if (before == null) {
            first = after;
        } else {
            ((Call<C>) before).next = after;
        }
        if (after == null) {
            last = before;
        } else {
            ((Call<C>) after).previous = before;
        }
        removed.next = null;
        removed.previous = null;
        size--;
        return true;
    }

    /** Takes the longest waiting call that is not cancelled out and wakes it; null if there is none. */
    public @Nullable C wakeFirst() {
        for (C head = first; head != null; head = first) {
            remove(head);
            if (head.commit()) {
                return head;
            }
        }
        return null;
    }

    /** Takes all calls out and wakes them; gives how many there were that were not cancelled. */
    public int wakeAll() {
        int woken = 0;
        while (wakeFirst() != null) {
            woken++;
        }
        return woken;
    }
}
