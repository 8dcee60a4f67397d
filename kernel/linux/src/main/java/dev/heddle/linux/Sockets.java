package dev.heddle.linux;

import dev.heddle.Heddle;
import dev.heddle.engine.ListenOptions;
import dev.heddle.internal.DirectMemory;
import dev.heddle.linux.internal.CachedFiles;
import dev.heddle.linux.internal.Errno;
import dev.heddle.linux.internal.Pages;
import dev.heddle.linux.internal.SocketAddresses;
import dev.heddle.linux.internal.SyscallNumbers;
import dev.heddle.linux.internal.SystemCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * The socket calls of one engine: socket(2), bind(2), listen(2), accept4(2), connect(2), recv(2), send(2),
 * setsockopt(2). Results of the data calls are the kernel's, with the negative error; the others throw.
 *
 * <p>Threads: the engine's loop.
 */
final class Sockets {

    /** A Unix socket whose listener's queue is full cannot be waited for: connect(2), EAGAIN. */
    private static final Duration QUEUE_REST = Duration.ofMillis(1);

    private static final int SOCK_STREAM = 1;
    private static final int SOCK_NONBLOCK = 0x800;
    private static final int SOCK_CLOEXEC = 0x80000;

    private static final int SOL_SOCKET = 1;
    private static final int SO_REUSEADDR = 2;
    private static final int SO_TYPE = 3;
    private static final int SO_ERROR = 4;
    private static final int SO_LINGER = 13;
    private static final int SO_REUSEPORT = 15;
    private static final int SO_ACCEPTCONN = 30;
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_NODELAY = 1;
    private static final int TCP_DEFER_ACCEPT = 9;

    /** A silent connection comes with the first repetition of the handshake's answer, tcp(7). */
    private static final int DEFER_SECONDS = 1;
    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_V6ONLY = 26;

    /** Three numbers, those of {@code SO_PEERCRED}. */
    private static final int MAX_OPTION_BYTES = 128;

    static final int MSG_NOSIGNAL = 0x4000;
    private static final int SHUT_WR = 1;

    /** What a heap buffer is copied through: the kernel must not see memory that the collector moves. */
    private static final int SCRATCH_BYTES = 256 * 1024;

    /** What is sent of a file by one call, for which others wait. */
    static final long MAX_FILE_BYTES = 256 * 1024;

    /** What Linux reads of a file in one go if it is not told otherwise; blockdev(8). */
    private static final int READ_AHEAD_BYTES = 128 * 1024;

    private static final int F_SETFD = 2;
    private static final int FD_CLOEXEC = 1;
    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    private static final int O_NONBLOCK = 0x800;

    final SystemCalls kernel;

    private final MemorySegment address;
    private final MemorySegment length;
    private final MemorySegment value;
    private final MemorySegment offset;

    /** struct iovec: one byte. */
    private final MemorySegment probe;
    private final MemorySegment scratch;
    private final ByteBuffer scratchBuffer;

    Sockets(Arena arena) throws IOException {
        kernel = new SystemCalls(arena);
        address = arena.allocate(SocketAddresses.MAX_BYTES, Long.BYTES);
        length = arena.allocate(ValueLayout.JAVA_INT);
        value = arena.allocate(MAX_OPTION_BYTES, Integer.BYTES);
        offset = arena.allocate(ValueLayout.JAVA_LONG);
        probe = arena.allocate(CachedFiles.IOVEC_BYTES, Long.BYTES);
        probe.set(ValueLayout.JAVA_LONG, 0, value.address());
        probe.set(ValueLayout.JAVA_LONG, Long.BYTES, 1);
        scratch = Pages.map(arena, kernel, SCRATCH_BYTES);
        scratchBuffer = scratch.asByteBuffer();
    }

    // ---- making and ending ----

    /** A non-blocking stream socket, closed by exec(2). */
    int open(int family) throws IOException {
        return (int) Errno
                .check(kernel.call(SyscallNumbers.SOCKET, family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    }

    void close(int descriptor) {
        // The descriptor is gone whatever the answer is: close(2), notes.
        kernel.call(SyscallNumbers.CLOSE, descriptor);
    }

    void bindAndListen(int descriptor, SocketAddress local, ListenOptions options) throws IOException {
        int family = SocketAddresses.family(local);
        if (family != SocketAddresses.AF_UNIX) {
            set(descriptor, SOL_SOCKET, SO_REUSEADDR, options.reuseAddress() ? 1 : 0);
            if (options.reusePort()) {
                set(descriptor, SOL_SOCKET, SO_REUSEPORT, 1);
            }
            if (options.deferAccept()) {
                set(descriptor, IPPROTO_TCP, TCP_DEFER_ACCEPT, DEFER_SECONDS);
            }
        }
        if (family == SocketAddresses.AF_INET6) {
            // As the JDK's sockets: the wildcard of IPv6 takes IPv4 too.
            set(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, 0);
        }
        bindTo(descriptor, local);
        Errno.check(kernel.call(SyscallNumbers.LISTEN, descriptor, options.backlog()));
    }

    /** Chooses where a connection is made from. */
    void bind(int descriptor, InetSocketAddress local) throws IOException {
        if (local.getPort() != 0) {
            // Else each of several attempts would take the port from the next.
            set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1);
        }
        bindTo(descriptor, local);
    }

    private void bindTo(int descriptor, SocketAddress local) throws IOException {
        int bytes = SocketAddresses.write(local, address);
        Errno.check(kernel.call(SyscallNumbers.BIND, descriptor, address.address(), bytes));
    }

    /**
     * Begins to connect, and lets small writes go out at once. Rests while the queue of a Unix socket's listener is
     * full.
     *
     * @return whether it is connected; if not, the descriptor becomes writable when {@link #takeError} knows more
     */
    boolean connect(int descriptor, SocketAddress remote) throws IOException {
        if (SocketAddresses.family(remote) != SocketAddresses.AF_UNIX) {
            sendAtOnce(descriptor);
        }
        int result = tryConnect(descriptor, remote);
        while (result == -Errno.EAGAIN) {
            Heddle.sleep(QUEUE_REST);
            result = tryConnect(descriptor, remote);
        }
        if (result < 0 && result != -Errno.EINPROGRESS && result != -Errno.EINTR) {
            throw Errno.exception(-result);
        }
        return result == 0;
    }

    private int tryConnect(int descriptor, SocketAddress remote) throws IOException {
        int bytes = SocketAddresses.write(remote, address);
        return (int) kernel.call(SyscallNumbers.CONNECT, descriptor, address.address(), bytes);
    }

    /** The next connection, non-blocking, or the negative error; {@link #lastAddress} tells the peer. */
    int accept(int descriptor) {
        length.set(ValueLayout.JAVA_INT, 0, SocketAddresses.MAX_BYTES);
        return (int) kernel.call(
                SyscallNumbers.ACCEPT4, descriptor, address.address(), length.address(), SOCK_NONBLOCK | SOCK_CLOEXEC);
    }

    /** The address that the last call of {@link #accept} told. */
    SocketAddress lastAddress() {
        return SocketAddresses.read(address, length.get(ValueLayout.JAVA_INT, 0));
    }

    void makeNonBlocking(int descriptor) throws IOException {
        long flags = Errno.check(kernel.call(SyscallNumbers.FCNTL, descriptor, F_GETFL, 0));
        Errno.check(kernel.call(SyscallNumbers.FCNTL, descriptor, F_SETFL, flags | O_NONBLOCK));
    }

    void closeOnExec(int descriptor) throws IOException {
        Errno.check(kernel.call(SyscallNumbers.FCNTL, descriptor, F_SETFD, FD_CLOEXEC));
    }

    /**
     * Checks a socket that somebody else has made.
     *
     * @throws IOException if it does not listen for streams
     */
    void checkListening(int descriptor) throws IOException {
        boolean streams;
        try {
            streams = option(descriptor, SOL_SOCKET, SO_TYPE) == SOCK_STREAM;
        } catch (IOException e) {
            throw new IOException("descriptor " + descriptor + " is no socket: " + e.getMessage(), e);
        }
        if (!streams || option(descriptor, SOL_SOCKET, SO_ACCEPTCONN) == 0) {
            throw new IOException("descriptor " + descriptor + " is a socket that does not listen for streams");
        }
    }

    // ---- facts and options ----

    SocketAddress localAddress(int descriptor) throws IOException {
        return name(SyscallNumbers.GETSOCKNAME, descriptor);
    }

    SocketAddress remoteAddress(int descriptor) throws IOException {
        return name(SyscallNumbers.GETPEERNAME, descriptor);
    }

    private SocketAddress name(int call, int descriptor) throws IOException {
        length.set(ValueLayout.JAVA_INT, 0, SocketAddresses.MAX_BYTES);
        Errno.check(kernel.call(call, descriptor, address.address(), length.address()));
        return lastAddress();
    }

    /** The error that the socket has kept, and takes it from it; zero for none. */
    int takeError(int descriptor) {
        length.set(ValueLayout.JAVA_INT, 0, Integer.BYTES);
        long result = kernel.call(
                SyscallNumbers.GETSOCKOPT, descriptor, SOL_SOCKET, SO_ERROR, value.address(), length.address(), 0);
        return result < 0 ? (int) -result : value.get(ValueLayout.JAVA_INT, 0);
    }

    int option(int descriptor, int level, int option) throws IOException {
        return options(descriptor, level, option, 1)[0];
    }

    /** An option of so many numbers. */
    int[] options(int descriptor, int level, int option, int count) throws IOException {
        length.set(ValueLayout.JAVA_INT, 0, count * Integer.BYTES);
        Errno.check(kernel.call(
                SyscallNumbers.GETSOCKOPT, descriptor, level, option, value.address(), length.address(), 0));
        return value.asSlice(0, (long) count * Integer.BYTES).toArray(ValueLayout.JAVA_INT);
    }

    void sendAtOnce(int descriptor) {
        value.set(ValueLayout.JAVA_INT, 0, 1);
        // A peer that is gone already makes this fail, which reading will tell.
        kernel.call(SyscallNumbers.SETSOCKOPT, descriptor, IPPROTO_TCP, TCP_NODELAY, value.address(), Integer.BYTES, 0);
    }

    /** Closing then sends a reset and drops what is unsent: SO_LINGER in socket(7). A Unix socket does not care. */
    void resetOnClose(int descriptor) {
        value.set(ValueLayout.JAVA_INT, 0, 1);
        value.set(ValueLayout.JAVA_INT, Integer.BYTES, 0);
        kernel.call(SyscallNumbers.SETSOCKOPT, descriptor, SOL_SOCKET, SO_LINGER, value.address(), 2 * Integer.BYTES,
                0);
    }

    private void set(int descriptor, int level, int option, int to) throws IOException {
        value.set(ValueLayout.JAVA_INT, 0, to);
        Errno.check(
                kernel.call(SyscallNumbers.SETSOCKOPT, descriptor, level, option, value.address(), Integer.BYTES, 0));
    }

    // ---- bytes ----

    /** How many bytes of a buffer one call moves at most. */
    static int mostAtOnce(ByteBuffer buffer) {
        return buffer.isDirect() ? buffer.remaining() : Math.min(buffer.remaining(), SCRATCH_BYTES);
    }

    // A deeper call would allocate: see SystemCalls.

    /**
     * Reads into a buffer and moves its position; zero is the end.
     *
     * @param call of recv(2), or of read(2) from what is no socket
     */
    int read(int call, int descriptor, ByteBuffer target) {
        if (!target.isDirect()) {
            return readIntoHeap(call, descriptor, target);
        }
        int position = target.position();
        long at = DirectMemory.address(target);
        int count = (int) kernel.call(call, descriptor, at, target.remaining(), 0, 0, 0);
        if (count > 0) {
            target.position(position + count);
        }
        return count;
    }

    private int readIntoHeap(int call, int descriptor, ByteBuffer target) {
        int room = mostAtOnce(target);
        int count = (int) kernel.call(call, descriptor, scratch.address(), room, 0, 0, 0);
        if (count > 0) {
            int position = target.position();
            target.put(position, scratchBuffer, 0, count);
            target.position(position + count);
        }
        return count;
    }

    /**
     * Writes from a buffer and moves its position.
     *
     * @param call of send(2) with its flags, or of write(2), which has none, to what is no socket
     */
    int write(int call, int descriptor, ByteBuffer source, int flags) {
        int position = source.position();
        int offered = source.remaining();
        long at;
        if (source.isDirect()) {
            at = DirectMemory.address(source);
        } else {
            offered = Math.min(offered, SCRATCH_BYTES);
            scratchBuffer.put(0, source, position, offered);
            at = scratch.address();
        }
        int count = (int) kernel.call(call, descriptor, at, offered, flags, 0, 0);
        if (count > 0) {
            source.position(position + count);
        }
        return count;
    }

    /**
     * Whether the system has a part of a file in memory, so that sending it waits for no disk: asked at its ends and in
     * steps of what the system reads ahead. False where it cannot tell; preadv2(2) with {@code RWF_NOWAIT}.
     */
    boolean isInMemory(int file, long position, long count) {
        long last = position + count - 1;
        for (long at = position;; at = Math.min(at + READ_AHEAD_BYTES, last)) {
            long read = kernel.call(
                    SyscallNumbers.PREADV2, file, probe.address(), 1, at, 0, CachedFiles.RWF_NOWAIT);
            if (read <= 0 || at == last) {
                return read >= 0;
            }
        }
    }

    /** Sends a part of a file that has its own descriptor; sendfile(2). */
    int sendFile(int descriptor, int file, long position, long count) {
        offset.set(ValueLayout.JAVA_LONG, 0, position);
        return (int) kernel.call(
                SyscallNumbers.SENDFILE, descriptor, file, offset.address(), count);
    }

    void shutdownOutput(int descriptor) throws IOException {
        Errno.check(kernel.call(SyscallNumbers.SHUTDOWN, descriptor, SHUT_WR));
    }
}
