package dev.heddle.http.client;

import dev.heddle.http.internal.codec.ClientUrl;
import dev.heddle.http.internal.syntax.CookieDate;
import dev.heddle.http.internal.syntax.IpAddresses;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a cookie jar: how a Set-Cookie field is read, and which cookies of it are refused (RFC 6265bis, sections
 * 5.6 and 5.7).
 */
final class JarRules {

    private static final Duration MAX = Duration.ofDays(400);

    /** A longer attribute is as if it were not there. */
    private static final int MAX_ATTRIBUTE = 1_024;

    private JarRules() {}

    /** A cookie as the server of this URL sets it; null if it breaks a rule. */
    static @Nullable JarCookie read(ClientUrl url, String field, PublicSuffixes suffixes, Instant now) {
        if (hasControls(field)) {
            return null;
        }
        String[] parts = field.split(";", -1);
        int equals = parts[0].indexOf('=');
        String name = equals < 0 ? "" : parts[0].substring(0, equals).strip();
        String value = parts[0].substring(equals + 1).strip();
        if ((name.isEmpty() && value.isEmpty()) || bytes(name) + bytes(value) > CookieJar.MAX_BYTES) {
            return null;
        }
        var attributes = new Attributes(now);
        for (int i = 1; i < parts.length; i++) {
            attributes.read(parts[i]);
        }
        return checked(url, name, value, attributes, suffixes);
    }

    private static @Nullable JarCookie checked(
            ClientUrl url, String name, String value, Attributes given, PublicSuffixes suffixes) {
        String host = url.origin().host();
        String domain = given.domain;
        boolean hostOnly = domain.isEmpty();
        if (!hostOnly && !mayBeShared(domain, suffixes)) {
            // A host that is a public suffix itself may set cookies for itself.
            if (!domain.equals(host)) {
                return null;
            }
            hostOnly = true;
        }
        if (!hostOnly && !domainMatches(host, domain)) {
            return null;
        }
        // No URL has a tab in its path, and a saved jar has one between its columns.
        boolean slash = given.path.startsWith("/") && given.path.indexOf('\t') < 0;
        String path = slash ? given.path : defaultPath(url);
        if (given.secure && !url.origin().tls()) {
            return null;
        }
        if (given.sameSiteNone && !given.secure) {
            return null;
        }
        String lower = name.toLowerCase(Locale.ROOT);
        String lowerValue = value.toLowerCase(Locale.ROOT);
        if (name.isEmpty() && (lowerValue.startsWith("__secure-") || lowerValue.startsWith("__host-"))) {
            return null;
        }
        if (lower.startsWith("__secure-") && !given.secure) {
            return null;
        }
        boolean bound = given.secure && given.domain.isEmpty() && slash && path.equals("/");
        if (lower.startsWith("__host-") && !bound) {
            return null;
        }
        return new JarCookie(name, path, hostOnly, value, hostOnly ? host : domain, given.secure, given.httpOnly,
                given.expires(), 0, 0);
    }

    /**
     * Whether cookies may go to all hosts of a domain. With a dot at an end it is a name in disguise, which no list
     * has.
     */
    static boolean mayBeShared(String domain, PublicSuffixes suffixes) {
        return !domain.startsWith(".") && !domain.endsWith(".") && !suffixes.isPublicSuffix(domain);
    }

    /** Section 5.1.4. */
    private static String defaultPath(ClientUrl url) {
        String path = url.path();
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? "/" : path.substring(0, slash);
    }

    /** Whether a request path is the cookie's, or below it. */
    static boolean pathMatches(String path, String cookiePath) {
        return path.startsWith(cookiePath)
                && (path.length() == cookiePath.length() || cookiePath.endsWith("/")
                        || path.charAt(cookiePath.length()) == '/');
    }

    /** Whether a host is the domain, or a name below it; an address is only itself. */
    static boolean domainMatches(String host, String domain) {
        return host.equals(domain)
                || (host.endsWith(domain)
                        && host.length() > domain.length()
                        && host.charAt(host.length() - domain.length() - 1) == '.'
                        && IpAddresses.parse(host) == null);
    }

    private static boolean hasControls(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // What is above Latin-1 could not be sent back.
            if ((c < ' ' && c != '\t') || c == 0x7f || c > 0xff) {
                return true;
            }
        }
        return false;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1).length;
    }

    /** The attributes of one field; of several with the same name the last one counts. */
    private static final class Attributes {

        private final Instant now;
        private String domain = "";
        private String path = "";
        private boolean secure;
        private boolean httpOnly;
        private boolean sameSiteNone;
        private @Nullable Instant maxAge;
        private @Nullable Instant date;

        Attributes(Instant now) {
            this.now = now;
        }

        void read(String part) {
            int equals = part.indexOf('=');
            String name = (equals < 0 ? part : part.substring(0, equals)).strip();
            String value = equals < 0 ? "" : part.substring(equals + 1).strip();
            if (value.length() > MAX_ATTRIBUTE) {
                return;
            }
            switch (name.toLowerCase(Locale.ROOT)) {
                case "domain" -> domain = (value.startsWith(".") ? value.substring(1) : value).toLowerCase(Locale.ROOT);
                case "path" -> path = value;
                case "secure" -> secure = true;
                case "httponly" -> httpOnly = true;
                case "samesite" -> sameSiteNone = value.equalsIgnoreCase("none");
                case "max-age" -> {
                    if (value.matches("-?[0-9]+")) {
                        maxAge = after(value);
                    }
                }
                case "expires" -> {
                    Instant read = CookieDate.parse(value);
                    date = read == null ? date : read;
                }
                default -> {}
            }
        }

        private Instant after(String seconds) {
            if (seconds.startsWith("-")) {
                return Instant.EPOCH;
            }
            long count = seconds.length() > 12 ? Long.MAX_VALUE : Long.parseLong(seconds);
            return count == 0 ? Instant.EPOCH : now.plusSeconds(Math.min(count, MAX.toSeconds()));
        }

        @Nullable Instant expires() {
            Instant end = maxAge != null ? maxAge : date;
            Instant last = now.plus(MAX);
            return end != null && end.isAfter(last) ? last : end;
        }
    }
}
