package dev.heddle.http;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Where the head of a response, and its body if that is small, become one piece of memory, so that one write sends both.
 *
 * <p>Grows for heads that do not fit; a body never makes it grow.
 */
final class OutBuffer {

    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};

    private byte[] bytes;
    private int end;

    OutBuffer(int capacity) {
        bytes = new byte[capacity];
    }

    int size() {
        return end;
    }

    int room() {
        return bytes.length - end;
    }

    int capacity() {
        return bytes.length;
    }

    void clear() {
        end = 0;
    }

    /** Cuts the content back, or leaves a gap to be filled later. */
    void moveEnd(int position) {
        reserve(position - end);
        end = position;
    }

    OutBuffer put(byte b) {
        reserve(1);
        bytes[end++] = b;
        return this;
    }

    OutBuffer put(byte[] source) {
        return put(source, 0, source.length);
    }

    OutBuffer put(byte[] source, int offset, int length) {
        reserve(length);
        System.arraycopy(source, offset, bytes, end, length);
        end += length;
        return this;
    }

    /** Appends text of Latin-1 characters. */
    OutBuffer put(String latin1) {
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
    OutBuffer putDecimal(long number) {
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
    void setHex4(int position, int number) {
        for (int i = 0; i < 4; i++) {
            bytes[position + i] = HEX[(number >> (12 - 4 * i)) & 15];
        }
    }

    /** Writes bytes over what is at a position. */
    void set(int position, byte[] source) {
        System.arraycopy(source, 0, bytes, position, source.length);
    }

    /** Takes the bytes between two positions out; those behind move up. */
    void cut(int from, int to) {
        System.arraycopy(bytes, to, bytes, from, end - to);
        end -= to - from;
    }

    /** Writes the content over what is at a position of another buffer. */
    void copyTo(OutBuffer target, int position) {
        System.arraycopy(bytes, 0, target.bytes, position, end);
    }

    /** The content as a view, for a write. */
    ByteBuffer view() {
        return ByteBuffer.wrap(bytes, 0, end);
    }

    /** Makes room for so many more bytes. */
    void reserve(int count) {
        if (count > bytes.length - end) {
            bytes = Arrays.copyOf(bytes, Math.max(end + count, bytes.length * 2));
        }
    }
}
