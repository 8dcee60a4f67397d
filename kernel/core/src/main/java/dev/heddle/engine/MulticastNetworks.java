package dev.heddle.engine;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;

/** The choice of the machine's network for multicast when nobody names one. */
final class MulticastNetworks {

    private MulticastNetworks() {}

    /**
     * The first network that is up and does multicast in the group's family; the loopback only if there is no other.
     *
     * @throws IOException if there is none
     */
    static NetworkInterface best(InetAddress group) throws IOException {
        NetworkInterface best = null;
        for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
            boolean better = best == null || (best.isLoopback() && !each.isLoopback());
            if (better && suits(each, group)) {
                best = each;
            }
        }
        if (best == null) {
            throw new SocketException("no network does multicast for " + group.getHostAddress() + "; name one");
        }
        return best;
    }

    private static boolean suits(NetworkInterface network, InetAddress group) throws IOException {
        boolean four = group instanceof Inet4Address;
        // Linux lets the loopback join groups though it does not call it a multicast network.
        return network.isUp()
                && (network.supportsMulticast() || network.isLoopback())
                && network.inetAddresses().anyMatch(address -> address instanceof Inet4Address == four);
    }
}
