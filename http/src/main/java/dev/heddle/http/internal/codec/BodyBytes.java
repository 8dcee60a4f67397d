package dev.heddle.http.internal.codec;

import dev.heddle.http.StatusException;
import java.io.ByteArrayOutputStream;

/** A collector of a body in memory, which grows with the bytes that come, not with an announced length. */
public final class BodyBytes {

    private static final int FIRST_BYTES = 8 * 1024;
    private static final int STEP_BYTES = 16 * 1024;

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
        var whole = new ByteArrayOutputStream((int) Math.min(Math.max(known, 32), FIRST_BYTES));
        var part = new byte[known < 0 ? STEP_BYTES : (int) Math.min(Math.max(known, 1), STEP_BYTES)];
        for (int n = source.read(part, 0, part.length); n >= 0; n = source.read(part, 0, part.length)) {
            if (whole.size() + (long) n > max) {
                throw tooLong(what, max);
            }
            whole.write(part, 0, n);
        }
        return whole.toByteArray();
    }

    private static StatusException tooLong(String what, int max) {
        return new StatusException(413, what + " is longer than " + max + " bytes");
    }
}
