package dev.heddle.http.client;

import dev.heddle.http.internal.codec.ClientUrl.Origin;
import org.jspecify.annotations.Nullable;

/**
 * The route of a request: where it goes and by which way, which must be equal for connections to be shared.
 *
 * @param origin the server
 * @param proxy what stands in between; null if nothing does
 */
record ClientRoute(Origin origin, @Nullable Proxy proxy) {

    /** The proxy that gets the requests themselves; null if they go straight or through a tunnel. */
    @Nullable Proxy plainProxy() {
        return proxy == null || proxy.needsTunnel(origin) ? null : proxy;
    }

    @Override
    public String toString() {
        return proxy == null ? origin.toString() : origin + " by " + proxy;
    }
}
