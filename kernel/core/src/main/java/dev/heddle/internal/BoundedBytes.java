package dev.heddle.internal;

import java.util.Arrays;
import java.util.function.Supplier;

/** The arithmetic of arrays that grow with the bytes that come, up to a bound, and not with what was announced. */
public final class BoundedBytes {

    /** What fits into an array on every JVM. */
    public static final int MAX_ARRAY_BYTES = Integer.MAX_VALUE - 8;

    private BoundedBytes() {}

    /** Where bytes come from. */
    public interface Source {

        /**
         * Reads what is there, waiting while there is nothing.
         *
         * @param count at least 1
         * @return how many bytes came, at least 1, or -1 at the end
         */
        int read(byte[] target, int offset, int count);
    }

    /**
     * A larger copy: twice as large, at least as large as is needed, and never larger than allowed.
     *
     * @param needed least bytes, as far as the bound allows
     * @param max most bytes; what does not fit into an array counts as what does
     */
    public static byte[] grown(byte[] bytes, long needed, long max) {
        return Arrays.copyOf(bytes,
                (int) Math.min(Math.min(max, MAX_ARRAY_BYTES), Math.max(needed, 2L * bytes.length)));
    }

    /**
     * Reads to the end.
     *
     * @param first room to begin with; where just so many bytes come, nothing is copied
     * @param min room after that, as far as the bound allows
     * @param max most bytes
     * @param tooLong what to throw if more come
     */
    public static byte[] readAll(Source source, int first, int min, int max,
            Supplier<? extends RuntimeException> tooLong) {
        byte[] bytes = new byte[Math.min(first, max)];
        int size = 0;
        byte[] next = new byte[1];
        while (true) {
            if (size < bytes.length) {
                int count = source.read(bytes, size, bytes.length - size);
                if (count < 0) {
                    return Arrays.copyOf(bytes, size);
                }
                size += count;
                continue;
            }
            // Only one more byte tells what just fits from what is too long.
            if (source.read(next, 0, 1) < 0) {
                return bytes;
            }
            if (size == max) {
                throw tooLong.get();
            }
            bytes = grown(bytes, min, max);
            bytes[size++] = next[0];
        }
    }
}
