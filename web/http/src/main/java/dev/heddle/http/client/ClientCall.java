package dev.heddle.http.client;

import dev.heddle.CancelScope;
import dev.heddle.ClosedException;
import dev.heddle.http.internal.client.body.ReplyBody;
import dev.heddle.http.internal.client.call.RequestHop;
import dev.heddle.http.internal.client.chain.CallChain;
import dev.heddle.http.internal.client.connection.CallContext;
import dev.heddle.http.internal.client.connection.ClientLoop;

/**
 * One call of {@link ClientRequest#send()}, behind the filters of users: begins it, sends it down the {@link CallChain},
 * and makes the reply of what comes back.
 */
final class ClientCall {

    private ClientCall() {}

    /**
     * Sends a request as it is now. Errors and cancellation are those of {@link ClientRequest#send()}.
     *
     * @throws ClosedException if the client is closed
     */
    static Reply send(ClientRequest request) {
        RequestHop first = request.hop().securedBy(request.client().settings().hsts()).inTrace();
        ClientLoop loop = request.client().here(first);
        CallContext call = CallContext.begin(request.client().settings(), request.options(), loop, first);
        CancelScope.throwIfCancelled();
        call.client().budget().requested();
        try {
            ReplyBody reply = CallChain.FIRST.send(first, call);
            call.trace().answered(reply.status());
            return new Reply(reply, call.options().limits().maxBodyBytes(), call.client().json());
        } catch (RuntimeException | Error e) {
            request.cameTo(call.deadline().wasSent());
            call.trace().failed(e);
            throw e;
        }
    }
}
