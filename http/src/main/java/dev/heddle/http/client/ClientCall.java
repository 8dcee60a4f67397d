package dev.heddle.http.client;

import dev.heddle.CancelScope;
import dev.heddle.ClosedException;

/**
 * One call of {@link ClientRequest#send()} behind the filters of users: from link to link to a connection, and back
 * with the reply.
 *
 * <pre>
 *   redirects ──▶ retries ──▶ credentials ──▶ cookies ──▶ exchange ──▶ reply
 *    ▲  a hop      ▲  a try    ▲  a 401 that                 │
 *    │  each       │  each     │  can be answered            │
 *    └─────────────┴───────────┴─────────────────────────────┘
 * </pre>
 *
 * <p>Owned by the calling task.
 */
final class ClientCall {

    private static final CallFilter CHAIN = new RedirectFilter(
            new RetryFilter(new CredentialsFilter(new CookieFilter(ExchangeFinder::send))));

    private final CallContext context;
    private final RequestHop first;

    private ClientCall(CallContext context, RequestHop first) {
        this.context = context;
        this.first = first;
    }

    /**
     * The call of a request as it is now.
     *
     * @throws ClosedException if the client is closed
     */
    static ClientCall of(ClientRequest request) {
        RequestHop first = request.hop();
        return new ClientCall(CallContext.begin(request.client(), request.options(), first), first);
    }

    /** Errors and cancellation are those of {@link ClientRequest#send()}. */
    Reply send() {
        CancelScope.throwIfCancelled();
        context.client().budget().requested();
        try {
            Reply reply = CHAIN.send(first, context);
            context.trace().answered(reply.status());
            return reply;
        } catch (RuntimeException | Error e) {
            context.trace().failed(e);
            throw e;
        }
    }

    @Override
    public String toString() {
        return first.toString();
    }
}
