package dev.heddle.linux;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What is behind the descriptor of a transport: its kind, which says by what calls its bytes move, and its addresses for log
 * lines. {@code toString} is the peer's.
 */
abstract sealed class Endpoint {

    final Sockets sockets;
    final int descriptor;

    private Endpoint(Sockets sockets, int descriptor) {
        this.sockets = sockets;
        this.descriptor = descriptor;
    }

    /** A connected socket. */
    static Endpoint socket(Sockets sockets, int descriptor, SocketAddress remote) {
        return new Socket(sockets, descriptor, remote);
    }

    /** Whatever else: a pipe, a terminal; or a socket that somebody has connected. */
    static Endpoint other(Sockets sockets, int descriptor, String name) {
        try {
            return new Socket(sockets, descriptor, sockets.remoteAddress(descriptor));
        } catch (IOException notAConnectedSocket) {
            return new Plain(sockets, descriptor, name);
        }
    }

    /** Reads into a buffer and moves its position; zero is the end, less than zero an error. */
    abstract int read(ByteBuffer target);

    /** Writes from a buffer and moves its position; less than zero is an error. */
    abstract int write(ByteBuffer source);

    abstract void shutdownOutput() throws IOException;

    /** This end, for log lines. */
    abstract String local();

    /** The descriptor is about to be closed, and can be asked for the last time. */
    abstract void remember();

    static String text(SocketAddress address) {
        String text = address.toString();
        return text.startsWith("/") && address instanceof InetSocketAddress ? text.substring(1) : text;
    }

    private static final class Socket extends Endpoint {

        private final SocketAddress remote;

        /** Costs a system call, so it is not asked for before somebody wants it. */
        private @Nullable SocketAddress local;

        private boolean asked;

        Socket(Sockets sockets, int descriptor, SocketAddress remote) {
            super(sockets, descriptor);
            this.remote = remote;
        }

        @Override
        int read(ByteBuffer target) {
            return sockets.receive(descriptor, target);
        }

        @Override
        int write(ByteBuffer source) {
            return sockets.send(descriptor, source);
        }

        @Override
        void shutdownOutput() throws IOException {
            sockets.shutdownOutput(descriptor);
        }

        @Override
        String local() {
            if (!asked) {
                asked = true;
                try {
                    local = sockets.localAddress(descriptor);
                } catch (IOException e) {
                    // A connection that is lost has no address any more.
                }
            }
            return local == null ? "unknown" : text(local);
        }

        @Override
        void remember() {
            asked = true;
        }

        @Override
        public String toString() {
            return text(remote);
        }
    }

    private static final class Plain extends Endpoint {

        private final String name;

        Plain(Sockets sockets, int descriptor, String name) {
            super(sockets, descriptor);
            this.name = name;
        }

        @Override
        int read(ByteBuffer target) {
            return sockets.read(descriptor, target);
        }

        @Override
        int write(ByteBuffer source) {
            return sockets.write(descriptor, source);
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
        void remember() {}

        @Override
        public String toString() {
            return name;
        }
    }
}
