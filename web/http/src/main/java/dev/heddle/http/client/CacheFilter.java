package dev.heddle.http.client;

/** The link that answers out of the client's cache what may be answered so, if it has one (RFC 9111). */
record CacheFilter(CallFilter inner) implements CallFilter {

    @Override
    public ReplyBody send(RequestHop hop, CallContext call) {
        ReplyCache cache = call.client().cache();
        return cache == null ? inner.send(hop, call) : new CachedCall(cache, hop, call, inner).send();
    }
}
