package dev.heddle.http.internal.client.chain;

import dev.heddle.http.internal.client.body.ReplyBody;
import dev.heddle.http.internal.client.call.ClientCookies;
import dev.heddle.http.internal.client.call.RequestHop;
import dev.heddle.http.internal.client.connection.CallContext;
import org.jspecify.annotations.Nullable;

/** The link that sends the cookies of the client's jar, if it has one. */
public record CookieFilter(CallFilter inner) implements CallFilter {

    @Override
    public ReplyBody send(RequestHop hop, CallContext call) {
        return inner.send(withCookies(hop, call.client().cookies()), call);
    }

    /** The request with the cookies that a jar has for it; a Cookie field that the caller has set comes first. */
    public static RequestHop withCookies(RequestHop hop, @Nullable ClientCookies jar) {
        if (jar == null || hop.headers().contains("Cookie")) {
            return hop;
        }
        String cookies = jar.header(hop.url());
        return cookies.isEmpty() ? hop : hop.with("Cookie", cookies);
    }
}
