package dev.heddle.http;

import org.jspecify.annotations.Nullable;

/**
 * The part of a file that a Range field asks for (RFC 9110, section 14). One range is served; several get the whole file,
 * which section 14.2 allows and which makes many overlapping ones harmless.
 *
 * @param offset first byte
 * @param length how many; 0 if the range cannot be satisfied
 */
record ByteRange(long offset, long length) {

    /** A range that lies outside of the file; 416. */
    static final ByteRange UNSATISFIABLE = new ByteRange(0, 0);

    /**
     * Reads the field.
     *
     * @param size length of the file
     * @return the range, {@link #UNSATISFIABLE}, or null if the field is malformed or is for the whole file to answer
     */
    static @Nullable ByteRange parse(String field, long size) {
        if (!field.regionMatches(true, 0, "bytes=", 0, 6) || field.indexOf(',') >= 0) {
            return null;
        }
        String spec = field.substring(6).strip();
        int dash = spec.indexOf('-');
        if (dash < 0) {
            return null;
        }
        long first = number(spec.substring(0, dash));
        long last = number(spec.substring(dash + 1));
        if (dash == 0) {
            return last == NONE || last == MALFORMED ? null : suffix(last, size);
        }
        if (first < 0 || last == MALFORMED || (last != NONE && last < first)) {
            return null;
        }
        if (first >= size) {
            return UNSATISFIABLE;
        }
        long end = last == NONE ? size - 1 : Math.min(last, size - 1);
        return new ByteRange(first, end - first + 1);
    }

    private static ByteRange suffix(long count, long size) {
        long length = Math.min(count, size);
        return length == 0 ? UNSATISFIABLE : new ByteRange(size - length, length);
    }

    private static final long NONE = -1;
    private static final long MALFORMED = -2;

    /** A decimal number of ASCII digits; one too large for any file is as good as the largest. */
    private static long number(String digits) {
        if (digits.isEmpty()) {
            return NONE;
        }
        long value = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            if (c < '0' || c > '9') {
                return MALFORMED;
            }
            value = value > Long.MAX_VALUE / 10 - 1 ? Long.MAX_VALUE / 10 : value * 10 + (c - '0');
        }
        return value;
    }
}
