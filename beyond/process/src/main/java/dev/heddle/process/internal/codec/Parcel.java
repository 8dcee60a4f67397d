package dev.heddle.process.internal.codec;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An encoded value that a manager keeps without looking into it: encoded once by whoever gives it, decoded once by
 * whoever gets it. Equal if the bytes are.
 */
public final class Parcel {

    /** Never changed. */
    private final byte[] bytes;

    public Parcel(byte[] bytes) {
        this.bytes = bytes;
    }

    public byte[] bytes() {
        return bytes;
    }

    public int size() {
        return bytes.length;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Parcel parcel && Arrays.equals(bytes, parcel.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "a value of " + bytes.length + " bytes";
    }
}
