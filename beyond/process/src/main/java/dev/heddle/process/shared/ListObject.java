package dev.heddle.process.shared;

import dev.heddle.process.internal.codec.Parcel;
import java.util.ArrayList;
import java.util.List;

/** The list behind a shared one, in its manager. */
final class ListObject implements ListCalls {

    private final List<Parcel> elements = new ArrayList<>();
    private long version;

    @Override
    public int size() {
        return elements.size();
    }

    @Override
    public Parcel get(int index) {
        return index == END ? elements.getLast() : elements.get(index);
    }

    @Override
    public Parcel set(int index, Parcel element) {
        Parcel before = elements.set(index, element);
        version++;
        return before;
    }

    @Override
    public void add(int index, List<Parcel> more) {
        elements.addAll(index == END ? elements.size() : index, more);
        version++;
    }

    @Override
    public void clear() {
        elements.clear();
        version++;
    }

    @Override
    public void removeRange(int from, int to) {
        elements.subList(from, to).clear();
        version++;
    }

    @Override
    public Parcel remove(int index) {
        Parcel before = index == END ? elements.removeLast() : elements.remove(index);
        version++;
        return before;
    }

    @Override
    public List<Parcel> first(int most) {
        return elements.subList(0, Math.min(most, elements.size()));
    }

    @Override
    public Copy copy() {
        return new Copy(version, elements);
    }

    @Override
    public boolean replaceAll(long expected, List<Parcel> all) {
        boolean same = version == expected;
        if (same) {
            elements.clear();
            elements.addAll(all);
            version++;
        }
        return same;
    }
}
