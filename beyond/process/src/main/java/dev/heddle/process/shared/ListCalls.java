package dev.heddle.process.shared;

import dev.heddle.process.internal.codec.Parcel;
import java.util.List;

/** The calls of a {@link SharedList} to its manager. All is atomic and prompt. */
interface ListCalls {

    /** Stands for the end of the list. */
    int END = -1;

    /**
     * The whole list.
     *
     * @param version changes with the list
     */
    record Copy(long version, List<Parcel> elements) {}

    @NonBlocking
    int size();

    /** Gets the element at an index, or the last for the {@link #END}. */
    @NonBlocking
    Parcel get(int index);

    /** Gives what was there. */
    @NonBlocking
    Parcel set(int index, Parcel element);

    /** Adds elements at an index, or at the {@link #END}. */
    @NonBlocking
    void add(int index, List<Parcel> elements);

    @NonBlocking
    void clear();

    /** Removes some elements. */
    @NonBlocking
    void removeRange(int from, int to);

    /** Removes the element at an index, or the last for the {@link #END}, and gives it. */
    @NonBlocking
    Parcel remove(int index);

    /** The first elements, so many at most. */
    @NonBlocking
    List<Parcel> first(int most);

    @NonBlocking
    Copy copy();

    /** Replaces all if the list is still of that version; whether it was. */
    @NonBlocking
    boolean replaceAll(long version, List<Parcel> elements);
}
