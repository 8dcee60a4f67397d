package dev.heddle.linux;

import dev.heddle.engine.DescriptorEngine;
import dev.heddle.linux.internal.Errno;
import dev.heddle.linux.internal.SyscallNumbers;
import dev.heddle.linux.internal.SystemCalls;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Descriptors that go over a Unix connection beside a message: {@code SCM_RIGHTS} of unix(7), sendmsg(2), recvmsg(2),
 * cmsg(3), on machines of 64 bits.
 *
 * <pre>
 *   msghdr   name:8  namelen:4  -:4  iov:8  iovlen:8  control:8  controllen:8  flags:4  -:4
 *   iovec    base:8  len:8
 *   cmsghdr  len:8  level:4  type:4  descriptors:4 each
 * </pre>
 */
final class PassedDescriptors {

    /** What the kernel takes as one piece, so that the descriptors come with all of it. */
    static final int MAX_MESSAGE_BYTES = 16 * 1024;

    private static final int HEADER_BYTES = 56;
    private static final int IOV = 16;
    private static final int IOV_COUNT = 24;
    private static final int CONTROL = 32;
    private static final int CONTROL_BYTES = 40;
    private static final int FLAGS = 48;

    private static final int VECTOR_BYTES = 16;

    private static final int CMSG_LEVEL = 8;
    private static final int CMSG_TYPE = 12;
    private static final int CMSG_DATA = 16;

    private static final int SOL_SOCKET = 1;
    private static final int SCM_RIGHTS = 1;
    private static final int MSG_CTRUNC = 0x8;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_CMSG_CLOEXEC = 0x40000000;

    private final String message;
    private final int[] descriptors;

    private PassedDescriptors(String message, int[] descriptors) {
        this.message = message;
        this.descriptors = descriptors;
    }

    String message() {
        return message;
    }

    int[] descriptors() {
        return descriptors;
    }

    /** Closes those that nobody has taken over, from that place on. */
    void closeFrom(int first, SystemCalls kernel) {
        for (int i = first; i < descriptors.length; i++) {
            kernel.call(SyscallNumbers.CLOSE, descriptors[i]);
        }
    }

    /** Sends all at once or nothing. */
    static void send(SystemCalls kernel, int connection, String message, int... descriptors) throws IOException {
        byte[] text = message.getBytes(StandardCharsets.UTF_8);
        if (text.length == 0 || text.length > MAX_MESSAGE_BYTES) {
            throw new IllegalArgumentException(
                    "a message has 1 to " + MAX_MESSAGE_BYTES + " bytes, not " + text.length);
        }
        if (descriptors.length > DescriptorEngine.MAX_PASSED) {
            throw new IllegalArgumentException(
                    "at most " + DescriptorEngine.MAX_PASSED + " are passed on, not " + descriptors.length);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment control = arena.allocate(controlBytes(descriptors.length), Long.BYTES);
            control.set(ValueLayout.JAVA_LONG, 0, CMSG_DATA + (long) descriptors.length * Integer.BYTES);
            control.set(ValueLayout.JAVA_INT, CMSG_LEVEL, SOL_SOCKET);
            control.set(ValueLayout.JAVA_INT, CMSG_TYPE, SCM_RIGHTS);
            MemorySegment.copy(descriptors, 0, control, ValueLayout.JAVA_INT, CMSG_DATA, descriptors.length);
            MemorySegment header = header(
                    arena, arena.allocateFrom(ValueLayout.JAVA_BYTE, text), descriptors.length == 0 ? null : control);
            long sent;
            do {
                sent = kernel.call(SyscallNumbers.SENDMSG, connection, header.address(), MSG_NOSIGNAL);
            } while (sent == -Errno.EINTR);
            if (Errno.check(sent) < text.length) {
                throw new IOException("there was room for " + sent + " of " + text.length + " bytes");
            }
        }
    }

    /**
     * Takes one message; null if none has come yet.
     *
     * @throws EOFException if the peer has ended
     */
    static @Nullable PassedDescriptors receive(SystemCalls kernel, int connection) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocate(MAX_MESSAGE_BYTES);
            MemorySegment control = arena.allocate(controlBytes(DescriptorEngine.MAX_PASSED), Long.BYTES);
            MemorySegment header = header(arena, text, control);
            long count;
            do {
                count = kernel.call(SyscallNumbers.RECVMSG, connection, header.address(), MSG_CMSG_CLOEXEC);
            } while (count == -Errno.EINTR);
            if (count == -Errno.EAGAIN) {
                return null;
            }
            Errno.check(count);
            int[] descriptors = descriptors(control.asSlice(0, header.get(ValueLayout.JAVA_LONG, CONTROL_BYTES)));
            var passed = new PassedDescriptors(
                    new String(text.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8),
                    descriptors);
            if (count == 0 || (header.get(ValueLayout.JAVA_INT, FLAGS) & MSG_CTRUNC) != 0) {
                passed.closeFrom(0, kernel);
                throw count == 0
                        ? new EOFException("the server has ended the connection")
                        : new IOException("more sockets were passed on than can be taken");
            }
            return passed;
        }
    }

    private static MemorySegment header(Arena arena, MemorySegment text, @Nullable MemorySegment control) {
        MemorySegment vector = arena.allocate(VECTOR_BYTES, Long.BYTES);
        vector.set(ValueLayout.JAVA_LONG, 0, text.address());
        vector.set(ValueLayout.JAVA_LONG, Long.BYTES, text.byteSize());
        MemorySegment header = arena.allocate(HEADER_BYTES, Long.BYTES);
        header.set(ValueLayout.JAVA_LONG, IOV, vector.address());
        header.set(ValueLayout.JAVA_LONG, IOV_COUNT, 1);
        if (control != null) {
            header.set(ValueLayout.JAVA_LONG, CONTROL, control.address());
            header.set(ValueLayout.JAVA_LONG, CONTROL_BYTES, control.byteSize());
        }
        return header;
    }

    /** Room for so many, rounded up as {@code CMSG_SPACE} does. */
    private static long controlBytes(int count) {
        long bytes = CMSG_DATA + (long) count * Integer.BYTES;
        return bytes + Long.BYTES - 1 & -Long.BYTES;
    }

    private static int[] descriptors(MemorySegment control) {
        boolean rights = control.byteSize() >= CMSG_DATA
                && control.get(ValueLayout.JAVA_INT, CMSG_LEVEL) == SOL_SOCKET
                && control.get(ValueLayout.JAVA_INT, CMSG_TYPE) == SCM_RIGHTS;
        return rights
                ? control.asSlice(CMSG_DATA, control.get(ValueLayout.JAVA_LONG, 0) - CMSG_DATA)
                        .toArray(ValueLayout.JAVA_INT)
                : new int[0];
    }
}
