package dev.heddle.process.shared;

import dev.heddle.process.internal.codec.Parcel;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.ListIterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Spliterator;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The proxy of a manager's list, for its users. What needs all elements works on a copy, which counts only if the list
 * is still the same.
 *
 * <p>Threads: any.
 */
final class SharedList<T> extends AbstractList<T> {

    private final RemoteReference reference;
    private final ListCalls calls;

    SharedList(RemoteReference reference) {
        this.reference = reference;
        this.calls = reference.proxy(ListCalls.class);
    }

    RemoteReference reference() {
        return reference;
    }

    private Parcel pack(T element) {
        return reference.pack(element);
    }

    @SuppressWarnings("unchecked")
    private T open(Parcel element) {
        return (T) reference.open(element);
    }

    // ---- one call ----

    @Override
    public int size() {
        return calls.size();
    }

    @Override
    public T get(int index) {
        return open(calls.get(requireIndex(index)));
    }

    @Override
    public T getFirst() {
        return end(() -> calls.get(0));
    }

    @Override
    public T getLast() {
        return end(() -> calls.get(ListCalls.END));
    }

    /** One of its ends, which is not there if the list is empty. */
    private T end(Supplier<Parcel> call) {
        Parcel element;
        try {
            element = call.get();
        } catch (IndexOutOfBoundsException e) {
            throw new NoSuchElementException("the list is empty", e);
        }
        return open(element);
    }

    private static int requireIndex(int index) {
        return Objects.checkIndex(index, Integer.MAX_VALUE);
    }

    @Override
    public T set(int index, T element) {
        return open(calls.set(index, pack(element)));
    }

    @Override
    public boolean add(T element) {
        calls.add(ListCalls.END, List.of(pack(element)));
        return true;
    }

    @Override
    public void add(int index, T element) {
        addAll(index, List.of(element));
    }

    @Override
    public boolean addAll(Collection<? extends T> elements) {
        List<Parcel> packed = packed(elements);
        if (!packed.isEmpty()) {
            calls.add(ListCalls.END, packed);
        }
        return !packed.isEmpty();
    }

    @Override
    public boolean addAll(int index, Collection<? extends T> elements) {
        List<Parcel> packed = packed(elements);
        calls.add(requireIndex(index), packed);
        return !packed.isEmpty();
    }

    @Override
    public T remove(int index) {
        return open(calls.remove(requireIndex(index)));
    }

    @Override
    public T removeFirst() {
        return end(() -> calls.remove(0));
    }

    @Override
    public T removeLast() {
        return end(() -> calls.remove(ListCalls.END));
    }

    @Override
    protected void removeRange(int from, int to) {
        calls.removeRange(from, to);
    }

    @Override
    public void clear() {
        calls.clear();
    }

    private List<Parcel> packed(Collection<? extends T> elements) {
        return elements.stream().map(this::pack).toList();
    }

    // ---- a copy ----

    private List<T> opened(ListCalls.Copy copy) {
        return copy.elements().stream().map(this::open).collect(Collectors.toCollection(ArrayList::new));
    }

    private List<T> copy() {
        return opened(calls.copy());
    }

    @Override
    public Iterator<T> iterator() {
        return listIterator(0);
    }

    @Override
    public ListIterator<T> listIterator(int index) {
        return Collections.unmodifiableList(copy()).listIterator(index);
    }

    /** Of a copy, since the usual one asks for the size and the elements one after the other. */
    @Override
    public Spliterator<T> spliterator() {
        return copy().spliterator();
    }

    @Override
    public Object[] toArray() {
        return copy().toArray();
    }

    @Override
    public <A> A[] toArray(A[] target) {
        return copy().toArray(target);
    }

    /**
     * Changes a copy and puts it in the place of the list, until nobody was faster; the change says whether there is
     * one.
     */
    private boolean edit(Predicate<List<T>> change) {
        while (true) {
            ListCalls.Copy before = calls.copy();
            List<T> all = opened(before);
            if (!change.test(all)) {
                return false;
            }
            if (calls.replaceAll(before.version(), packed(all))) {
                return true;
            }
        }
    }

    @Override
    public boolean remove(@Nullable Object element) {
        return edit(all -> all.remove(element));
    }

    @Override
    public boolean removeAll(Collection<?> elements) {
        return edit(all -> all.removeAll(elements));
    }

    @Override
    public boolean retainAll(Collection<?> elements) {
        return edit(all -> all.retainAll(elements));
    }

    @Override
    public boolean removeIf(Predicate<? super T> which) {
        return edit(all -> all.removeIf(which));
    }

    @Override
    public void replaceAll(UnaryOperator<T> change) {
        edit(all -> {
            all.replaceAll(change);
            return true;
        });
    }

    @Override
    public void sort(@Nullable Comparator<? super T> order) {
        edit(all -> {
            all.sort(order);
            return true;
        });
    }

    /** The first elements, and how many more there are; its name if it cannot be reached. */
    @Override
    public String toString() {
        return Contents.text(
                reference, '[', ']',
                most -> calls.first(most).stream().map(element -> String.valueOf(open(element))).toList(),
                calls::size);
    }
}
