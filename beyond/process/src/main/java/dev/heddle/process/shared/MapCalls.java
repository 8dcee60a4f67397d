package dev.heddle.process.shared;

import dev.heddle.process.internal.codec.Parcel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The calls of a {@link SharedMap} to its manager. All is atomic and prompt. */
interface MapCalls {

    /**
     * An entry.
     *
     * @param number rises with each key that comes
     */
    record Entry(long number, Object key, Parcel value) {}

    @NonBlocking
    int size();

    @NonBlocking
    boolean containsKey(Object key);

    @NonBlocking
    @Nullable Parcel get(Object key);

    /** Gives what was there. */
    @NonBlocking
    @Nullable Parcel put(Object key, Parcel value);

    /** Gives what was there. */
    @NonBlocking
    @Nullable Parcel remove(Object key);

    /**
     * Replaces a value if it is still the one that is told.
     *
     * @param before null if the key must be absent
     * @param after null to remove the key
     * @return whether it was
     */
    @NonBlocking
    boolean replace(Object key, @Nullable Parcel before, @Nullable Parcel after);

    @NonBlocking
    void clear();

    /** The next entries behind a number, some at a time, but no more than told; none at the end. */
    @NonBlocking
    List<Entry> behind(long number, int most);
}
