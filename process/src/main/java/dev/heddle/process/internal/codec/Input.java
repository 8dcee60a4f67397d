package dev.heddle.process.internal.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * The bytes of a value, as they are read: what {@link Output} has written. Every length is checked before memory is
 * taken for it.
 */
public final class Input {

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final byte[] bytes;
    private final int end;
    private int at;

    Input(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        this.at = Objects.checkFromToIndex(from, to, bytes.length);
        this.end = to;
    }

    private int take(long count) {
        if (count > end - at) {
            throw new UnreadableException("it says " + count + " more bytes where there are " + (end - at));
        }
        int start = at;
        at += (int) count;
        return start;
    }

    boolean isAtEnd() {
        return at == end;
    }

    byte readByte() {
        return bytes[take(1)];
    }

    short readShort() {
        return (short) SHORT.get(bytes, take(Short.BYTES));
    }

    public int readInt() {
        return (int) INT.get(bytes, take(Integer.BYTES));
    }

    long readLong() {
        return (long) LONG.get(bytes, take(Long.BYTES));
    }

    /** A number without a sign, of as few bytes as it needs. */
    int readNumber() {
        int count = 0;
        for (int shift = 0; shift < 32; shift += 7) {
            byte next = readByte();
            count |= (next & 0x7f) << shift;
            if (next >= 0) {
                return count;
            }
        }
        throw new UnreadableException("a count of more than 32 bits");
    }

    /** A number of things that take some bytes each, and so cannot be more than there are bytes. */
    int readCount(int leastBytes) {
        int count = readNumber();
        if (count < 0 || (long) count * leastBytes > end - at) {
            throw new UnreadableException(
                    "it says " + count + " things where there are " + (end - at) + " bytes");
        }
        return count;
    }

    public String readString() {
        int told = readNumber();
        int count = told >>> 1;
        if ((told & 1) == 0) {
            return new String(bytes, take(count), count, StandardCharsets.UTF_8);
        }
        int start = take(2L * count);
        char[] chars = new char[count];
        for (int i = 0; i < count; i++) {
            chars[i] = (char) (short) SHORT.get(bytes, start + Short.BYTES * i);
        }
        return new String(chars);
    }

    public byte[] readBytes(int count) {
        int start = take(count);
        return Arrays.copyOfRange(bytes, start, start + count);
    }

    /** The next bytes as a value of their own, not copied. */
    Encoded encoded(int count) {
        int start = take(count);
        return Encoded.of(bytes, start, start + count);
    }

    /** A view of the next bytes, which are taken. */
    ByteBuffer view(int count) {
        return ByteBuffer.wrap(bytes, take(count), count);
    }
}
