package dev.heddle.http.internal.client.chain;

import dev.heddle.HeddleException;
import dev.heddle.http.client.RedirectException;
import dev.heddle.http.internal.client.body.ReplyBody;
import dev.heddle.http.internal.client.call.ClientErrors;
import dev.heddle.http.internal.client.call.RequestHop;
import dev.heddle.http.internal.client.connection.CallContext;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The link that follows redirects from hop to hop, if the call wants it, as far as its limits allow. */
record RedirectFilter(CallFilter inner) implements CallFilter {

    @Override
    public ReplyBody send(RequestHop hop, CallContext call) {
        ReplyBody reply = sent(hop, call);
        return call.options().follow() && Redirect.isRedirect(reply.status()) ? followed(hop, reply, call) : reply;
    }

    private ReplyBody followed(RequestHop first, ReplyBody answer, CallContext call) {
        // A server may lead back to where it has set a cookie, so with a jar only the count tells.
        Set<String> visited = call.client().cookies() == null ? new HashSet<>() : null;
        RequestHop hop = first;
        ReplyBody reply = answer;
        while (Redirect.isRedirect(reply.status())) {
            hop = next(hop, reply, call, visited);
            call.trace().redirected(hop);
            reply = sent(hop, call);
        }
        return reply;
    }

    /** Sends one hop; what fails there says so. */
    private ReplyBody sent(RequestHop hop, CallContext call) {
        try {
            return inner.send(hop, call);
        } catch (HeddleException e) {
            throw ClientErrors.namedOnce(hop, e);
        }
    }

    private static RequestHop next(RequestHop hop, ReplyBody reply, CallContext call, @Nullable Set<String> visited) {
        try (reply) {
            int most = call.options().limits().maxRedirects();
            if (hop.trail().size() >= most) {
                throw ClientErrors.about(hop, new RedirectException("more than " + most + " redirects"));
            }
            RequestHop next = Redirect.next(hop, reply.status(), reply.headers(), call.client().hsts());
            if (visited != null) {
                visited.add(place(hop));
                if (visited.contains(place(next))) {
                    throw ClientErrors.about(hop,
                            new RedirectException("the redirects lead in a circle, back to " + next.url().forLog()));
                }
            }
            return next;
        }
    }

    private static String place(RequestHop hop) {
        return hop.method() + " " + hop.url();
    }
}
