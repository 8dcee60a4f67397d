package dev.heddle.http.client;

import org.jspecify.annotations.Nullable;

/** The link that sends the cookies of the client's jar, if it has one, and puts those of the reply into it. */
record CookieFilter(CallFilter inner) implements CallFilter {

    @Override
    public Reply send(RequestHop hop, CallContext call) {
        CookieJar jar = call.client().cookies();
        Reply reply = inner.send(withCookies(hop, jar), call);
        if (jar != null) {
            jar.store(hop.url(), reply.headers().all("Set-Cookie"));
        }
        return reply;
    }

    /** The request with the cookies that a jar has for it; a Cookie field that the caller has set comes first. */
    static RequestHop withCookies(RequestHop hop, @Nullable CookieJar jar) {
        if (jar == null || hop.headers().contains("Cookie")) {
            return hop;
        }
        String cookies = jar.header(hop.url());
        return cookies.isEmpty() ? hop : hop.with("Cookie", cookies);
    }
}
