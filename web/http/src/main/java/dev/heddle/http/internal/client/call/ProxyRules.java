package dev.heddle.http.internal.client.call;

import dev.heddle.http.internal.codec.ClientUrl.Origin;
import org.jspecify.annotations.Nullable;

/**
 * The rules by which each request goes through a proxy, or straight. Immutable.
 *
 * @param http the proxy on the way to http servers; null for none
 * @param https the one on the way to https servers; null for none
 * @param exceptions what goes straight all the same
 */
public record ProxyRules(@Nullable ProxyServer http, @Nullable ProxyServer https, NoProxy exceptions) {

    /** No proxies at all. */
    public static final ProxyRules NONE = new ProxyRules(null, null, NoProxy.LOOPBACK);

    public boolean isNone() {
        return http == null && https == null;
    }

    /** The proxy on the way to an origin; null if there is none. */
    public @Nullable ProxyServer proxyFor(Origin origin) {
        ProxyServer proxy = origin.tls() ? https : http;
        return proxy == null || exceptions.matches(origin) ? null : proxy;
    }

    /** The way to an origin; {@link ClientRoute} says what is checked. */
    public ClientRoute routeTo(Origin origin, boolean checked) {
        return new ClientRoute(origin, proxyFor(origin), checked);
    }
}
