package dev.heddle.http.internal.client.chain;

import dev.heddle.http.internal.client.body.ReplyBody;
import dev.heddle.http.internal.client.call.ClientCookies;
import dev.heddle.http.internal.client.call.RequestHop;
import dev.heddle.http.internal.client.connection.CallContext;

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
