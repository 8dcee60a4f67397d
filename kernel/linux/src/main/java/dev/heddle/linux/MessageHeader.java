package dev.heddle.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The header of a message of one piece, with room for an address and for numbers beside it: sendmsg(2), recvmsg(2),
 * cmsg(3), on machines of 64 bits.
 *
 * <pre>
 *   msghdr   name:8  namelen:4  -:4  iov:8  iovlen:8  control:8  controllen:8  flags:4  -:4
 *   iovec    base:8  len:8
 *   cmsghdr  len:8  level:4  type:4  numbers:4 each
 * </pre>
 */
final class MessageHeader {

    private static final int BYTES = 56;
    private static final int NAME_BYTES = 8;
    private static final int IOV = 16;
    private static final int IOV_COUNT = 24;
    private static final int CONTROL = 32;
    private static final int CONTROL_BYTES = 40;
    private static final int FLAGS = 48;

    private static final int VECTOR_BYTES = 16;

    private static final int CMSG_LEVEL = 8;
    private static final int CMSG_TYPE = 12;
    private static final int CMSG_DATA = 16;
    private static final int NONE = -1;

    private final MemorySegment header;
    private final MemorySegment vector;
    private final MemorySegment name;
    private final MemorySegment control;

    /** @param dataBytes room for numbers, 0 for none */
    MessageHeader(Arena arena, int nameBytes, int dataBytes) {
        header = arena.allocate(BYTES, Long.BYTES);
        vector = arena.allocate(VECTOR_BYTES, Long.BYTES);
        name = arena.allocate(nameBytes, Long.BYTES);
        // Rounded up as CMSG_SPACE does.
        control = arena.allocate(
                dataBytes == 0 ? 0 : CMSG_DATA + dataBytes + Long.BYTES - 1 & -Long.BYTES, Long.BYTES);
        header.set(ValueLayout.JAVA_LONG, 0, nameBytes == 0 ? 0 : name.address());
        header.set(ValueLayout.JAVA_LONG, IOV, vector.address());
        header.set(ValueLayout.JAVA_LONG, IOV_COUNT, 1);
        header.set(ValueLayout.JAVA_LONG, CONTROL, dataBytes == 0 ? 0 : control.address());
    }

    /** The address of the header for so many bytes from there on; all room is free again. */
    long with(long start, long bytes) {
        vector.set(ValueLayout.JAVA_LONG, 0, start);
        vector.set(ValueLayout.JAVA_LONG, Long.BYTES, bytes);
        header.set(ValueLayout.JAVA_INT, NAME_BYTES, (int) name.byteSize());
        header.set(ValueLayout.JAVA_LONG, CONTROL_BYTES, control.byteSize());
        return header.address();
    }

    /** The room of the address. */
    MemorySegment name() {
        return name;
    }

    /** How many bytes of an address were received. */
    int nameBytes() {
        return header.get(ValueLayout.JAVA_INT, NAME_BYTES);
    }

    int flags() {
        return header.get(ValueLayout.JAVA_INT, FLAGS);
    }

    /** Sets the numbers that are sent, as many as there is room for. */
    void setControl(int level, int type, int... numbers) {
        if (numbers.length > 0) {
            control.set(ValueLayout.JAVA_LONG, 0, CMSG_DATA + (long) numbers.length * Integer.BYTES);
            control.set(ValueLayout.JAVA_INT, CMSG_LEVEL, level);
            control.set(ValueLayout.JAVA_INT, CMSG_TYPE, type);
            MemorySegment.copy(numbers, 0, control, ValueLayout.JAVA_INT, CMSG_DATA, numbers.length);
        }
    }

    /** The numbers of that kind that were received; none if there are no such. */
    int[] control(int level, int type) {
        long at = find(level, type);
        return at == NONE
                ? new int[0]
                : control.asSlice(at + CMSG_DATA, control.get(ValueLayout.JAVA_LONG, at) - CMSG_DATA)
                        .toArray(ValueLayout.JAVA_INT);
    }

    /** A number of that kind that was received, or another if there is none. */
    int control(int level, int type, int index, int other) {
        long at = find(level, type);
        return at == NONE
                ? other
                : control.get(ValueLayout.JAVA_INT, at + CMSG_DATA + (long) index * Integer.BYTES);
    }

    boolean hasControl(int level, int type) {
        return find(level, type) != NONE;
    }

    /** Where that kind begins among what was received. */
    private long find(int level, int type) {
        long end = header.get(ValueLayout.JAVA_LONG, CONTROL_BYTES);
        long at = 0;
        while (at + CMSG_DATA < end) {
            if (control.get(ValueLayout.JAVA_INT, at + CMSG_LEVEL) == level
                    && control.get(ValueLayout.JAVA_INT, at + CMSG_TYPE) == type) {
                return at;
            }
            at += control.get(ValueLayout.JAVA_LONG, at) + Long.BYTES - 1 & -Long.BYTES;
        }
        return NONE;
    }
}
