package dev.heddle.http.internal.codec;

import dev.heddle.http.internal.syntax.Authority;
import dev.heddle.http.internal.syntax.FieldSyntax;
import dev.heddle.http.internal.syntax.IpAddresses;
import java.net.IDN;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A checked http or https URL, taken apart once: where to connect, and what goes on the request line.
 *
 * <p>Strict on purpose. A URL that two programs read differently sends a request, and the secrets in it, to the wrong
 * host: so user information is refused, a fragment is dropped, and what RFC 3986 does not allow is an error, never
 * repaired. Where others have written it, in a redirect or for a gateway, {@link #escaped} is first.
 *
 * @param origin where to connect
 * @param target path and query as they go on the request line, ASCII, at least {@code /}
 * @param hostField the value of the Host field
 */
public record ClientUrl(Origin origin, String target, String hostField) {

    private static final int MAX_PORT = 65535;

    /**
     * Characters that IDNA 2003 maps and IDNA 2008 keeps, so that one text is two hosts (UTS #46, section 7): the sharp
     * s, the final sigma, and two joiners without a width.
     */
    private static final String DEVIATIONS = "\u00df\u03c2\u200c\u200d";

    /**
     * Characters that browsers leave in a path or query, or escape there, and RFC 3986 does not allow. Not the
     * backslash, which some read as a slash.
     */
    private static final String ESCAPED = " \"<>^`{|}[]";

    private static final Pattern LAST_NUMBER = Pattern.compile("[0-9]+|0[xX][0-9a-fA-F]*");

    /** Names that {@link URI} takes for no host: with an underscore, or a digit at the begin of the last label. */
    private static final Pattern NAME = Pattern.compile(
            "((?:[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?)(?:\\.[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?)*\\.?)"
                    + "(?::([0-9]{1,5}))?");

    /** Longest URL that is looked at, in characters. */
    private static final int MAX_LENGTH = 64 * 1024;

    /**
     * A scheme, host and port: what must be equal for connections to be shared and for credentials to be kept.
     *
     * @param tls whether the scheme is https
     * @param host a lower-case ASCII name, or the one form of an IP address, without brackets
     * @param port 1 to 65,535
     */
    public record Origin(boolean tls, String host, int port) {

        @Override
        public String toString() {
            return (tls ? "https://" : "http://") + authority();
        }

        /** The host, in brackets if it is an address of IPv6, and the port. */
        public String hostAndPort() {
            return name() + ":" + port;
        }

        private String authority() {
            return port == defaultPort(tls) ? name() : hostAndPort();
        }

        private String name() {
            return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        }
    }

    /**
     * Reads an absolute URL.
     *
     * @throws IllegalArgumentException saying what is wrong with it
     */
    public static ClientUrl parse(String url) {
        if (url.length() > MAX_LENGTH) {
            throw bad(url, "longer than " + MAX_LENGTH + " characters");
        }
        ClientUrl usual = FastUrl.read(url);
        return usual == null ? parseAny(url) : usual;
    }

    /** As {@link #parse}, for a URL that probably has the origin of this one, of which it is then made. */
    public ClientUrl parseLike(String url) {
        ClientUrl like = url.length() > MAX_LENGTH ? null : FastUrl.readLike(this, url);
        return like == null ? parse(url) : like;
    }

    /** As {@link #parse}, for URLs of any form. */
    static ClientUrl parseAny(String url) {
        try {
            return of(new URI(withAsciiHost(url)));
        } catch (URISyntaxException e) {
            // The message of the cause repeats the URL, secrets and all, so it is left out.
            throw bad(url, e.getReason() + (e.getIndex() < 0 ? "" : " at " + e.getIndex()));
        }
    }

    /** Resolves the value of a Location field against this URL; throws as {@link #parse} does. */
    public ClientUrl resolve(String location) {
        if (location.length() > MAX_LENGTH) {
            throw bad(location, "longer than " + MAX_LENGTH + " characters");
        }
        try {
            URI reference = new URI(withAsciiHost(location));
            if (reference.isAbsolute()) {
                return of(reference).withoutDots();
            }
            if (location.startsWith("//")) {
                return of(new URI((origin.tls ? "https:" : "http:") + reference)).withoutDots();
            }
            return new ClientUrl(origin, ascii(relativeTarget(reference)), hostField);
        } catch (URISyntaxException e) {
            throw bad(location, e.getReason() + (e.getIndex() < 0 ? "" : " at " + e.getIndex()));
        }
    }

    /**
     * A reference whose path and query have escapes in place of what RFC 3986 does not allow, as WHATWG's URL standard
     * reads it. What is there already stays; a percent sign that begins no escape becomes one. It has no fragment.
     */
    public static String escaped(String reference) {
        int start = Math.max(0, authorityStart(reference));
        int path = start == 0 ? 0 : indexOfAny(reference, "/?#", start);
        var escaped = new StringBuilder(reference.length() + 8).append(reference, 0, path);
        int end = indexOfAny(reference, "#", path);
        for (int i = path; i < end; i++) {
            char c = reference.charAt(i);
            boolean isBare = c == '%' && !isEscape(reference, i);
            if (isBare || ESCAPED.indexOf(c) >= 0) {
                escaped.append('%').append(HexFormat.of().withUpperCase().toHexDigits((byte) c));
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString();
    }

    private static boolean isEscape(String text, int percent) {
        return percent + 2 < text.length() && HexFormat.isHexDigit(text.charAt(percent + 1))
                && HexFormat.isHexDigit(text.charAt(percent + 2));
    }

    /** The host of a URI as it is written, with brackets; null if there is none that could be looked up. */
    public static @Nullable String host(URI uri) {
        Matcher name = name(uri);
        return name == null ? uri.getHost() : name.group(1);
    }

    /** The port of a URI; -1 if it has none. */
    public static int port(URI uri) {
        Matcher name = name(uri);
        return name == null ? uri.getPort() : name.group(2) == null ? -1 : Integer.parseInt(name.group(2));
    }

    private static @Nullable Matcher name(URI uri) {
        String authority = uri.getHost() == null ? uri.getRawAuthority() : null;
        Matcher name = authority == null ? null : NAME.matcher(authority);
        return name != null && name.matches() ? name : null;
    }

    private ClientUrl withoutDots() {
        String path = path();
        return new ClientUrl(origin, UrlPath.withoutDots(path) + target.substring(path.length()), hostField);
    }

    private String relativeTarget(URI reference) {
        String path = reference.getRawPath();
        String query = reference.getRawQuery();
        if (path.isEmpty()) {
            return query == null ? target : path() + "?" + query;
        }
        String resolved = UrlPath.resolve(path(), path);
        return query == null ? resolved : resolved + "?" + query;
    }

    /** The same by https; port 80 becomes 443, any other one stays (RFC 6797, section 8.3). */
    public ClientUrl overTls() {
        if (origin.tls) {
            return this;
        }
        var secure = new Origin(true, origin.host, origin.port == defaultPort(false) ? defaultPort(true) : origin.port);
        return new ClientUrl(secure, target, secure.authority());
    }

    /** The target without its query. */
    public String path() {
        int mark = target.indexOf('?');
        return mark < 0 ? target : target.substring(0, mark);
    }

    public URI toUri() {
        return URI.create(toString());
    }

    /** The whole URL; may hold secrets in its query. */
    @Override
    public String toString() {
        return origin + target;
    }

    /** The URL for messages and logs: without the query, where secrets live. */
    public String forLog() {
        return origin + path() + (target.indexOf('?') < 0 ? "" : "?...");
    }

    private static ClientUrl of(URI uri) {
        if (uri.isOpaque()) {
            throw bad(uri.toString(), "not an http or https URL");
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        boolean tls = scheme.equals("https");
        if (!tls && !scheme.equals("http")) {
            throw bad(uri.toString(), "the scheme must be http or https");
        }
        if (uri.getRawUserInfo() != null || (uri.getRawAuthority() != null && uri.getRawAuthority().contains("@"))) {
            throw bad(uri.toString(), "user information is not accepted in a URL; set an Authorization header");
        }
        String host = host(uri);
        if (host == null || host.isEmpty()) {
            throw bad(uri.toString(), "no valid host");
        }
        if (host.length() > Authority.MAX_HOST) {
            throw bad(uri.toString(), "a host longer than " + Authority.MAX_HOST + " characters");
        }
        String authority = uri.getRawAuthority();
        int port = port(uri);
        if (port == -1) {
            if (authority.endsWith(":")) {
                throw bad(uri.toString(), "no port after the colon");
            }
            port = defaultPort(tls);
        }
        if (port < 1 || port > MAX_PORT) {
            throw bad(uri.toString(), "port " + port + " is not in 1 to " + MAX_PORT);
        }
        var origin = new Origin(tls, canonicalHost(uri, host), port);
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String query = uri.getRawQuery();
        return new ClientUrl(origin, ascii(query == null ? path : path + "?" + query), origin.authority());
    }

    /**
     * The one form of a host, as WHATWG's URL standard writes it. A number that some read as an address, and others as
     * a name or another address, is refused: who checks the host must see what the resolver will see.
     */
    private static String canonicalHost(URI uri, String host) {
        if (host.startsWith("[")) {
            byte[] address = IpAddresses.parse(host.substring(1, host.length() - 1));
            if (address == null) {
                throw bad(uri.toString(), "not an IPv6 address without a zone");
            }
            return IpAddresses.sixText(address);
        }
        if (endsInNumber(host) && IpAddresses.parse(host) == null) {
            throw bad(uri.toString(), "programs read this address differently; write it as in 127.0.0.1");
        }
        return host.toLowerCase(Locale.ROOT);
    }

    /** Whether the last label is a number, so that WHATWG's URL standard has an address here and no name. */
    private static boolean endsInNumber(String host) {
        int end = host.endsWith(".") ? host.length() - 1 : host.length();
        return LAST_NUMBER.matcher(host.substring(host.lastIndexOf('.', end - 1) + 1, end)).matches();
    }

    static int defaultPort(boolean tls) {
        return tls ? 443 : 80;
    }

    private static String ascii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return URI.create(text).toASCIIString();
            }
        }
        return text;
    }

    /** Puts the ASCII form of an international host name in its place; java.net.URI accepts no other. */
    private static String withAsciiHost(String url) {
        int start = authorityStart(url);
        if (start < 0) {
            return url;
        }
        int end = start;
        boolean ascii = true;
        for (; end < url.length() && "/?#".indexOf(url.charAt(end)) < 0; end++) {
            ascii &= url.charAt(end) < 0x80;
        }
        String authority = url.substring(start, end);
        if (ascii || authority.indexOf('@') >= 0) {
            return url;
        }
        int colon = authority.lastIndexOf(':');
        String host = colon < 0 ? authority : authority.substring(0, colon);
        if (indexOfAny(host, DEVIATIONS, 0) < host.length()) {
            throw bad(url, "programs read this host differently; write its ASCII form");
        }
        try {
            String name = IDN.toASCII(host, IDN.USE_STD3_ASCII_RULES);
            return url.substring(0, start) + name + authority.substring(host.length()) + url.substring(end);
        } catch (IllegalArgumentException e) {
            throw bad(url, "no valid host");
        }
    }

    /** Where the authority begins; -1 without one. Slashes in a path or query begin none. */
    private static int authorityStart(String url) {
        int slashes = url.indexOf("//");
        boolean first = slashes == 0
                || (slashes > 0 && url.charAt(slashes - 1) == ':' && indexOfAny(url, ":/?#", 0) == slashes - 1);
        return first ? slashes + 2 : -1;
    }

    private static IllegalArgumentException bad(String url, String reason) {
        return new IllegalArgumentException("bad URL " + redacted(url) + ": " + reason);
    }

    /** The URL without user information and query, escaped for a log line. */
    private static String redacted(String url) {
        int end = indexOfAny(url, "?#", 0);
        String shown = url.substring(0, end);
        int start = Math.max(0, authorityStart(shown));
        int at = shown.lastIndexOf('@');
        if (at >= start) {
            shown = shown.substring(0, start) + "..." + shown.substring(at);
        }
        return FieldSyntax.printable(shown);
    }

    private static int indexOfAny(String text, String chars, int from) {
        for (int i = from; i < text.length(); i++) {
            if (chars.indexOf(text.charAt(i)) >= 0) {
                return i;
            }
        }
        return text.length();
    }

    /** Whether the text is a non-empty reference at all; an absent or blank Location is no place to go. */
    public static boolean isReference(@Nullable String location) {
        return location != null && !location.isBlank();
    }
}
