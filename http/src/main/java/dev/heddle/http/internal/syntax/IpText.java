package dev.heddle.http.internal.syntax;

import java.net.Inet4Address;
import java.net.Inet6Address;
import org.jspecify.annotations.Nullable;

/** The text form of IP addresses; never looks a name up. */
public final class IpText {

    private IpText() {}

    /** The 4 or 16 bytes of an address without brackets; null if it is a name. */
    public static byte @Nullable [] parse(String host) {
        boolean colon = host.indexOf(':') >= 0;
        if (!colon && !isDotted(host)) {
            return null;
        }
        try {
            return colon
                    ? Inet6Address.ofLiteral(host).getAddress()
                    : Inet4Address.ofLiteral(host).getAddress();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Four numbers: the short and octal forms, which programs read differently, are names here. */
    private static boolean isDotted(String host) {
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c != '.' && (c < '0' || c > '9')) {
                return false;
            }
        }
        return IpAddresses.isFourParts(host);
    }
}
