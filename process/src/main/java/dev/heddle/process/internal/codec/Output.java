package dev.heddle.process.internal.codec;

import dev.heddle.io.LimitExceededException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The bytes of a value, as they are written: they grow up to a bound, with numbers in the order of the network. Long
 * arrays may be part of them without being copied.
 */
public final class Output {

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /** No bytes. */
    public static final Output NOTHING = of(Frame.NOTHING);

    private static final int FIRST_BYTES = 512;

    /** What usually follows a long array, so that it is not copied for that. */
    private static final int SPARE_BYTES = 64;

    /** Shorter ones are copied in any case. */
    private static final int LONG_BYTES = 64 * 1024;

    private final int max;
    private final boolean borrows;

    /** What comes before the bytes. */
    private List<byte[]> before = List.of();

    private int beforeSize;
    /** Never longer than what may still come: only where it ends is the bound looked at. */
    private byte[] bytes;

    private int size;

    Output(int max) {
        this(max, false);
    }

    /**
     * @param borrows whether long arrays are not copied, since nobody changes them before this is written
     */
    Output(int max, boolean borrows) {
        this.max = max;
        this.borrows = borrows;
        this.bytes = new byte[Math.min(FIRST_BYTES, max)];
    }

    private Output(byte[] bytes) {
        this.max = bytes.length;
        this.borrows = false;
        this.bytes = bytes;
        this.size = bytes.length;
    }

    /** What was encoded before. */
    public static Output of(byte[] bytes) {
        return new Output(bytes);
    }

    private void reserve(int count) {
        if (count > bytes.length - size) {
            requireRoom(count);
            long least = size + (long) count + SPARE_BYTES;
            bytes = Arrays.copyOf(bytes, (int) Math.min(max - beforeSize, Math.max(least, 2L * size)));
        }
    }

    private void requireRoom(int count) {
        if (count > max - size()) {
            throw tooLong(max);
        }
    }

    /** How many bytes there are. */
    public int size() {
        return beforeSize + size;
    }

    public static LimitExceededException tooLong(int max) {
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

    public void putInt(int value) {
        reserve(Integer.BYTES);
        INT.set(bytes, size, value);
        size += Integer.BYTES;
    }

    void putLong(long value) {
        reserve(Long.BYTES);
        LONG.set(bytes, size, value);
        size += Long.BYTES;
    }

    /** A number without a sign, in as few bytes as it needs, seven bits in each. */
    void putCount(int count) {
        int rest = count;
        while ((rest & ~0x7f) != 0) {
            putByte(rest | 0x80);
            rest >>>= 7;
        }
        putByte(rest);
    }

    public void putString(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        // Half of a surrogate pair has no UTF-8 and becomes a question mark.
        if (hasQuestionMark(utf8) && !new String(utf8, StandardCharsets.UTF_8).equals(text)) {
            putCount(2 * text.length() + 1);
            for (int i = 0; i < text.length(); i++) {
                putShort(text.charAt(i));
            }
            return;
        }
        putCount(2 * utf8.length);
        putBytes(utf8);
    }

    private static boolean hasQuestionMark(byte[] utf8) {
        for (byte each : utf8) {
            if (each == '?') {
                return true;
            }
        }
        return false;
    }

    public void putBytes(byte[] source) {
        if (borrows && source.length >= LONG_BYTES) {
            requireRoom(source.length);
            if (before.isEmpty()) {
                before = new ArrayList<>();
            }
            before.add(Arrays.copyOf(bytes, size));
            before.add(source);
            beforeSize += size + source.length;
            size = 0;
            if (bytes.length > max - beforeSize) {
                bytes = new byte[max - beforeSize];
            }
            return;
        }
        reserve(source.length);
        System.arraycopy(source, 0, bytes, size, source.length);
        size += source.length;
    }

    /** Room for items of one size, behind their tag and number; to be filled by the caller. */
    ByteBuffer room(byte tag, int count, int itemBytes) {
        putByte(tag);
        putCount(count);
        long length = (long) count * itemBytes;
        if (length > max) {
            throw tooLong(max);
        }
        reserve((int) length);
        ByteBuffer room = ByteBuffer.wrap(bytes, size, (int) length);
        size += (int) length;
        return room;
    }

    public byte[] toBytes() {
        if (before.isEmpty()) {
            return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
        }
        byte[] all = new byte[size()];
        int at = 0;
        for (byte[] part : before) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        System.arraycopy(bytes, 0, all, at, size);
        return all;
    }

    void writeTo(FrameWriter writer) throws IOException {
        for (byte[] part : before) {
            writer.append(part, part.length);
        }
        writer.append(bytes, size);
    }
}
