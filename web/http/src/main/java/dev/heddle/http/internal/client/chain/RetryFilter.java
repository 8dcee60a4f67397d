package dev.heddle.http.internal.client.chain;

import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.http.client.RetryPolicy;
import dev.heddle.http.internal.client.body.ReplyBody;
import dev.heddle.http.internal.client.call.RequestHop;
import dev.heddle.http.internal.client.connection.CallContext;
import java.time.Duration;

/** The link that tries a hop as often as the call's {@link RetryPolicy} allows, with its waits in between. */
record RetryFilter(CallFilter inner) implements CallFilter {

    @Override
    public ReplyBody send(RequestHop hop, CallContext call) {
        if (call.options().retries().attempts() <= 1) {
            return inner.send(hop, call);
        }
        Retries retries = new Retries(call.options().retries(), call.client().budget(), hop);
        while (true) {
            Duration wait;
            try {
                ReplyBody reply = inner.send(hop, call);
                wait = retries.after(reply, call.deadline());
                if (wait == null) {
                    return reply;
                }
                reply.close();
            } catch (HeddleException e) {
                wait = retries.after(e, call.deadline());
                if (wait == null) {
                    throw e;
                }
            }
            call.trace().retrying(retries.count(), wait);
            Heddle.sleep(wait);
        }
    }
}
