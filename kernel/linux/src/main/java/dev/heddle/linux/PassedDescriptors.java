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
 * Descriptors that go over a Unix connection beside a message: {@code SCM_RIGHTS} of unix(7), 4 bytes each.
 */
final class PassedDescriptors {

    /** What the kernel takes as one piece, so that the descriptors come with all of it. */
    static final int MAX_MESSAGE_BYTES = 16 * 1024;

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
            var header = new MessageHeader(arena, 0, descriptors.length * Integer.BYTES);
            header.setControl(SOL_SOCKET, SCM_RIGHTS, descriptors);
            MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, text);
            long at = header.with(bytes.address(), bytes.byteSize());
            long sent;
            do {
                sent = kernel.call(SyscallNumbers.SENDMSG, connection, at, MSG_NOSIGNAL);
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
            var header = new MessageHeader(arena, 0, DescriptorEngine.MAX_PASSED * Integer.BYTES);
            long at = header.with(text.address(), text.byteSize());
            long count;
            do {
                count = kernel.call(SyscallNumbers.RECVMSG, connection, at, MSG_CMSG_CLOEXEC);
            } while (count == -Errno.EINTR);
            if (count == -Errno.EAGAIN) {
                return null;
            }
            Errno.check(count);
            var passed = new PassedDescriptors(
                    new String(text.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8),
                    header.control(SOL_SOCKET, SCM_RIGHTS));
            if (count == 0 || (header.flags() & MSG_CTRUNC) != 0) {
                passed.closeFrom(0, kernel);
                throw count == 0
                        ? new EOFException("the server has ended the connection")
                        : new IOException("more sockets were passed on than can be taken");
            }
            return passed;
        }
    }
}
