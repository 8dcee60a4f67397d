package dev.heddle.http.internal.codec;

import dev.heddle.http.StatusException;
import dev.heddle.internal.BoundedBytes;

/** A collector of a body in memory, which grows with the bytes that come, not with an announced length. */
public final class BodyBytes {

    private static final int FIRST_BYTES = 8 * 1024;

    private BodyBytes() {}

    /**
     * Reads to the end.
     *
     * @param known the announced length; negative if there is none
     * @param max most bytes
     * @param what names the body in the error
     * @throws StatusException 413 if more come
     */
    public static byte[] readAll(BodySource source, long known, int max, String what) {
        if (known > max) {
            throw tooLong(what, max);
        }
        int first = known < 0 ? FIRST_BYTES : (int) Math.min(known, FIRST_BYTES);
        return BoundedBytes.readAll(source::read, first, FIRST_BYTES, max, () -> tooLong(what, max));
    }

    private static StatusException tooLong(String what, int max) {
        return new StatusException(413, what + " is longer than " + max + " bytes");
    }
}
