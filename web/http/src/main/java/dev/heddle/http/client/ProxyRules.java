package dev.heddle.http.client;

import dev.heddle.http.internal.codec.ClientUrl.Origin;
import org.jspecify.annotations.Nullable;

/**
 * The rules by which each request goes through a proxy, or straight. Immutable.
 *
 * @param http the proxy on the way to http servers; null for none
 * @param https the one on the way to https servers; null for none
 * @param exceptions what goes straight all the same
 */
record ProxyRules(@Nullable ProxyServer http, @Nullable ProxyServer https, NoProxy exceptions) {

    /** No proxies at all. */
    static final ProxyRules NONE = new ProxyRules(null, null, NoProxy.LOOPBACK);

    boolean isNone() {
        return http == null && https == null;
    }

    /** The proxy on the way to an origin; null if there is none. */
    @Nullable ProxyServer proxyFor(Origin origin) {
        ProxyServer proxy = origin.tls() ? https : http;
        return proxy == null || exceptions.matches(origin) ? null : proxy;
    }

    /** The way to an origin; {@link ClientRoute} says what is checked. */
    ClientRoute routeTo(Origin origin, boolean checked) {
        return new ClientRoute(origin, proxyFor(origin), checked);
    }
}
