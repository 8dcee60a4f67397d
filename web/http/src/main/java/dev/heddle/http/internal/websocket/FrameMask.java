package dev.heddle.http.internal.websocket;

import dev.heddle.internal.SecretNumbers;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The masks of a client's frames (RFC 6455, section 5.3): fresh and not to be guessed, so that no page can make a
 * browser write bytes of the page's choice.
 */
public final class FrameMask {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    /** Masks that are drawn at a time: each draw is a call into the system. */
    private static final int DRAWN = 16;

    private final byte[] masks = new byte[4 * DRAWN];
    private int used = masks.length;

    /** The next mask; its first byte is the highest. */
    int next() {
        if (used == masks.length) {
            SecretNumbers.fill(masks);
            used = 0;
        }
        int mask = (int) INTS.get(masks, used);
        used += 4;
        return mask;
    }

    /**
     * Masks or unmasks bytes in place.
     *
     * @return the mask for the byte after them
     */
    public static int apply(byte[] bytes, int from, int count, int mask) {
        int at = from;
        int end = from + count;
        if (mask != 0) {
            long twice = ((long) mask << 32) | (mask & 0xffff_ffffL);
            for (; at <= end - 8; at += 8) {
                LONGS.set(bytes, at, (long) LONGS.get(bytes, at) ^ twice);
            }
            for (int shift = 24; at < end; at++, shift = (shift - 8) & 31) {
                bytes[at] ^= (byte) (mask >>> shift);
            }
        }
        return Integer.rotateLeft(mask, 8 * (count & 3));
    }
}
