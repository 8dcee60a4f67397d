package dev.heddle.internal.loop;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A heap of timers in their exact order. Part of {@link Timers}.
 *
 * <p>A four-way heap whose entries know their place, so that a cancelled timer leaves at once instead of staying until
 * its time. Four children to a node make the heap half as deep as a binary one and keep siblings in one cache line.
 */
final class TimerHeap {

    private static final int INITIAL = 16;
    private static final int SHRINK_ABOVE = 1 << 14;
    private static final int WAYS = 4;

    private @Nullable Timer[] heap = new Timer[INITIAL];
    private int size;

    int size() {
        return size;
    }

    /** The first timer; only if there is one. */
    Timer first() {
        return at(0);
    }

    void add(Timer timer) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size * 2);
        }
        up(timer, size++);
    }

    Timer takeFirst() {
        Timer first = at(0);
        remove(first);
        return first;
    }

    /** Takes out a timer that is in the heap. */
    void remove(Timer timer) {
        int hole = timer.index;
        timer.index = Timer.NOT_QUEUED;
        Timer last = at(--size);
        heap[size] = null;
        if (last != timer) {
            down(last, hole);
            if (last.index == hole) {
                up(last, hole);
            }
        }
        if (size == 0 && heap.length > SHRINK_ABOVE) {
            heap = new Timer[INITIAL];
        }
    }

    private Timer at(int index) {
        return Objects.requireNonNull(heap[index]);
    }

    private void put(Timer timer, int index) {
        heap[index] = timer;
        timer.index = index;
    }

    private void up(Timer timer, int from) {
        int index = from;
        while (index > 0) {
            int parent = (index - 1) / WAYS;
            Timer above = at(parent);
            if (!before(timer, above)) {
                break;
            }
            put(above, index);
            index = parent;
        }
        put(timer, index);
    }

    private void down(Timer timer, int from) {
        int index = from;
        while (true) {
            int first = index * WAYS + 1;
            if (first >= size) {
                break;
            }
            int least = first;
            for (int child = first + 1; child < Math.min(first + WAYS, size); child++) {
                if (before(at(child), at(least))) {
                    least = child;
                }
            }
            if (!before(at(least), timer)) {
                break;
            }
            put(at(least), index);
            index = least;
        }
        put(timer, index);
    }

    private static boolean before(Timer a, Timer b) {
        long difference = a.deadlineNanos - b.deadlineNanos;
        return difference < 0 || (difference == 0 && a.sequence - b.sequence < 0);
    }
}
