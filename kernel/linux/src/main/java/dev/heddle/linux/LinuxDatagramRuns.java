package dev.heddle.linux;

import dev.heddle.engine.DatagramRuns;
import dev.heddle.engine.Datagrams;
import dev.heddle.internal.Descriptors;
import dev.heddle.internal.DirectMemory;
import dev.heddle.linux.internal.Errno;
import dev.heddle.linux.internal.SocketAddresses;
import dev.heddle.linux.internal.SyscallNumbers;
import dev.heddle.linux.internal.SystemCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import org.jspecify.annotations.Nullable;

/**
 * The calls of Linux that cut runs of datagrams and put them together: {@code UDP_SEGMENT} and {@code UDP_GRO} of udp(7). On
 * the way from one to the other they are not even taken apart, where both are on one machine.
 *
 * <p>A socket that is bound to all addresses is told to which one they came, and sends from there: {@code IP_PKTINFO} of
 * ip(7), {@code IPV6_PKTINFO} of ipv6(7).
 *
 * <pre>
 *   in_pktinfo   interface:4  own address:4  address in the head:4
 *   in6_pktinfo  address:16  interface:4
 * </pre>
 *
 * <p>Threads: the engine's loop.
 */
final class LinuxDatagramRuns implements DatagramRuns {

    private static final int SOL_UDP = 17;
    private static final int UDP_SEGMENT = 103;
    private static final int UDP_GRO = 104;

    private static final int SOL_IP = 0;
    private static final int IP_PKTINFO = 8;
    private static final int SOL_IPV6 = 41;
    private static final int IPV6_RECVPKTINFO = 49;
    private static final int IPV6_PKTINFO = 50;

    private static final int OWN_4 = 1;
    private static final int IN_HEAD_4 = 2;
    private static final int INFO_4 = 3;
    private static final int WORDS_6 = 4;
    private static final int INFO_6 = 5;

    /** Room beside a run: a number, and the longest of these behind a head of its own. */
    private static final int RECEIVED_BYTES = 48;

    /** The longest address of IP, {@code sockaddr_in6}. */
    private static final int ADDRESS_BYTES = 28;

    private final Arena arena = Arena.ofAuto();
    private final SystemCalls kernel = new SystemCalls(arena);
    private final MemorySegment value = arena.allocate(ValueLayout.JAVA_INT);
    private final MessageHeader header = new MessageHeader(arena, ADDRESS_BYTES, RECEIVED_BYTES);
    private final MessageHeader leaving4 = new MessageHeader(arena, ADDRESS_BYTES, INFO_4 * Integer.BYTES);
    private final MessageHeader leaving6 = new MessageHeader(arena, ADDRESS_BYTES, INFO_6 * Integer.BYTES);

    /** The address of {@link #sender}: mostly the next one has it, too. */
    private final MemorySegment known = arena.allocate(ADDRESS_BYTES);

    private @Nullable InetSocketAddress sender;

    /** The address of {@link #receiver} as the kernel writes it, four bytes each. */
    private final int[] words = new int[WORDS_6];

    private int wordCount;
    private @Nullable InetAddress receiver;

    /** What is written into {@link #leaving4} or {@link #leaving6}: mostly the next run leaves from there, too. */
    private @Nullable InetAddress leavingFrom;

    /** Before Linux 4.18 the kernel does not. */
    @Override
    public boolean cut(DatagramChannel channel, int bytes) {
        return takes(channel, SOL_UDP, UDP_SEGMENT, bytes);
    }

    /** Before Linux 5.0 the kernel does not. */
    @Override
    public boolean merge(DatagramChannel channel) {
        try {
            InetAddress bound = ((InetSocketAddress) channel.getLocalAddress()).getAddress();
            if (bound.isAnyLocalAddress()) {
                boolean four = bound instanceof Inet4Address;
                takes(channel, four ? SOL_IP : SOL_IPV6, four ? IP_PKTINFO : IPV6_RECVPKTINFO, 1);
            }
            return takes(channel, SOL_UDP, UDP_GRO, 1);
        } catch (IOException e) {
            return false;
        }
    }

    private boolean takes(DatagramChannel channel, int level, int option, int to) {
        value.set(ValueLayout.JAVA_INT, 0, to);
        return kernel.call(SyscallNumbers.SETSOCKOPT, Descriptors.of(channel), level, option, value.address(),
                Integer.BYTES, 0) == 0;
    }

    /** The descriptor of a channel, which may be another's if it is closed. */
    private static int open(DatagramChannel channel) throws ClosedChannelException {
        if (!channel.isOpen()) {
            throw new ClosedChannelException();
        }
        return Descriptors.of(channel);
    }

    @Override
    public int receive(DatagramChannel channel, ByteBuffer target) throws IOException {
        ByteBuffer direct = target.isDirect() ? target : ByteBuffer.allocateDirect(target.remaining());
        long message = header.with(DirectMemory.address(direct), direct.remaining());
        int count = (int) kernel.call(SyscallNumbers.RECVMSG, open(channel), message, 0, 0, 0, 0);
        if (count < 0) {
            if (Errno.isTransient(-count)) {
                return Datagrams.NOTHING;
            }
            throw failure(-count);
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
        lookForReceiver();
        return Math.min(count, header.control(SOL_UDP, UDP_GRO, 0, count));
    }

    private void lookForReceiver() throws UnknownHostException {
        boolean four = header.hasControl(SOL_IP, IP_PKTINFO);
        int count = four ? 1 : header.hasControl(SOL_IPV6, IPV6_PKTINFO) ? WORDS_6 : 0;
        boolean same = count == wordCount;
        for (int i = 0; i < count; i++) {
            int word = four ? own4() : header.control(SOL_IPV6, IPV6_PKTINFO, i, 0);
            same &= words[i] == word;
            words[i] = word;
        }
        wordCount = count;
        if (!same) {
            ByteBuffer bytes = ByteBuffer.allocate(count * Integer.BYTES).order(ByteOrder.nativeOrder());
            bytes.asIntBuffer().put(words, 0, count);
            receiver = count == 0 ? null : InetAddress.getByAddress(bytes.array());
        }
    }

    /** What came before the kernel was asked to tell has its address in the head only. */
    private int own4() {
        int own = header.control(SOL_IP, IP_PKTINFO, OWN_4, 0);
        return own == 0 ? header.control(SOL_IP, IP_PKTINFO, IN_HEAD_4, 0) : own;
    }

    @Override
    public @Nullable InetAddress receiver() {
        return receiver;
    }

    @Override
    public int send(DatagramChannel channel, ByteBuffer source, InetSocketAddress target, InetAddress from)
            throws IOException {
        MessageHeader message = from instanceof Inet4Address ? leaving4 : leaving6;
        if (!from.equals(leavingFrom)) {
            write(from);
            leavingFrom = from;
        }
        SocketAddresses.write(target, message.name());
        ByteBuffer direct = source.isDirect()
                ? source
                : ByteBuffer.allocateDirect(source.remaining()).put(source.duplicate()).flip();
        long header = message.with(DirectMemory.address(direct), direct.remaining());
        int count = (int) kernel.call(SyscallNumbers.SENDMSG, open(channel), header, 0, 0, 0, 0);
        if (count < 0 && !Errno.isTransient(-count)) {
            throw failure(-count);
        }
        source.position(source.position() + Math.max(0, count));
        return Math.max(0, count);
    }

    private void write(InetAddress from) {
        ByteBuffer own = ByteBuffer.wrap(from.getAddress()).order(ByteOrder.nativeOrder());
        if (from instanceof Inet4Address) {
            leaving4.setControl(SOL_IP, IP_PKTINFO, 0, own.getInt(), 0);
        } else {
            leaving6.setControl(SOL_IPV6, IPV6_PKTINFO, own.getInt(), own.getInt(), own.getInt(), own.getInt(), 0);
        }
    }

    private static IOException failure(int error) {
        return error == Errno.ECONNREFUSED
                ? new PortUnreachableException(Errno.text(error))
                : Errno.exception(error);
    }

    @Override
    public InetSocketAddress sender() {
        if (sender == null) {
            throw new IllegalStateException("nothing was received yet");
        }
        return sender;
    }
}
