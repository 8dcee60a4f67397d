package dev.heddle.http.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One cookie of a {@link CookieJar}, which has checked it.
 *
 * @param hostOnly whether it is for the host that set it alone
 * @param domain in lower-case ASCII without a leading dot
 * @param expires null for the life of the jar
 * @param created its place in the order of its jar
 * @param lastUse when it was last sent or set, in steps of its jar
 */
record JarCookie(
        String name,
        String path,
        boolean hostOnly,
        String value,
        String domain,
        boolean secure,
        boolean httpOnly,
        @Nullable Instant expires,
        long created,
        long lastUse) {

    /** What may be there once in a domain. */
    record Key(String name, String path, boolean hostOnly) {}

    Key key() {
        return new Key(name, path, hostOnly);
    }

    /** The same with this place in the order of its jar, and this last use. */
    JarCookie numbered(long created, long lastUse) {
        return new JarCookie(name, path, hostOnly, value, domain, secure, httpOnly, expires, created, lastUse);
    }

    boolean isExpired(Instant now) {
        return expires != null && !expires.isAfter(now);
    }

    /** As the Cookie field has it. */
    String pair() {
        return name.isEmpty() ? value : name + "=" + value;
    }

    /** Where it goes, without its value. */
    @Override
    public String toString() {
        return "cookie " + name + " of " + domain + path;
    }
}
