package dev.heddle.sim;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;

/** The addresses of the simulated network: all are IP addresses with a port. */
final class SimAddresses {

    private SimAddresses() {}

    /**
     * Checks that an address is one the network knows how to handle.
     *
     * @throws UnknownHostException if its name is not resolved
     * @throws IOException if it is of another kind
     */
    static InetSocketAddress check(SocketAddress address) throws IOException {
        if (!(address instanceof InetSocketAddress ip)) {
            throw new IOException("the simulated network has only IP addresses, not " + address);
        }
        if (ip.isUnresolved()) {
            throw new UnknownHostException(ip.getHostString());
        }
        return ip;
    }

    /** Fit for a log line: {@code 10.0.0.1:80} or {@code [fd00::1]:80}. */
    static String show(InetSocketAddress address) {
        InetAddress ip = address.getAddress();
        String host = ip.getHostAddress();
        return (ip instanceof Inet6Address ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    /** The address of the host with a number, from 1 on, in 10.0.0.0/8. */
    static InetAddress numbered(String name, int number) {
        return named(name, new byte[]{10, (byte) (number >> 16), (byte) (number >> 8), (byte) number});
    }

    /** An address that knows its host's name. */
    static InetAddress named(String name, byte[] address) {
        try {
            return InetAddress.getByAddress(name, address);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("not an IP address: " + address.length + " bytes", e);
        }
    }
}
