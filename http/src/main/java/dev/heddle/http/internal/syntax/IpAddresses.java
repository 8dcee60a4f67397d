package dev.heddle.http.internal.syntax;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** IP addresses as text, read strictly: nothing here ever asks a resolver. */
public final class IpAddresses {

    private static final int MAX_CHARS = 45;

    private IpAddresses() {}

    /** The bytes of an address, 4 or 16; null if the text is none. One of IPv4 inside IPv6 has 4. */
    public static byte @Nullable [] parse(String text) {
        if (text.isEmpty() || text.length() > MAX_CHARS) {
            return null;
        }
        boolean six = text.indexOf(':') >= 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean known = c == '.' || (c >= '0' && c <= '9') || (six && (c == ':' || isHexLetter(c)));
            if (!known) {
                return null;
            }
        }
        if (!six && !isFourParts(text)) {
            return null;
        }
        try {
            return InetAddress.ofLiteral(text).getAddress();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static boolean isHexLetter(char c) {
        return (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    }

    /**
     * The old forms with fewer parts, and zeros that some take for octal, are read differently by different readers.
     */
    private static boolean isFourParts(String text) {
        String[] parts = text.split("\\.", -1);
        for (String part : parts) {
            if (part.isEmpty() || part.length() > 3 || (part.length() > 1 && part.charAt(0) == '0')) {
                return false;
            }
        }
        return parts.length == 4;
    }
}
