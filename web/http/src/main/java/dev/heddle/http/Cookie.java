package dev.heddle.http;

import dev.heddle.http.internal.syntax.FieldSyntax;
import dev.heddle.internal.Checks;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A cookie that a server sets (RFC 6265bis, section 4.1).
 *
 * <pre>{@code
 * return Response.text("hello").withCookie(Cookie.of("theme", "dark").withMaxAge(Duration.ofDays(30)));
 * }</pre>
 *
 * <p>The defaults are the safe ones: the whole site ({@code Path=/}) but this host only, gone when the browser ends,
 * {@code Secure} (browsers count a proxy's https and localhost as such), {@code HttpOnly}, since a script that needs a
 * cookie is rare and one that steals it is not, and {@code SameSite=Lax}, which keeps it out of forms that other sites
 * post.
 *
 * <p>What browsers would silently ignore is refused here: values with spaces, quotes, commas, semicolons, backslashes
 * or anything outside of ASCII (encode those, or let a {@link dev.heddle.http.server.CookieSigner} do it), {@code
 * SameSite=None} or {@code Partitioned} without {@code Secure}, and names that begin with {@code __Secure-} or {@code
 * __Host-} without what these promise.
 *
 * <p>Immutable; threads: any. To test code that sets cookies, look at the {@code Set-Cookie} headers of its response.
 */
public final class Cookie {

    /** The rule for sending a cookie along with a request that another site caused. */
    public enum SameSite {
        /** Never. */
        STRICT("Strict"),
        /** Only when the user goes from the other site to this one. */
        LAX("Lax"),
        /** Always. */
        NONE("None");

        private final String text;

        SameSite(String text) {
            this.text = text;
        }
    }

    /** RFC 6265bis, section 5.6: browsers ignore a cookie whose name and value are longer together. */
    private static final int MAX_CHARS = 4096;

    /** RFC 6265bis, section 5.6: browsers ignore a longer attribute. */
    private static final int MAX_ATTRIBUTE_CHARS = 1024;

    private static final String SECURE_PREFIX = "__Secure-";
    private static final String HOST_PREFIX = "__Host-";

    private final String name;
    private final String value;
    private final Attributes attributes;

    private record Attributes(
            String domain,
            String path,
            @Nullable Duration maxAge,
            boolean secure,
            boolean httpOnly,
            SameSite sameSite,
            boolean partitioned) {

        static final Attributes DEFAULT = new Attributes("", "/", null, true, true, SameSite.LAX, false);
    }

    private Cookie(String name, String value, Attributes attributes) {
        this.name = name;
        this.value = value;
        this.attributes = attributes;
        checkPromises();
    }

    /**
     * A cookie with the defaults above.
     *
     * @param name a token; it matters whether a letter is small
     * @throws IllegalArgumentException if the name is no token, the value has a forbidden character, or both together
     *     are longer than 4,096 characters
     */
    public static Cookie of(String name, String value) {
        if (!FieldSyntax.isToken(name)) {
            throw new IllegalArgumentException("not a name for a cookie: " + FieldSyntax.printable(name));
        }
        checkValue(name, value);
        return new Cookie(name, value, Attributes.DEFAULT);
    }

    /** The same cookie with another value; throws as {@link #of}. */
    public Cookie withValue(String value) {
        checkValue(name, value);
        return new Cookie(name, value, attributes);
    }

    /**
     * For a domain and all below it, which is more than without: then it is for the host that set it only.
     *
     * @param domain such as {@code example.org}; international names in their ASCII form
     */
    public Cookie withDomain(String domain) {
        if (!isDomain(domain)) {
            throw new IllegalArgumentException("not a domain: " + FieldSyntax.printable(domain));
        }
        return with(domain, attributes.path, attributes.maxAge, attributes.secure, attributes.httpOnly,
                attributes.sameSite, attributes.partitioned);
    }

    /**
     * For a path and all below it. This tidies up, it protects nothing: other paths of a host can get at the cookie.
     */
    public Cookie withPath(String path) {
        checkAttribute("path", path);
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("a path of a cookie begins with a slash");
        }
        return with(attributes.domain, path, attributes.maxAge, attributes.secure, attributes.httpOnly,
                attributes.sameSite, attributes.partitioned);
    }

    /**
     * Kept for so long, over the end of the browser too. Browsers cut it to about 400 days.
     *
     * @param maxAge in whole seconds, rounded up; zero has the browser forget the cookie
     */
    public Cookie withMaxAge(Duration maxAge) {
        Checks.notNegative("maxAge", maxAge);
        return with(attributes.domain, attributes.path, maxAge, attributes.secure, attributes.httpOnly,
                attributes.sameSite, attributes.partitioned);
    }

    /** Over https only, or over http too, where everybody on the way can read and change it. */
    public Cookie withSecure(boolean secure) {
        return with(attributes.domain, attributes.path, attributes.maxAge, secure, attributes.httpOnly,
                attributes.sameSite, attributes.partitioned);
    }

    /** Hidden from scripts, or not. */
    public Cookie withHttpOnly(boolean httpOnly) {
        return with(attributes.domain, attributes.path, attributes.maxAge, attributes.secure, httpOnly,
                attributes.sameSite, attributes.partitioned);
    }

    /** With another rule for requests that other sites cause. */
    public Cookie withSameSite(SameSite sameSite) {
        return with(attributes.domain, attributes.path, attributes.maxAge, attributes.secure, attributes.httpOnly,
                Objects.requireNonNull(sameSite), attributes.partitioned);
    }

    /** Apart for each site that this one is embedded in (CHIPS), or not. */
    public Cookie withPartitioned(boolean partitioned) {
        return with(attributes.domain, attributes.path, attributes.maxAge, attributes.secure, attributes.httpOnly,
                attributes.sameSite, partitioned);
    }

    /**
     * What has a browser forget this cookie: the same name, domain and path, no value, no time to live. Without {@code
     * Secure} if that is allowed, since a browser obeys a secure one over https only.
     */
    public Cookie expired() {
        boolean secure = hasPrefix(SECURE_PREFIX) || hasPrefix(HOST_PREFIX) || attributes.partitioned
                || attributes.sameSite == SameSite.NONE;
        return new Cookie(name, "", new Attributes(attributes.domain, attributes.path, Duration.ZERO, secure,
                attributes.httpOnly, attributes.sameSite, attributes.partitioned));
    }

    public String name() {
        return name;
    }

    public String value() {
        return value;
    }

    /** The domain; empty for the host that sets the cookie alone. */
    public String domain() {
        return attributes.domain;
    }

    public String path() {
        return attributes.path;
    }

    /** How long it is kept; empty if until the browser ends. */
    public Optional<Duration> maxAge() {
        return Optional.ofNullable(attributes.maxAge);
    }

    public boolean isSecure() {
        return attributes.secure;
    }

    public boolean isHttpOnly() {
        return attributes.httpOnly;
    }

    public SameSite sameSite() {
        return attributes.sameSite;
    }

    public boolean isPartitioned() {
        return attributes.partitioned;
    }

    /** The value of the {@code Set-Cookie} field that gives the cookie to a client (RFC 6265bis, section 4.1). */
    public String field() {
        var field = new StringBuilder(96).append(name).append('=').append(value);
        field.append("; Path=").append(attributes.path);
        if (!attributes.domain.isEmpty()) {
            field.append("; Domain=").append(attributes.domain);
        }
        Duration age = attributes.maxAge;
        if (age != null) {
            // Rounded down, less than a second would have the cookie forgotten.
            field.append("; Max-Age=").append(age.getSeconds() + (age.getNano() > 0 ? 1 : 0));
        }
        if (attributes.secure) {
            field.append("; Secure");
        }
        if (attributes.httpOnly) {
            field.append("; HttpOnly");
        }
        field.append("; SameSite=").append(attributes.sameSite.text);
        if (attributes.partitioned) {
            field.append("; Partitioned");
        }
        return field.toString();
    }

    private Cookie with(String domain, String path, @Nullable Duration maxAge, boolean secure, boolean httpOnly,
            SameSite sameSite, boolean partitioned) {
        return new Cookie(name, value,
                new Attributes(domain, path, maxAge, secure, httpOnly, sameSite, partitioned));
    }

    private void checkPromises() {
        if (hasPrefix(HOST_PREFIX)
                && (!attributes.secure || !attributes.path.equals("/") || !attributes.domain.isEmpty())) {
            throw new IllegalArgumentException(name + ": a __Host- cookie is secure, for the path / and for no domain");
        }
        if (hasPrefix(SECURE_PREFIX) && !attributes.secure) {
            throw new IllegalArgumentException(name + ": a __Secure- cookie is secure");
        }
        if (!attributes.secure && (attributes.sameSite == SameSite.NONE || attributes.partitioned)) {
            throw new IllegalArgumentException(
                    name + ": a cookie for other sites' pages is secure, or browsers drop it");
        }
    }

    /** Browsers compare the prefixes without regard to case (RFC 6265bis, section 5.4). */
    private boolean hasPrefix(String prefix) {
        return name.regionMatches(true, 0, prefix, 0, prefix.length());
    }

    private static void checkValue(String name, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '"' || c == ',' || c == ';' || c == '\\') {
                throw new IllegalArgumentException("the value of cookie " + name + " has a forbidden character U+"
                        + String.format("%04X", (int) c) + " at " + i);
            }
        }
        if (name.length() + value.length() > MAX_CHARS) {
            throw new IllegalArgumentException("cookie " + name + " has " + (name.length() + value.length())
                    + " characters, browsers keep at most " + MAX_CHARS);
        }
    }

    private static void checkAttribute(String what, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c >= 0x7f || c == ';') {
                throw new IllegalArgumentException("the " + what + " of a cookie has a forbidden character at " + i);
            }
        }
        if (text.length() > MAX_ATTRIBUTE_CHARS) {
            throw new IllegalArgumentException("the " + what + " of a cookie is longer than " + MAX_ATTRIBUTE_CHARS);
        }
    }

    private static boolean isDomain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!alphanumeric && c != '-' && c != '.') {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= 253 && !text.startsWith(".") && !text.endsWith(".");
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Cookie that && name.equals(that.name) && value.equals(that.value)
                && attributes.equals(that.attributes);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, value, attributes);
    }

    /** Without the value, which may be secret. */
    @Override
    public String toString() {
        return "Cookie[" + name + "]";
    }
}
