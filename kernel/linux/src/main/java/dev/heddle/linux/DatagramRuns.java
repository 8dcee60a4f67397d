package dev.heddle.linux;

import dev.heddle.engine.Datagrams;
import dev.heddle.internal.DirectMemory;
import dev.heddle.linux.internal.Errno;
import dev.heddle.linux.internal.SocketAddresses;
import dev.heddle.linux.internal.SyscallNumbers;
import dev.heddle.linux.internal.SystemCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The receiver of datagrams that the kernel has put together, of one length and one sender: {@code UDP_GRO} of udp(7). On
 * the way from a sender that cuts ({@code UDP_SEGMENT}) they are not even taken apart, where both are on one machine.
 *
 * <p>Threads: the engine's loop.
 */
final class DatagramRuns {

    static final int SOL_UDP = 17;
    static final int UDP_SEGMENT = 103;
    static final int UDP_GRO = 104;

    /** The longest address of IP, {@code sockaddr_in6}. */
    private static final int ADDRESS_BYTES = 28;

    private final Arena arena = Arena.ofAuto();
    private final SystemCalls kernel = new SystemCalls(arena);
    private final MessageHeader header = new MessageHeader(arena, ADDRESS_BYTES, Integer.BYTES);

    /** The address of {@link #sender}: mostly the next one has it, too. */
    private final MemorySegment known = arena.allocate(ADDRESS_BYTES);

    private @Nullable InetSocketAddress sender;

    /**
     * Receives one run, as {@link Datagrams#tryReceiveEach}.
     *
     * @throws PortUnreachableException if the network says that nobody receives at the peer
     * @throws IOException if the kernel fails
     */
    int receive(int descriptor, ByteBuffer target) throws IOException {
        ByteBuffer direct = target.isDirect() ? target : ByteBuffer.allocateDirect(target.remaining());
        long message = header.with(DirectMemory.address(direct), direct.remaining());
        int count = (int) kernel.call(SyscallNumbers.RECVMSG, descriptor, message, 0, 0, 0, 0);
        if (count < 0) {
            if (Errno.isTransient(-count)) {
                return Datagrams.NOTHING;
            }
            throw count == -Errno.ECONNREFUSED
                    ? new PortUnreachableException(Errno.text(-count))
                    : Errno.exception(-count);
        }
        if (direct == target) {
            target.position(target.position() + count);
        } else {
            target.put(direct.limit(count));
        }
        if (sender == null || header.name().mismatch(known) >= 0) {
            known.copyFrom(header.name());
            sender = (InetSocketAddress) SocketAddresses.read(header.name(), header.nameBytes());
        }
        return Math.min(count, header.control(SOL_UDP, UDP_GRO, count));
    }

    /** Who sent the last run. */
    InetSocketAddress sender() {
        if (sender == null) {
            throw new IllegalStateException("nothing was received yet");
        }
        return sender;
    }
}
