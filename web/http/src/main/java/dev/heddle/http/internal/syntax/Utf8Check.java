package dev.heddle.http.internal.syntax;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The check of bytes for UTF-8 while they come, in pieces cut anywhere, with an answer at the first byte that cannot
 * belong to it (RFC 3629, section 4).
 */
public final class Utf8Check {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final long NOT_ASCII = 0x8080_8080_8080_8080L;

    /** Bytes that the last character still lacks. */
    private int missing;

    /** What the next of them may be: the first one after a lead byte has a narrower range, against overlong forms. */
    private int low;

    private int high;

    /** Takes more bytes; false if they are not the continuation of well-formed text. */
    public boolean accept(byte[] bytes, int from, int count) {
        int at = from;
        int end = from + count;
        while (at < end) {
            if (missing == 0) {
                while (at <= end - 8 && ((long) LONGS.get(bytes, at) & NOT_ASCII) == 0) {
                    at += 8;
                }
                if (at == end) {
                    return true;
                }
            }
            int next = bytes[at++] & 0xff;
            if (missing > 0) {
                if (next < low || next > high) {
                    return false;
                }
                missing--;
                low = 0x80;
                high = 0xbf;
            } else if (next >= 0x80 && !lead(next)) {
                return false;
            }
        }
        return true;
    }

    private boolean lead(int first) {
        low = 0x80;
        high = 0xbf;
        if (first >= 0xc2 && first <= 0xdf) {
            missing = 1;
        } else if (first >= 0xe0 && first <= 0xef) {
            missing = 2;
            low = first == 0xe0 ? 0xa0 : low;
            high = first == 0xed ? 0x9f : high;
        } else if (first >= 0xf0 && first <= 0xf4) {
            missing = 3;
            low = first == 0xf0 ? 0x90 : low;
            high = first == 0xf4 ? 0x8f : high;
        } else {
            return false;
        }
        return true;
    }

    /** Whether the bytes so far end with a whole character. */
    public boolean isComplete() {
        return missing == 0;
    }

    /** Begins another text. */
    public void reset() {
        missing = 0;
    }
}
