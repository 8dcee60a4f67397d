package dev.heddle.net;

import java.net.IDN;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The forms in which a host is written: a name, an address, either in what users type. */
final class HostNames {

    /** The longest name in its text form, a dot at the end counted (RFC 1035 section 2.3.4). */
    private static final int MAX_NAME_CHARS = 254;

    private HostNames() {}

    /**
     * The address that a host is the text of, which may stand in brackets; empty if it is a name.
     *
     * @throws IllegalArgumentException if the host is empty or no name can be written like it
     */
    static Optional<List<InetAddress>> literal(String host) {
        String name = unbracketed(host);
        check(name);
        if (name.indexOf(':') >= 0 || Character.digit(name.charAt(0), 10) >= 0) {
            try {
                return Optional.of(List.of(InetAddress.ofLiteral(name)));
            } catch (IllegalArgumentException e) {
                // A name that only looks like an address, such as 1.2.3.example.
            }
        }
        return Optional.empty();
    }

    /**
     * The form of a name that name servers know, in lower case: names have no case.
     *
     * @throws IllegalArgumentException if it is empty or no name can be written like it
     * @throws ResolveException if it is too long
     */
    static String ascii(String host) {
        String name = unbracketed(host);
        check(name);
        if (name.length() > MAX_NAME_CHARS) {
            throw new ResolveException(name.substring(0, MAX_NAME_CHARS), "the name is too long", null);
        }
        return IDN.toASCII(name).toLowerCase(Locale.ROOT);
    }

    private static String unbracketed(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    private static void check(String name) {
        if (name.isEmpty()) {
            // The JDK takes it for the loopback address, which nobody means.
            throw new IllegalArgumentException("the host is empty");
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c <= ' ' || c == 0x7F || c == '/') {
                throw new IllegalArgumentException("the host has a character no name has, at index " + i);
            }
        }
    }
}
