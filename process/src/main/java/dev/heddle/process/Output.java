package dev.heddle.process;

import dev.heddle.net.LimitExceededException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes that grow up to a bound, with numbers in the order of the network. */
final class Output {

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final int FIRST_BYTES = 256;

    private final int max;
    private byte[] bytes = new byte[FIRST_BYTES];
    private int size;

    Output(int max) {
        this.max = max;
    }

    private void reserve(int count) {
        if (count > bytes.length - size) {
            if (count > max - size) {
                throw tooLong(max);
            }
            bytes = Arrays.copyOf(bytes, (int) Math.min(max, Math.max(size + count, 2L * bytes.length)));
        }
    }

    static LimitExceededException tooLong(int max) {
        return new LimitExceededException("a value for another process; send it in parts, or through shared memory",
                max);
    }

    void putByte(int value) {
        reserve(1);
        bytes[size++] = (byte) value;
    }

    void putShort(int value) {
        putByte(value >> 8);
        putByte(value);
    }

    void putInt(int value) {
        reserve(Integer.BYTES);
        INT.set(bytes, size, value);
        size += Integer.BYTES;
    }

    void putLong(long value) {
        reserve(Long.BYTES);
        LONG.set(bytes, size, value);
        size += Long.BYTES;
    }

    /** A number that is not negative, in as few bytes as it needs, seven bits in each. */
    void putCount(int count) {
        int rest = count;
        while (rest >= 0x80) {
            putByte(rest | 0x80);
            rest >>>= 7;
        }
        putByte(rest);
    }

    void putString(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        if (text.length() > utf8.length || !new String(utf8, StandardCharsets.UTF_8).equals(text)) {
            // Half of a surrogate pair has no UTF-8.
            putCount(2 * text.length() + 1);
            text.chars().forEach(this::putShort);
            return;
        }
        putCount(2 * utf8.length);
        putBytes(utf8);
    }

    void putBytes(byte[] source) {
        reserve(source.length);
        System.arraycopy(source, 0, bytes, size, source.length);
        size += source.length;
    }

    /** Room for so many bytes, to be filled by the caller. */
    int skip(int count) {
        reserve(count);
        int at = size;
        size += count;
        return at;
    }

    byte[] array() {
        return bytes;
    }

    byte[] toBytes() {
        return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
    }
}
