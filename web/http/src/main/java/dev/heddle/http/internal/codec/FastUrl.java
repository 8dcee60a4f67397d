package dev.heddle.http.internal.codec;

import dev.heddle.http.internal.codec.ClientUrl.Origin;
import dev.heddle.http.internal.syntax.Authority;
import org.jspecify.annotations.Nullable;

/**
 * A reader of URLs as nearly all are written: in lower case up to the path, with a name or an IPv4 address, and with
 * nothing behind it that is escaped. Any other is left to {@link ClientUrl}, which also has the say in what is wrong,
 * so this has no errors.
 *
 * <pre>
 *   ("http" / "https") "://" host [":" port] ["/" *character]
 * </pre>
 *
 * <p>What is read here, {@link java.net.URI} reads the same; the fuzzer holds one against the other.
 */
final class FastUrl {

    private static final String HTTP = "http://";
    private static final String HTTPS = "https://";

    /** What may stand in a path and a query besides letters and digits (RFC 3986, section 3.3). */
    private static final String MARKS = "-._~!$&'()*+,;=:@/?";

    private static final boolean[] IN_TARGET = new boolean[0x80];

    static {
        for (char c = 0; c < IN_TARGET.length; c++) {
            IN_TARGET[c] = isLetter(c) || isDigit(c) || (c >= 'A' && c <= 'Z') || MARKS.indexOf(c) >= 0;
        }
    }

    private static final int ADDRESS_BYTES = 4;
    private static final int MAX_PORT_DIGITS = 5;
    private static final int MAX_PORT = 65_535;

    private FastUrl() {}

    /** The URL; null if it is not a usual one. */
    static @Nullable ClientUrl read(String url) {
        boolean tls = url.startsWith(HTTPS);
        if (!tls && !url.startsWith(HTTP)) {
            return null;
        }
        int start = tls ? HTTPS.length() : HTTP.length();
        int hostEnd = hostEnd(url, start);
        if (hostEnd == start || hostEnd - start > Authority.MAX_HOST) {
            return null;
        }
        int usual = ClientUrl.defaultPort(tls);
        int port = usual;
        int end = hostEnd;
        if (end < url.length() && url.charAt(end) == ':') {
            end = digitsEnd(url, hostEnd + 1);
            port = port(url, hostEnd + 1, end);
        }
        if (port < 1 || port > MAX_PORT || !isTarget(url, end)) {
            return null;
        }
        String host = url.substring(start, hostEnd);
        String hostField = port == usual ? host : url.substring(start, end);
        return new ClientUrl(new Origin(tls, host, port), end == url.length() ? "/" : url.substring(end), hostField);
    }

    /** As {@link #read}, if the URL is written with the very origin of another; null otherwise. */
    static @Nullable ClientUrl readLike(ClientUrl other, String url) {
        String scheme = other.origin().tls() ? HTTPS : HTTP;
        String authority = other.hostField();
        int end = scheme.length() + authority.length();
        if (!url.startsWith(scheme) || !url.startsWith(authority, scheme.length()) || !isTarget(url, end)) {
            return null;
        }
        return new ClientUrl(other.origin(), end == url.length() ? "/" : url.substring(end), authority);
    }

    /** The end of a name or an address that begins here; the beginning if it is none that is usual. */
    private static int hostEnd(String url, int start) {
        int label = start;
        int numbers = 0;
        for (int labels = 1;; labels++) {
            int end = labelEnd(url, label);
            if (end == label) {
                return start;
            }
            numbers += isByte(url, label, end) ? 1 : 0;
            if (end == url.length() || url.charAt(end) != '.') {
                boolean address = labels == ADDRESS_BYTES && numbers == ADDRESS_BYTES;
                return address || isLetter(url.charAt(label)) ? end : start;
            }
            label = end + 1;
        }
    }

    /**
     * The end of letters, digits and hyphens, of which the last come neither first nor last; the beginning if there are
     * none.
     */
    private static int labelEnd(String url, int start) {
        int at = start;
        while (at < url.length() && (isLetter(url.charAt(at)) || isDigit(url.charAt(at)) || url.charAt(at) == '-')) {
            at++;
        }
        return at == start || url.charAt(start) == '-' || url.charAt(at - 1) == '-' ? start : at;
    }

    private static boolean isByte(String url, int start, int end) {
        if (url.charAt(start) == '0' && end > start + 1) {
            return false;
        }
        int value = 0;
        for (int i = start; i < end; i++) {
            if (!isDigit(url.charAt(i)) || i - start == 3) {
                return false;
            }
            value = value * 10 + url.charAt(i) - '0';
        }
        return value <= 255;
    }

    private static int digitsEnd(String url, int start) {
        int at = start;
        while (at < url.length() && isDigit(url.charAt(at))) {
            at++;
        }
        return at;
    }

    /** The number; 0 if it is too long or none. */
    private static int port(String url, int start, int end) {
        int port = 0;
        if (end > start && end - start <= MAX_PORT_DIGITS && url.charAt(start) != '0') {
            for (int i = start; i < end; i++) {
                port = port * 10 + url.charAt(i) - '0';
            }
        }
        return port;
    }

    /** Whether nothing but a usual path and query, or nothing at all, is left. */
    private static boolean isTarget(String url, int start) {
        if (start < url.length() && url.charAt(start) != '/') {
            return false;
        }
        for (int i = start; i < url.length(); i++) {
            char c = url.charAt(i);
            if (c >= IN_TARGET.length || !IN_TARGET[c]) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
