package dev.heddle.http.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One cookie of a {@link CookieJar}, which has checked it. */
final class JarCookie {

    /** What may be there once in a domain. */
    record Key(String name, String path, boolean hostOnly) {}

    /** When it was last sent or set, in steps of its jar; for the jar. */
    long lastUse;

    private final Key key;
    private final String value;
    private final String domain;
    private final boolean secure;
    private final boolean httpOnly;
    private final @Nullable Instant expires;
    private final long created;

    /**
     * @param domain in lower-case ASCII without a leading dot
     * @param expires null for the life of the jar
     * @param created its place in the order of its jar
     */
    JarCookie(
            Key key,
            String value,
            String domain,
            boolean secure,
            boolean httpOnly,
            @Nullable Instant expires,
            long created) {
        this.key = key;
        this.value = value;
        this.domain = domain;
        this.secure = secure;
        this.httpOnly = httpOnly;
        this.expires = expires;
        this.created = created;
        this.lastUse = created;
    }

    /** The same, set and used now. */
    JarCookie renumbered(long number) {
        return new JarCookie(key, value, domain, secure, httpOnly, expires, number);
    }

    /** The same, used now and with the place in the order that it had before. */
    JarCookie createdAt(long number) {
        JarCookie moved = renumbered(number);
        moved.lastUse = lastUse;
        return moved;
    }

    Key key() {
        return key;
    }

    String name() {
        return key.name();
    }

    String path() {
        return key.path();
    }

    boolean hostOnly() {
        return key.hostOnly();
    }

    String value() {
        return value;
    }

    String domain() {
        return domain;
    }

    boolean secure() {
        return secure;
    }

    boolean httpOnly() {
        return httpOnly;
    }

    @Nullable Instant expires() {
        return expires;
    }

    long created() {
        return created;
    }

    boolean isExpired(Instant now) {
        return expires != null && !expires.isAfter(now);
    }

    /** As the Cookie field has it. */
    String pair() {
        return key.name().isEmpty() ? value : key.name() + "=" + value;
    }

    /** Where it goes, without its value. */
    @Override
    public String toString() {
        return "cookie " + key.name() + " of " + domain + key.path();
    }
}
