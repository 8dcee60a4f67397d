package dev.heddle.cluster.internal;

import dev.heddle.cluster.store.Key;

/** An entry of the store that is not what this version can read, where it is not one of many that could be passed over. */
public final class UnreadableEntryException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    UnreadableEntryException(Key entry) {
        super("the entry " + entry + " of the store is not what this version of Heddle can read");
    }
}
