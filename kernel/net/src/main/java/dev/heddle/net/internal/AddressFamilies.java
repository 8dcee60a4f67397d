package dev.heddle.net.internal;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The order in which the addresses of a host are tried. */
public final class AddressFamilies {

    private AddressFamilies() {}

    /**
     * Takes the families in turn, beginning with the resolver's first choice, so that one dead family costs one delay
     * only (RFC 8305 section 4, with a First Address Family Count of 1).
     *
     * @param addresses in the resolver's order
     * @param most how many to keep, counted after the mixing so that both families stay
     */
    public static List<InetAddress> interleave(List<InetAddress> addresses, int most) {
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
}
