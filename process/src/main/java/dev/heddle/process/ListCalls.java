package dev.heddle.process;

import java.util.List;

/** What a {@link SharedList} asks its manager. All is atomic and prompt. */
interface ListCalls {

    /** Stands for the end of the list. */
    int END = -1;

    /**
     * The whole list.
     *
     * @param version changes with the list
     */
    record Copy(long version, List<Parcel> elements) {}

    @Prompt
    int size();

    /** Gets the element at an index, or the last for the {@link #END}. */
    @Prompt
    Parcel get(int index);

    /** Gives what was there. */
    @Prompt
    Parcel set(int index, Parcel element);

    /** Adds elements at an index, or at the {@link #END}. */
    @Prompt
    void add(int index, List<Parcel> elements);

    @Prompt
    void clear();

    /** Removes some elements. */
    @Prompt
    void removeRange(int from, int to);

    /** Removes the element at an index, or the last for the {@link #END}, and gives it. */
    @Prompt
    Parcel remove(int index);

    /** The first elements, so many at most. */
    @Prompt
    List<Parcel> first(int most);

    @Prompt
    Copy copy();

    /** Replaces all if the list is still of that version; whether it was. */
    @Prompt
    boolean replaceAll(long version, List<Parcel> elements);
}
