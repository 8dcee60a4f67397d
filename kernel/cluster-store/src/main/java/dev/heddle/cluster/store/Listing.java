package dev.heddle.cluster.store;

import java.util.List;

/**
 * The entries of a directory.
 *
 * @param entries by name; each as it was at the stamp or later, and none that was deleted meanwhile need be there. An
 *     entry that came after the stamp is missing
 * @param stamp everything that was committed in the directory up to it is shown
 */
public record Listing(List<Entry> entries, long stamp) {

    /** Copies the entries. */
    public Listing {
        entries = List.copyOf(entries);
    }
}
