package dev.heddle.net;

import dev.heddle.internal.Checks;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The text of addresses, with their order and checks. */
final class AddressText {

    static final int MAX_PORT = 65_535;

    private AddressText() {}

    /**
     * Takes the families in turn, beginning with the resolver's first choice, so that one dead family costs one delay
     * only (RFC 8305 section 4, with a First Address Family Count of 1).
     *
     * @param addresses in the resolver's order
     * @param most how many to keep, counted after the mixing so that both families stay
     */
    static List<InetAddress> interleave(List<InetAddress> addresses, int most) {
        Deque<InetAddress> six = new ArrayDeque<>();
        Deque<InetAddress> four = new ArrayDeque<>();
        for (InetAddress address : addresses) {
            (address instanceof Inet6Address ? six : four).add(address);
        }
        boolean sixIsNext = !addresses.isEmpty() && addresses.getFirst() instanceof Inet6Address;
        List<InetAddress> mixed = new ArrayList<>();
        while (mixed.size() < most && !(six.isEmpty() && four.isEmpty())) {
            Deque<InetAddress> turn = sixIsNext ? six : four;
            InetAddress address = turn.poll();
            if (address != null) {
                mixed.add(address);
            }
            sixIsNext = !sixIsNext;
        }
        return mixed;
    }

    /** {@code 127.0.0.1:80} or {@code [::1]:80}. */
    static String text(InetSocketAddress address) {
        InetAddress ip = address.getAddress();
        return text(ip == null ? address.getHostString() : ip.getHostAddress(), address.getPort());
    }

    /** A host as the user wrote it, with its port. */
    static String text(String host, int port) {
        boolean bare = host.indexOf(':') >= 0 && !host.startsWith("[");
        return (bare ? "[" + host + "]" : host) + ":" + port;
    }

    /** The host of an address with its port, as {@link #text(String, int)} writes it; all of one without a port. */
    static String host(String address) {
        int colon = address.lastIndexOf(':');
        return colon < 0 ? address : address.substring(0, colon);
    }

    static void checkPort(int port, int lowest) {
        Checks.inRange("port", port, lowest, MAX_PORT);
    }
}
