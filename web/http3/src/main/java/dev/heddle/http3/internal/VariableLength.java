package dev.heddle.http3.internal;

import java.nio.ByteBuffer;

/** Whole numbers of 1, 2, 4 or 8 bytes, whose first two bits say which (RFC 9000, section 16). */
final class VariableLength {

    /** What {@link #read} gives where not all of a number is there. */
    static final long INCOMPLETE = -1;

    /** The most bytes of a number. */
    static final int MAX_BYTES = 8;

    private VariableLength() {}

    /** Reads a number; the position does not move where it is {@link #INCOMPLETE}. */
    static long read(ByteBuffer in) {
        if (!in.hasRemaining()) {
            return INCOMPLETE;
        }
        int first = in.get(in.position()) & 0xff;
        int bytes = 1 << (first >>> 6);
        if (in.remaining() < bytes) {
            return INCOMPLETE;
        }
        long value = first & 0x3f;
        in.get();
        for (int i = 1; i < bytes; i++) {
            value = (value << 8) | (in.get() & 0xff);
        }
        return value;
    }

    /** How many bytes a number takes. */
    static int size(long value) {
        return value < 1 << 6 ? 1 : value < 1 << 14 ? 2 : value < 1 << 30 ? 4 : MAX_BYTES;
    }

    /** Writes a number below 2^62 in as few bytes as it takes. */
    static void write(ByteBuffer target, long value) {
        switch (size(value)) {
            case 1 -> target.put((byte) value);
            case 2 -> target.putShort((short) (value | 0x4000));
            case 4 -> target.putInt((int) value | 0x8000_0000);
            default -> target.putLong(value | 0xc000_0000_0000_0000L);
        }
    }
}
