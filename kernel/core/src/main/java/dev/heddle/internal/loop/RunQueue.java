package dev.heddle.internal.loop;

import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The items that are ready, longest waiting first: a ring that grows. Loop's thread only. */
public final class RunQueue {

    private static final int INITIAL = 64;
    private static final int SHRINK_ABOVE = 1 << 14;

    private @Nullable Schedulable[] ring = new Schedulable[INITIAL];
    private int head;
    private int size;

    public int size() {
        return size;
    }

    public void add(Schedulable item) {
        if (size == ring.length) {
            resize(ring.length * 2);
        }
        ring[(head + size) & (ring.length - 1)] = item;
        size++;
    }

    /** The longest waiting of certain items, null if none is in it; looks through all. */
    public @Nullable Schedulable find(Predicate<Schedulable> which) {
        for (int i = 0; i < size; i++) {
            Schedulable each = Objects.requireNonNull(ring[(head + i) & (ring.length - 1)]);
            if (which.test(each)) {
                return each;
            }
        }
        return null;
    }

    /** Takes the longest waiting item, which must exist. */
    public Schedulable take() {
        Schedulable item = Objects.requireNonNull(ring[head]);
        ring[head] = null;
        head = (head + 1) & (ring.length - 1);
        size--;
        if (size == 0 && ring.length > SHRINK_ABOVE) {
            ring = new Schedulable[INITIAL];
            head = 0;
        }
        return item;
    }

    /** Takes the item at an index from the longest waiting, 0, on; the head takes its place. */
    public Schedulable take(int index) {
        int at = (head + index) & (ring.length - 1);
        Schedulable picked = ring[at];
        ring[at] = ring[head];
        ring[head] = picked;
        return take();
    }

    /** Takes an item out of its place, if it is there; the others keep their order. Looks through all. */
    public boolean remove(Schedulable item) {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            Schedulable each = ring[(head + i) & (ring.length - 1)];
            if (each != item) {
                ring[(head + kept++) & (ring.length - 1)] = each;
            }
        }
        boolean found = kept < size;
        if (found) {
            size = kept;
            ring[(head + kept) & (ring.length - 1)] = null;
        }
        return found;
    }

    private void resize(int capacity) {
        @Nullable Schedulable[] larger = new Schedulable[capacity];
        int tail = ring.length - head;
        System.arraycopy(ring, head, larger, 0, tail);
        System.arraycopy(ring, 0, larger, tail, head);
        ring = larger;
        head = 0;
    }
}
