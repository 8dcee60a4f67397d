package dev.heddle.bench;

import java.util.Locale;

/** The way in which a site is spoken to. */
enum SiteMode {
    /** HTTP/1.1. */
    PLAIN,
    /** HTTP/1.1 under TLS. */
    TLS,
    /** HTTP/2 without TLS, which the client begins without asking (RFC 9113, section 3.3). */
    HTTP_2,
    /** WebSockets without TLS. */
    WEB_SOCKET;

    String scheme() {
        return this == TLS ? "https" : "http";
    }

    /** How programs are told. */
    String argument() {
        return name().toLowerCase(Locale.ROOT);
    }
}
