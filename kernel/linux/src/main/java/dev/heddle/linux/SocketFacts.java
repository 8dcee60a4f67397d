package dev.heddle.linux;

import dev.heddle.engine.Transport;
import dev.heddle.internal.Principals;
import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.Optional;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;

/** The options of a socket as those of Java: getsockopt(2), the tables of socket(7), tcp(7) and unix(7). */
final class SocketFacts {

    private static final int SOL_SOCKET = 1;
    private static final int SO_SNDBUF = 7;
    private static final int SO_RCVBUF = 8;
    private static final int SO_KEEPALIVE = 9;
    private static final int SO_PEERCRED = 17;
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_NODELAY = 1;
    private static final int TCP_INFO = 11;

    /** Where {@code tcpi_bytes_acked} of {@code struct tcp_info} begins, in ints: a long, since Linux 4.1. */
    private static final int BYTES_ACKED = 30;

    /** {@code struct ucred {pid_t pid; uid_t uid; gid_t gid;}}. */
    private static final int UID = 1;

    private static final int GID = 2;

    private SocketFacts() {}

    /** Empty if the socket has no such option. */
    static <T> Optional<T> read(Sockets sockets, int descriptor, SocketOption<T> option) {
        Object value = read(sockets, descriptor, option.name());
        return option.type().isInstance(value) ? Optional.of(option.type().cast(value)) : Optional.empty();
    }

    private static Object read(Sockets sockets, int descriptor, String name) {
        try {
            if (name.equals(StandardSocketOptions.SO_SNDBUF.name())) {
                return sockets.option(descriptor, SOL_SOCKET, SO_SNDBUF);
            }
            if (name.equals(StandardSocketOptions.SO_RCVBUF.name())) {
                return sockets.option(descriptor, SOL_SOCKET, SO_RCVBUF);
            }
            if (name.equals(StandardSocketOptions.SO_KEEPALIVE.name())) {
                return sockets.option(descriptor, SOL_SOCKET, SO_KEEPALIVE) != 0;
            }
            if (name.equals(StandardSocketOptions.TCP_NODELAY.name())) {
                return sockets.option(descriptor, IPPROTO_TCP, TCP_NODELAY) != 0;
            }
            if (name.equals(Transport.BYTES_ACKNOWLEDGED.name())) {
                int[] info = sockets.options(descriptor, IPPROTO_TCP, TCP_INFO, BYTES_ACKED + 2);
                return Integer.toUnsignedLong(info[BYTES_ACKED]) | (long) info[BYTES_ACKED + 1] << Integer.SIZE;
            }
            if (name.equals(ExtendedSocketOptions.SO_PEERCRED.name())) {
                return peer(sockets.options(descriptor, SOL_SOCKET, SO_PEERCRED, 3));
            }
        } catch (IOException notOfThisKind) {
            // A TCP option of a Unix socket, for instance.
        }
        return Optional.empty();
    }

    /** The number of the user at the other end of a Unix connection. */
    static int peerUser(Sockets sockets, int descriptor) throws IOException {
        return sockets.options(descriptor, SOL_SOCKET, SO_PEERCRED, 3)[UID];
    }

    private static Object peer(int[] credentials) {
        if (credentials[UID] == -1) {
            // A socket of the network, whose peer has no name here.
            return Optional.empty();
        }
        return new UnixDomainPrincipal(Principals.user(credentials[UID]), Principals.group(credentials[GID]));
    }
}
