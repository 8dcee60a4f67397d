package dev.heddle.http.client;

/** The link that puts the cookies of replies into the client's jar, if it has one. */
record SetCookieFilter(CallFilter inner) implements CallFilter {

    @Override
    public ReplyBody send(RequestHop hop, CallContext call) {
        ReplyBody reply = inner.send(hop, call);
        ClientCookies jar = call.client().cookies();
        if (jar != null) {
            jar.store(hop.url(), reply.headers().all("Set-Cookie"));
        }
        return reply;
    }
}
