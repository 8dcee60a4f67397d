package dev.heddle.sync;

import java.util.AbstractQueue;
import java.util.Comparator;
import java.util.Iterator;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A priority queue: smallest first, equal ones in the order they came. A tree and not a heap: a comparator that throws
 * then does so before anything has changed, where a heap is left with an element twice and another one lost; and taking
 * out calls no comparator at all.
 */
final class StablePriority<T> extends AbstractQueue<T> {

    private record Entry<T>(T element, long number) {}

    private final TreeSet<Entry<T>> entries;
    private long added;

    /**
     * @param lock held around all calls; the comparator must not come back to it
     */
    StablePriority(Comparator<? super T> comparator, OrderedLock lock) {
        Comparator<Entry<T>> byElement = (a, b) -> {
            lock.call();
            try {
                return comparator.compare(a.element, b.element);
            } finally {
                lock.called();
            }
        };
        entries = new TreeSet<>(byElement.thenComparingLong(Entry::number));
    }

    @Override
    public boolean offer(T element) {
        return entries.add(new Entry<>(element, added++));
    }

    @Override
    public @Nullable T poll() {
        Entry<T> first = entries.pollFirst();
        return first == null ? null : first.element;
    }

    @Override
    public @Nullable T peek() {
        return entries.isEmpty() ? null : entries.first().element;
    }

    @Override
    public int size() {
        return entries.size();
    }

    @Override
    public Iterator<T> iterator() {
        Iterator<Entry<T>> all = entries.iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return all.hasNext();
            }

            @Override
            public T next() {
                return all.next().element;
            }

            @Override
            public void remove() {
                all.remove();
            }
        };
    }
}
