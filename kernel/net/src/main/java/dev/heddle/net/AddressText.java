package dev.heddle.net;

import dev.heddle.internal.Checks;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** The text of addresses, and their checks. */
final class AddressText {

    static final int MAX_PORT = 65_535;

    private AddressText() {}

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
