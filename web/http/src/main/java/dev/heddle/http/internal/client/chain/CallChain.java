package dev.heddle.http.internal.client.chain;

import dev.heddle.http.internal.client.connection.ExchangeFinder;

/**
 * The chain of one call, from link to link to a connection, and back with the reply.
 *
 * <pre>
 *   redirects ─▶ retries ─▶ credentials ─▶ cookies ─▶ cache ─▶ Set-Cookie, HSTS ─▶ throttle ─▶ decoding ─▶ digests
 *    ▲  a hop     ▲  a try   ▲  a 401 that             │                                                     ▼
 *    │  each      │  each    │  can be answered        │  what is kept                                    exchange
 *    └────────────┴──────────┴─────────────────────────┴────────────────────────────────────── reply ◀───────┘
 * </pre>
 */
public final class CallChain {

    /** What is learned from replies stands behind the cache: it is learned once, when they come from their server. */
    private static final CallFilter LEARNING = new SetCookieFilter(
            new HstsFilter(new ThrottleFilter(new DecodingFilter(new DigestFilter(ExchangeFinder::send)))));

    /** The outermost link. */
    public static final CallFilter FIRST = new RedirectFilter(
            new RetryFilter(new CredentialsFilter(new CookieFilter(new CacheFilter(LEARNING)))));

    private CallChain() {}
}
