package dev.heddle.http.internal.syntax;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a file that a Range field asks for (RFC 9110, section 14).
 *
 * @param offset first byte
 * @param length how many, at least 1
 */
public record ByteRange(long offset, long length) {

    /** Most ranges that are answered one by one. */
    public static final int MAX_RANGES = 16;

    /** A field that asks for no byte of the file; 416. */
    static final List<ByteRange> UNSATISFIABLE = List.of();

    private static final long NONE = -1;
    private static final long MALFORMED = -2;

    private static final ByteRange BEYOND = new ByteRange(0, 0);

    /** How the field of a response says which part it has. */
    public String of(long size) {
        return "bytes " + offset + "-" + (offset + length - 1) + "/" + size;
    }

    /**
     * Reads the field.
     *
     * @param size length of the file
     * @return the ranges in the order of the file, or {@link #UNSATISFIABLE}; null if the field is to be ignored, as
     *     section 14.2 allows: because it is malformed, or would make a small request cost much, with too many ranges,
     *     overlapping ones, or some that go back
     */
    public static @Nullable List<ByteRange> parse(String field, long size) {
        if (!field.regionMatches(true, 0, "bytes=", 0, 6)) {
            return null;
        }
        String[] specs = field.substring(6).split(",", MAX_RANGES + 1);
        if (specs.length > MAX_RANGES) {
            return null;
        }
        var ranges = new ArrayList<ByteRange>(specs.length);
        long free = 0;
        for (String spec : specs) {
            ByteRange range = one(spec.strip(), size);
            if (range == null) {
                return null;
            }
            if (!range.equals(BEYOND)) {
                if (range.offset < free) {
                    return null;
                }
                ranges.add(range);
                free = range.offset + range.length;
            }
        }
        return ranges.isEmpty() ? UNSATISFIABLE : List.copyOf(ranges);
    }

    private static @Nullable ByteRange one(String spec, long size) {
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
            return BEYOND;
        }
        long end = last == NONE ? size - 1 : Math.min(last, size - 1);
        return new ByteRange(first, end - first + 1);
    }

    private static ByteRange suffix(long count, long size) {
        long length = Math.min(count, size);
        return length == 0 ? BEYOND : new ByteRange(size - length, length);
    }

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
