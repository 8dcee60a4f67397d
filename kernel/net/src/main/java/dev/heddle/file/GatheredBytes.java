package dev.heddle.file;

import dev.heddle.internal.BoundedBytes;
import dev.heddle.internal.Checks;
import dev.heddle.io.LimitExceededException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** The bytes of a file, gathered into one array, which grows with them and not with what the file says of its size. */
final class GatheredBytes {

    private static final int FIRST_BYTES = 8 * 1024;

    private final String what;
    private final int maxBytes;
    private byte[] bytes;
    private int size;

    /**
     * @param what what is read, for the message
     * @param maxBytes most bytes to take
     * @param expected how many will come, as far as one knows
     * @throws LimitExceededException if more are expected than allowed
     */
    GatheredBytes(String what, int maxBytes, long expected) {
        Checks.notNegative("maxBytes", maxBytes);
        this.what = what;
        this.maxBytes = maxBytes;
        if (expected > maxBytes) {
            throw tooLong();
        }
        // One more, so that the end shows without growing; pseudo files say 0.
        this.bytes = new byte[expected <= 0 ? Math.min(FIRST_BYTES, most()) : (int) Math.min(expected + 1, most())];
    }

    private int most() {
        return Math.min(maxBytes, BoundedBytes.MAX_ARRAY_BYTES - 1) + 1;
    }

    /** Room for the next step. What is put there counts after {@link #added}. */
    ByteBuffer room() {
        if (size == bytes.length) {
            bytes = BoundedBytes.grown(bytes, 0, most());
        }
        return ByteBuffer.wrap(bytes, size, Math.min(bytes.length - size, FileWork.MAX_STEP_BYTES));
    }

    /**
     * Counts what was put into the room.
     *
     * @throws LimitExceededException if it is more than allowed by now
     */
    void added(int count) {
        size += count;
        if (size > maxBytes) {
            throw tooLong();
        }
    }

    byte[] toArray() {
        return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
    }

    private LimitExceededException tooLong() {
        return new LimitExceededException(what, maxBytes);
    }
}
