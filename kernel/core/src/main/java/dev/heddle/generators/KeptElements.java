package dev.heddle.generators;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The elements that the body of a generator has yielded ahead of its consumer. */
final class KeptElements<T> {

    private final @Nullable Object[] elements;
    private int given;
    private int taken;

    /** Whether the body may go on past a yield. */
    boolean filling;

    /** Whether the body is over, and its end still to be told. */
    boolean over;

    KeptElements(int capacity) {
        elements = new Object[capacity];
    }

    boolean isEmpty() {
        return taken == given;
    }

    /** Whether the body may go on behind this one; the last of a run is not kept but yielded. */
    boolean keeps(T element) {
        if (!filling || given == elements.length - 1) {
            return false;
        }
        elements[given++] = element;
        return true;
    }

    void add(T element) {
        elements[given++] = element;
    }

    @SuppressWarnings("unchecked") // only such are added
    @Nullable T take() {
        if (taken == given) {
            return null;
        }
        T element = (T) elements[taken];
        elements[taken++] = null;
        return element;
    }

    void clear() {
        Arrays.fill(elements, taken, given, null);
        given = 0;
        taken = 0;
    }
}
