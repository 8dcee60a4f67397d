package dev.heddle.http.client;

/** The link that puts the cookies of replies into the client's jar, if it has one. */
record SetCookieFilter(CallFilter inner) implements CallFilter {

    @Override
    public Reply send(RequestHop hop, CallContext call) {
        Reply reply = inner.send(hop, call);
        CookieJar jar = call.client().cookies();
        if (jar != null) {
            jar.store(hop.url(), reply.headers().all("Set-Cookie"));
        }
        return reply;
    }
}
