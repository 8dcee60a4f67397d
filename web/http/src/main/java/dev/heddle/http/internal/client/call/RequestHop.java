package dev.heddle.http.internal.client.call;

import dev.heddle.http.Headers;
import dev.heddle.http.client.Auth;
import dev.heddle.http.client.FailedRequest;
import dev.heddle.http.internal.codec.ClientUrl;
import dev.heddle.http.internal.syntax.HttpMethod;
import dev.heddle.internal.TraceScope;
import dev.heddle.trace.TraceContext;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request as it goes to one server; a redirect makes the next.
 *
 * @param method a token
 * @param url where to
 * @param headers the caller's fields that still apply, and those that the links of the chain add
 * @param body what is sent
 * @param auth the request's own way to answer for its origin; null for that of the client
 * @param trail the URLs that redirected here, the first one first
 * @param isBare whether the fields of all requests of the client are left out
 */
public record RequestHop(
        String method, ClientUrl url, Headers headers, ClientBody body, @Nullable Auth auth, List<URI> trail,
        boolean isBare) {

    /** A request that nobody has redirected. */
    public RequestHop(String method, ClientUrl url, Headers headers, ClientBody body) {
        this(method, url, headers, body, null, List.of(), false);
    }

    /** The same with another field. */
    public RequestHop with(String name, String value) {
        return with(headers.with(name, value));
    }

    /** The same with other fields. */
    public RequestHop with(Headers fields) {
        return new RequestHop(method, url, fields, body, auth, trail, isBare);
    }

    /** The same by https if the host is known to want it; the credentials of the request go along. */
    public RequestHop securedBy(@Nullable SecureHosts hsts) {
        return hsts == null ? this : new RequestHop(method, hsts.secured(url), headers, body, auth, trail, isBare);
    }

    /** The same with the trace context of the calling code, if it has one and the caller has set none. */
    public RequestHop inTrace() {
        TraceContext trace = TraceScope.current();
        if (trace == null || headers.contains("traceparent")) {
            return this;
        }
        RequestHop traced = with("traceparent", trace.traceparent());
        return trace.state().isEmpty() ? traced : traced.with("tracestate", trace.state());
    }

    /** The same as a proxy gets it: with the whole URL in the request line (RFC 9112, section 3.2.2). */
    public RequestHop toProxy(ProxyServer proxy) {
        var whole = new ClientUrl(url.origin(), url.toString(), url.hostField());
        String credentials = proxy.authorization();
        Headers fields = credentials == null ? headers : headers.with("Proxy-Authorization", credentials);
        return new RequestHop(method, whole, fields, body, auth, trail, isBare);
    }

    /** Whether sending it twice has the effect of once (RFC 9110, section 9.2.2), and can be done. */
    public boolean mayBeRepeated() {
        return body.isRepeatable() && HttpMethod.isIdempotent(method);
    }

    /** Whether it says that it has no body: methods whose meaning includes one do (RFC 9110, section 8.6). */
    public boolean saysItIsEmpty() {
        return HttpMethod.hasBody(method);
    }

    public boolean isHead() {
        return method.equals("HEAD");
    }

    /** How failures and logs name it. */
    FailedRequest failed() {
        return new FailedRequest(method, url.forLog());
    }

    /** Method and URL, without what may be secret. */
    @Override
    public String toString() {
        return method + " " + url.forLog();
    }
}
