package dev.heddle.http.client;

import dev.heddle.CancelScope;
import dev.heddle.ClosedException;
import dev.heddle.http.internal.client.body.ReplyBody;
import dev.heddle.http.internal.client.call.ClientOptions;
import dev.heddle.http.internal.client.call.RequestHop;
import dev.heddle.http.internal.client.chain.CallChain;
import dev.heddle.http.internal.client.connection.CallContext;

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
        HttpClient client = request.client();
        ClientOptions settings = client.settings();
        RequestHop first = request.hop().securedBy(settings.hsts()).inTrace();
        CallContext call = CallContext.begin(settings, request.options(), client.here(first), first);
        CancelScope.throwIfCancelled();
        settings.budget().requested();
        try {
            ReplyBody reply = CallChain.FIRST.send(first, call);
            call.trace().answered(reply.status());
            return new Reply(reply, call.options().limits().maxBodyBytes(), settings.json());
        } catch (RuntimeException | Error e) {
            request.cameTo(call.deadline().wasSent());
            call.trace().failed(e);
            throw e;
        }
    }
}
