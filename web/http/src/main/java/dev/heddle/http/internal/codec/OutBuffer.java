package dev.heddle.http.internal.codec;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The output buffer of one response: its head, and its body if that is small, become one piece of memory, so that one
 * write sends both.
 *
 * <p>Grows for heads that do not fit; a body never makes it grow.
 */
public final class OutBuffer {

    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};

    private byte[] bytes;
    private int end;

    public OutBuffer(int capacity) {
        bytes = new byte[capacity];
    }

    public int size() {
        return end;
    }

    public int room() {
        return bytes.length - end;
    }

    public int capacity() {
        return bytes.length;
    }

    public void clear() {
        end = 0;
    }

    /** Cuts the content back, or leaves a gap to be filled later. */
    public void moveEnd(int position) {
        reserve(position - end);
        end = position;
    }

    public OutBuffer put(byte b) {
        reserve(1);
        bytes[end++] = b;
        return this;
    }

    public OutBuffer put(byte[] source) {
        return put(source, 0, source.length);
    }

    public OutBuffer put(byte[] source, int offset, int length) {
        reserve(length);
        System.arraycopy(source, offset, bytes, end, length);
        end += length;
        return this;
    }

    /** Appends all of a piece. */
    public void put(ByteBuffer piece) {
        int count = piece.remaining();
        reserve(count);
        piece.get(bytes, end, count);
        end += count;
    }

    /** Appends text of Latin-1 characters. */
    public OutBuffer put(String latin1) {
        int length = latin1.length();
        reserve(length);
        byte[] target = bytes;
        int at = end;
        for (int i = 0; i < length; i++) {
            target[at + i] = (byte) latin1.charAt(i);
        }
        end = at + length;
        return this;
    }

    /** Appends a number that is not negative, in decimal. */
    public OutBuffer putDecimal(long number) {
        int digits = 1;
        for (long rest = number; rest >= 10; rest /= 10) {
            digits++;
        }
        reserve(digits);
        int at = end + digits;
        end = at;
        long rest = number;
        for (int i = 0; i < digits; i++) {
            bytes[--at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return this;
    }

    /** Writes four hexadecimal digits over what is at a position. */
    public void setHex4(int position, int number) {
        for (int i = 0; i < 4; i++) {
            bytes[position + i] = HEX[(number >> (12 - 4 * i)) & 15];
        }
    }

    /** Writes bytes over what is at a position. */
    public void set(int position, byte[] source) {
        System.arraycopy(source, 0, bytes, position, source.length);
    }

    /** Takes the bytes between two positions out; those behind move up. */
    public void cut(int from, int to) {
        System.arraycopy(bytes, to, bytes, from, end - to);
        end -= to - from;
    }

    /** Writes the content over what is at a position of another buffer. */
    public void copyTo(OutBuffer target, int position) {
        System.arraycopy(bytes, 0, target.bytes, position, end);
    }

    /** The content as a view, for a write. */
    public ByteBuffer view() {
        return ByteBuffer.wrap(bytes, 0, end);
    }

    /** Makes room for so many more bytes. */
    public void reserve(int count) {
        if (count > bytes.length - end) {
            bytes = Arrays.copyOf(bytes, Math.max(end + count, bytes.length * 2));
        }
    }
}
