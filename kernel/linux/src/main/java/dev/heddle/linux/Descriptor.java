package dev.heddle.linux;

import dev.heddle.engine.AbstractTransport;
import dev.heddle.linux.internal.SyscallNumbers;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A descriptor under a transport: its kind, which says by what calls its bytes move, and its addresses for log lines.
 * {@code toString} is the peer's.
 */
abstract sealed class Descriptor {

    final Sockets sockets;
    final int descriptor;

    /**
     * Whether a call that moves fewer bytes than it could means that there is no more for now. So it is with a stream;
     * a terminal gives one line at a time, and what keeps packets apart one packet.
     */
    final boolean isStream;

    /** Whether less of a file was sent by the last call than it was asked for; for {@link FileSending}. */
    boolean sentShort;

    private Descriptor(Sockets sockets, int descriptor, boolean isStream) {
        this.sockets = sockets;
        this.descriptor = descriptor;
        this.isStream = isStream;
    }

    /**
     * A socket.
     *
     * @param local this end's address; null if it is to be asked for
     */
    static Descriptor socket(
            Sockets sockets, int descriptor, SocketAddress remote, @Nullable SocketAddress local) {
        return new Socket(sockets, descriptor, remote, local, true);
    }

    /** Any other: a pipe, a terminal; or a socket that somebody has connected. */
    static Descriptor other(Sockets sockets, int descriptor, String name) {
        try {
            return new Socket(sockets, descriptor, sockets.remoteAddress(descriptor), null, false);
        } catch (IOException notAConnectedSocket) {
            return new Other(sockets, descriptor, name);
        }
    }

    /** Reads into a buffer and moves its position; zero is the end, less than zero an error. */
    abstract int read(ByteBuffer target);

    /** Writes from a buffer and moves its position; less than zero is an error. */
    abstract int write(ByteBuffer source);

    abstract void shutdownOutput() throws IOException;

    /** What the system says about it; empty if it has no such option. */
    <T> Optional<T> option(SocketOption<T> option) {
        return Optional.empty();
    }

    /** This end, for log lines. */
    abstract String local();

    /** The descriptor is about to be closed, and must not be asked any more. */
    abstract void forget();

    /** The socket is connected now, and has an address. */
    void connected() {
        local();
    }

    private static final class Socket extends Descriptor {

        /** An address, in the smallest form that still gives its text. */
        private final Object remote;

        /** Costs a system call, so it is not asked for before somebody wants it. */
        private @Nullable SocketAddress local;

        private boolean asked;

        Socket(
                Sockets sockets,
                int descriptor,
                SocketAddress remote,
                @Nullable SocketAddress local,
                boolean isStream) {
            super(sockets, descriptor, isStream);
            this.remote = Ip4.smaller(remote);
            this.local = local;
        }

        @Override
        int read(ByteBuffer target) {
            return sockets.read(SyscallNumbers.RECVFROM, descriptor, target);
        }

        @Override
        int write(ByteBuffer source) {
            return sockets.write(SyscallNumbers.SENDTO, descriptor, source, Sockets.MSG_NOSIGNAL);
        }

        @Override
        void shutdownOutput() throws IOException {
            sockets.shutdownOutput(descriptor);
        }

        @Override
        <T> Optional<T> option(SocketOption<T> option) {
            return SocketFacts.read(sockets, descriptor, option);
        }

        @Override
        String local() {
            if (local == null && !asked) {
                asked = true;
                try {
                    local = sockets.localAddress(descriptor);
                } catch (IOException e) {
                    // A connection that is lost has no address any more.
                }
            }
            return local == null ? "unknown" : AbstractTransport.text(local);
        }

        @Override
        void forget() {
            asked = true;
        }

        @Override
        public String toString() {
            return remote instanceof SocketAddress address ? AbstractTransport.text(address) : remote.toString();
        }
    }

    /**
     * What most peers are, in a quarter of the memory of the JDK's address.
     *
     * @param address in the order of the network
     */
    private record Ip4(int address, int port) {

        static Object smaller(SocketAddress socket) {
            boolean named = !socket.toString().startsWith("/");
            if (!named && socket instanceof InetSocketAddress inet && inet.getAddress() instanceof Inet4Address ip) {
                return new Ip4(ByteBuffer.wrap(ip.getAddress()).getInt(), inet.getPort());
            }
            return socket;
        }

        @Override
        public String toString() {
            return (address >>> 24) + "." + (address >>> 16 & 0xff) + "." + (address >>> 8 & 0xff) + "."
                    + (address & 0xff)
                    + ":" + port;
        }
    }

    private static final class Other extends Descriptor {

        private final String name;

        Other(Sockets sockets, int descriptor, String name) {
            super(sockets, descriptor, false);
            this.name = name;
        }

        @Override
        int read(ByteBuffer target) {
            return sockets.read(SyscallNumbers.READ, descriptor, target);
        }

        @Override
        int write(ByteBuffer source) {
            return sockets.write(SyscallNumbers.WRITE, descriptor, source, 0);
        }

        @Override
        void shutdownOutput() {
            // The directions of what is no socket end together, by closing.
        }

        @Override
        String local() {
            return "this process";
        }

        @Override
        void forget() {}

        @Override
        public String toString() {
            return name;
        }
    }
}
