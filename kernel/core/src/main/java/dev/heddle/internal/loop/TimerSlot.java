package dev.heddle.internal.loop;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The timers of one slot of a {@link TimerWheel}, as they came: an array with holes. A timer that leaves makes a hole
 * at the place it knows and touches no other timer; among a million, the others are in nobody's cache.
 *
 * <p>At most seven eighths of the array are free, unless it is short.
 */
final class TimerSlot {

    private static final int SHORT = 16;
    private static final int MAX_FREE = 8;
    private static final @Nullable Timer[] NONE = {};

    private @Nullable Timer[] timers = NONE;

    /** All timers stand from here on. */
    private int begin;

    /** All timers stand before. */
    private int end;

    private int size;

    int size() {
        return size;
    }

    void add(Timer timer) {
        if (end == timers.length) {
            makeRoom();
        }
        timers[end] = timer;
        timer.place = end++;
        size++;
    }

    /** Takes out a timer that is in the slot. */
    void remove(Timer timer) {
        int place = timer.place;
        timers[place] = null;
        size--;
        if (size == 0) {
            clear();
        } else if (place == end - 1) {
            end = place;
        }
        if (size < timers.length / MAX_FREE && timers.length > SHORT) {
            closeHoles(Math.max(SHORT, 2 * size));
        }
    }

    /** Takes out the timer that has been here longest; null if there is none. */
    @Nullable Timer takeFirst() {
        if (size == 0) {
            return null;
        }
        Timer first = timers[begin];
        while (first == null) {
            first = timers[++begin];
        }
        timers[begin++] = null;
        if (--size == 0) {
            clear();
        }
        return first;
    }

    /** The least distance from a time to a deadline; only if there is a timer. */
    long leastDistance(long fromNanos) {
        long least = Long.MAX_VALUE;
        for (int i = begin; i < end; i++) {
            Timer timer = timers[i];
            if (timer != null) {
                least = Math.min(least, timer.deadlineNanos - fromNanos);
            }
        }
        return least;
    }

    private void makeRoom() {
        if (size > end / 2) {
            timers = Arrays.copyOf(timers, 2 * end);
        } else {
            closeHoles(Math.max(SHORT, end));
        }
    }

    private void clear() {
        begin = 0;
        end = 0;
        if (timers.length > SHORT) {
            timers = NONE;
        }
    }

    private void closeHoles(int capacity) {
        @Nullable Timer[] from = timers;
        @Nullable Timer[] to = capacity == from.length ? from : new Timer[capacity];
        int kept = 0;
        for (int i = begin; i < end; i++) {
            Timer timer = from[i];
            if (timer != null) {
                from[i] = null;
                to[kept] = timer;
                timer.place = kept++;
            }
        }
        timers = to;
        begin = 0;
        end = kept;
    }
}
