package dev.heddle.http.internal.client.chain;

import dev.heddle.http.Headers;
import dev.heddle.http.internal.client.body.ReplyBody;
import dev.heddle.http.internal.client.call.RequestHop;
import dev.heddle.http.internal.client.call.SecureHosts;
import dev.heddle.http.internal.client.connection.CallContext;
import java.util.List;

/** The link that learns from replies which hosts want https only, if the client keeps them (RFC 6797, section 8.1). */
public record HstsFilter(CallFilter inner) implements CallFilter {

    @Override
    public ReplyBody send(RequestHop hop, CallContext call) {
        ReplyBody reply = inner.send(hop, call);
        learn(call, hop, reply.headers());
        return reply;
    }

    /** Takes what the reply to this request says; the first field counts, and by http none does. */
    public static void learn(CallContext call, RequestHop hop, Headers reply) {
        SecureHosts hosts = call.client().hsts();
        if (hosts != null) {
            List<String> fields = reply.all("Strict-Transport-Security");
            if (!fields.isEmpty()) {
                hosts.learn(hop.url(), fields.getFirst());
            }
        }
    }
}
