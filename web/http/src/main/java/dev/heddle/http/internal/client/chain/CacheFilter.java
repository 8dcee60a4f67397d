package dev.heddle.http.internal.client.chain;

import dev.heddle.http.internal.cache.ReplyCache;
import dev.heddle.http.internal.client.body.ReplyBody;
import dev.heddle.http.internal.client.call.RequestHop;
import dev.heddle.http.internal.client.connection.CallContext;

/** The link that answers out of the client's cache what may be answered so, if it has one (RFC 9111). */
record CacheFilter(CallFilter inner) implements CallFilter {

    @Override
    public ReplyBody send(RequestHop hop, CallContext call) {
        ReplyCache cache = call.client().cache();
        return cache == null ? inner.send(hop, call) : new CachedCall(cache, hop, call, inner).send();
    }
}
