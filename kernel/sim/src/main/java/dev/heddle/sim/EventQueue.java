package dev.heddle.sim;

import java.util.PriorityQueue;

/**
 * The queue of what the simulated world will do, by virtual time and then in the order it was put in. Below the tasks:
 * never waits.
 */
final class EventQueue {

    /** The time of an empty queue's next event. */
    static final long NEVER = Long.MAX_VALUE;

    private final PriorityQueue<Event> heap = new PriorityQueue<>();
    private long nextOrder;

    /**
     * Puts an event in.
     *
     * @param atNanos virtual time since the start; one that has passed means the next look
     * @return the event, to be cancelled
     */
    Event add(long atNanos, Runnable action) {
        var event = new Event(atNanos, nextOrder++, action);
        heap.add(event);
        return event;
    }

    /** When the next event happens, or {@link #NEVER}. */
    long nextNanos() {
        Event first = heap.peek();
        while (first != null && first.cancelled) {
            heap.remove();
            first = heap.peek();
        }
        return first == null ? NEVER : first.atNanos;
    }

    /** Runs all events due, also those that such events add for now; tells whether there was any. */
    boolean runDue(long nowNanos) {
        boolean any = false;
        while (nextNanos() <= nowNanos && !heap.isEmpty()) {
            heap.remove().action.run();
            any = true;
        }
        return any;
    }

    /** One thing that will happen. */
    static final class Event implements Comparable<Event> {

        private final long atNanos;
        private final long order;
        private final Runnable action;
        private boolean cancelled;

        private Event(long atNanos, long order, Runnable action) {
            this.atNanos = atNanos;
            this.order = order;
            this.action = action;
        }

        /** Does nothing if it has happened. */
        void cancel() {
            cancelled = true;
        }

        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(atNanos, other.atNanos);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }
}
