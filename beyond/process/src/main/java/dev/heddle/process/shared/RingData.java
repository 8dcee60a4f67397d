package dev.heddle.process.shared;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * The elements of a ring, one behind the other and around its end: of each its length in 4 bytes, its bytes, and up to
 * 7 bytes more. Plain memory: the ring's words say what of it may be read, and what be written.
 *
 * @param at where it begins in the memory, a multiple of 8
 * @param bytes its size, a power of 2
 */
record RingData(MemorySegment memory, long at, long bytes) {

    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
    private static final int PREFIX = Integer.BYTES;

    /** How many bytes an element takes. */
    static long span(long length) {
        return (PREFIX + length + RingWord.UNIT - 1) & -RingWord.UNIT;
    }

    /**
     * @param offset a multiple of 8, below the size
     */
    void write(long offset, byte[] element) {
        INT.set(memory, at + offset, element.length);
        long begin = offset + PREFIX;
        int first = (int) Math.min(element.length, bytes - begin);
        MemorySegment.copy(element, 0, memory, ValueLayout.JAVA_BYTE, at + begin, first);
        if (first < element.length) {
            MemorySegment.copy(element, first, memory, ValueLayout.JAVA_BYTE, at, element.length - first);
        }
    }

    /** The length of an element; anything where memory is damaged. */
    int length(long offset) {
        return (int) INT.get(memory, at + offset);
    }

    /**
     * @param length zero or more, and no more than the size
     */
    byte[] read(long offset, int length) {
        byte[] element = new byte[length];
        long begin = offset + PREFIX;
        int first = (int) Math.min(length, bytes - begin);
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, at + begin, element, 0, first);
        if (first < length) {
            MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, at, element, first, length - first);
        }
        return element;
    }
}
