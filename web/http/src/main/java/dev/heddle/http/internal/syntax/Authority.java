package dev.heddle.http.internal.syntax;

/**
 * The grammar of a host with an optional port, as the Host field and an absolute target have it (RFC 9110, section
 * 7.2; RFC 3986, section 3.2). User information is not part of it: section 4.2.4 calls it a trap for readers.
 */
public final class Authority {

    /** Longest host name: RFC 1035, section 2.3.4. */
    public static final int MAX_HOST = 255;

    private Authority() {}

    /** Whether the text is {@code host} or {@code host:port} with a host that is not empty. */
    public static boolean isValid(String text) {
        int hostEnd = text.startsWith("[") ? literalEnd(text) : nameEnd(text);
        return hostEnd > 0 && hostEnd <= MAX_HOST && (hostEnd == text.length() || isPort(text, hostEnd));
    }

    /** The end of an address in brackets, or -1. */
    private static int literalEnd(String text) {
        int end = text.indexOf(']');
        String address = end < 0 ? "" : text.substring(1, end);
        return address.indexOf(':') >= 0 && IpAddresses.parse(address) != null ? end + 1 : -1;
    }

    private static int nameEnd(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ':') {
                return i;
            }
            if (!isNameChar(c)) {
                return -1;
            }
        }
        return text.length();
    }

    /**
     * Letters, digits and what host names are really made of. The grammar also allows percent signs and
     * sub-delimiters; no resolver knows such a name, and each of them means something to some reader further on.
     */
    private static boolean isNameChar(char c) {
        return c < 128 && (Character.isLetterOrDigit(c) || c == '-' || c == '.' || c == '_');
    }

    private static boolean isPort(String text, int colon) {
        int digits = text.length() - colon - 1;
        if (text.charAt(colon) != ':' || digits < 1 || digits > 5) {
            return false;
        }
        int port = 0;
        for (int i = colon + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return false;
            }
            port = port * 10 + (c - '0');
        }
        return port >= 1 && port <= 65_535;
    }
}
