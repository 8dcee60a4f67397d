package dev.heddle.http.internal.syntax;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** IP addresses as text, read strictly: nothing here ever asks a resolver. */
public final class IpAddresses {

    private static final int MAX_CHARS = 45;
    private static final int FOUR_BYTES = 4;
    private static final int SIX_BYTES = 16;

    /** Where the mark stands that an address of IPv4 is behind it (RFC 4291, section 2.5.5.2). */
    private static final int MAPPED_AT = 10;

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

    /**
     * The one text of an IPv6 address (RFC 5952, section 4, with no part in decimal): lower case, and the longest run of
     * zeros as two colons.
     *
     * @param address its bytes; 4 of IPv4 inside IPv6
     */
    public static String sixText(byte[] address) {
        byte[] all = address;
        if (address.length == FOUR_BYTES) {
            all = new byte[SIX_BYTES];
            all[MAPPED_AT] = (byte) 0xff;
            all[MAPPED_AT + 1] = (byte) 0xff;
            System.arraycopy(address, 0, all, MAPPED_AT + 2, FOUR_BYTES);
        }
        int from = 0;
        int length = 1;
        for (int i = 0; i < SIX_BYTES; i += 2) {
            int zeros = 0;
            while (i + zeros < SIX_BYTES && all[i + zeros] == 0 && all[i + zeros + 1] == 0) {
                zeros += 2;
            }
            if (zeros > Math.max(length, 2)) {
                from = i;
                length = zeros;
            }
        }
        var text = new StringBuilder();
        for (int i = 0; i < SIX_BYTES; i += 2) {
            if (i == from && length > 1) {
                text.append("::");
                i += length - 2;
            } else {
                text.append(i == 0 || text.charAt(text.length() - 1) == ':' ? "" : ":")
                        .append(Integer.toHexString(((all[i] & 0xff) << 8) | (all[i + 1] & 0xff)));
            }
        }
        return text.toString();
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
