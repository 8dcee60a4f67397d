package dev.heddle.cluster.store;

import java.util.Objects;

/** One step of a commit. */
public sealed interface Op {

    /** Whatever the version is. */
    long ANY_VERSION = -1;

    /** The entry that it is about. */
    Key key();

    /**
     * Creates an entry. Refused with {@link Refusal#EXISTS} if it is there.
     *
     * @param value at most {@value StoreLimits#MAX_VALUE} bytes
     * @param life until when the entry stays
     */
    record Create(Key key, Bytes value, Lifetime life) implements Op {

        /** Checks the value. */
        public Create {
            Objects.requireNonNull(key, "key");
            requireFits(value);
            Objects.requireNonNull(life, "life");
        }
    }

    /**
     * Gives an entry another value. Refused with {@link Refusal#ABSENT} or {@link Refusal#VERSION}.
     *
     * @param value at most {@value StoreLimits#MAX_VALUE} bytes
     * @param ifVersion the version that it must have, or {@link #ANY_VERSION}
     */
    record Set(Key key, Bytes value, long ifVersion) implements Op {

        /** Checks the value. */
        public Set {
            Objects.requireNonNull(key, "key");
            requireFits(value);
        }
    }

    /**
     * Takes an entry away. Refused with {@link Refusal#ABSENT} or {@link Refusal#VERSION}.
     *
     * @param ifVersion the version that it must have, or {@link #ANY_VERSION}
     */
    record Delete(Key key, long ifVersion) implements Op {}

    /**
     * Changes nothing. Refused with {@link Refusal#ABSENT} or {@link Refusal#VERSION}.
     *
     * @param ifVersion the version that it must have, or {@link #ANY_VERSION}
     */
    record Check(Key key, long ifVersion) implements Op {}

    private static void requireFits(Bytes value) {
        if (value.length() > StoreLimits.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "a value has at most " + StoreLimits.MAX_VALUE + " bytes, not " + value.length());
        }
    }
}
