package dev.heddle.http.internal.client.call;

import dev.heddle.http.internal.codec.ClientUrl.Origin;
import org.jspecify.annotations.Nullable;

/**
 * The route of a request: where it goes and by which way, which must be equal for connections to be shared.
 *
 * @param origin the server
 * @param proxy what stands in between; null if nothing does
 * @param checked whether the address of the server is chosen here, so that a proxy must not look its name up
 */
public record ClientRoute(Origin origin, @Nullable ProxyServer proxy, boolean checked) {

    /** Whether a proxy leads on to the server. */
    public boolean isTunnel() {
        return proxy != null && (checked || proxy.needsTunnel(origin));
    }

    /** The proxy that gets the requests themselves; null if they go straight or through a tunnel. */
    public @Nullable ProxyServer plainProxy() {
        return isTunnel() ? null : proxy;
    }

    @Override
    public String toString() {
        return proxy == null ? origin.toString() : origin + " by " + proxy;
    }
}
