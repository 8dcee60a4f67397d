package dev.heddle.http.internal.client.chain;

import dev.heddle.http.internal.client.body.ReplyBody;
import dev.heddle.http.internal.client.call.RequestHop;
import dev.heddle.http.internal.client.connection.CallContext;

/**
 * One link of the chain that a call goes through, inside the filters of users: does its part and has the next link do
 * the rest. It is shared by all calls, and what it remembers of one it keeps in variables.
 */
@FunctionalInterface
public interface CallFilter {

    /**
     * Gets the reply to a request.
     *
     * <p>Errors and cancellation are those of {@code ClientRequest.send}; a link that throws leaves no reply open.
     */
    ReplyBody send(RequestHop hop, CallContext call);
}
