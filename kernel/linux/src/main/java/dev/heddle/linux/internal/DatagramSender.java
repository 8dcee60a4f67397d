package dev.heddle.linux.internal;

import dev.heddle.internal.UnixDatagrams;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The sender of single datagrams over unix(7), each by a socket of its own: sendto(2). */
public final class DatagramSender implements UnixDatagrams {

    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_NONBLOCK = 0x800;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int FAMILY_BYTES = 2;
    private static final int MAX_PATH_BYTES = 107;

    /** For {@link java.util.ServiceLoader}. */
    public DatagramSender() {}

    @Override
    public Optional<String> whyNot() {
        return Platform.whyNot();
    }

    @Override
    public boolean trySend(String path, byte[] message) throws IOException {
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        if (name.length == 0 || name.length > MAX_PATH_BYTES) {
            throw new SocketException("the path of a Unix socket has 1 to " + MAX_PATH_BYTES + " bytes, not "
                    + name.length);
        }
        boolean isAbstract = name[0] == '@';
        if (isAbstract) {
            name[0] = 0;
        }
        try (Arena arena = Arena.ofConfined()) {
            var kernel = new SystemCalls(arena);
            MemorySegment address = arena.allocate(SocketAddresses.MAX_BYTES, Long.BYTES);
            address.set(ValueLayout.JAVA_SHORT, 0, (short) SocketAddresses.AF_UNIX);
            MemorySegment.copy(name, 0, address, ValueLayout.JAVA_BYTE, FAMILY_BYTES, name.length);
            // An abstract name has no end but its length: a zero behind it would be a part of it.
            int length = FAMILY_BYTES + name.length + (isAbstract ? 0 : 1);
            MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, message);
            long socket = Errno.check(kernel.call(
                    SyscallNumbers.SOCKET, SocketAddresses.AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
            try {
                long sent;
                do {
                    sent = kernel.call(SyscallNumbers.SENDTO, socket, bytes.address(), message.length, MSG_NOSIGNAL,
                            address.address(), length);
                } while (sent == -Errno.EINTR);
                if (sent == -Errno.EAGAIN || sent == -Errno.ENOBUFS) {
                    return false;
                }
                Errno.check(sent);
                return true;
            } finally {
                kernel.call(SyscallNumbers.CLOSE, socket);
            }
        }
    }
}
