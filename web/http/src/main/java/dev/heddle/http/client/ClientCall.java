package dev.heddle.http.client;

import dev.heddle.CancelScope;
import dev.heddle.ClosedException;

/**
 * One call of {@link ClientRequest#send()} behind the filters of users: from link to link to a connection, and back
 * with the reply.
 *
 * <pre>
 *   redirects ──▶ retries ──▶ credentials ──▶ cookies ──▶ cache ──▶ Set-Cookie, HSTS ──▶ throttle ──▶ exchange ──▶ reply
 *    ▲  a hop      ▲  a try    ▲  a 401 that               │                                             │
 *    │  each       │  each     │  can be answered          │  what is kept                               │
 *    └─────────────┴───────────┴───────────────────────────┴─────────────────────────────────────────────┘
 * </pre>
 */
final class ClientCall {

    /** What is learned from replies stands behind the cache: it is learned once, when they come from their server. */
    private static final CallFilter LEARNING = new SetCookieFilter(
            new HstsFilter(new ThrottleFilter(ExchangeFinder::send)));

    private static final CallFilter CHAIN = new RedirectFilter(
            new RetryFilter(new CredentialsFilter(new CookieFilter(new CacheFilter(LEARNING)))));

    private ClientCall() {}

    /**
     * Sends a request as it is now. Errors and cancellation are those of {@link ClientRequest#send()}.
     *
     * @throws ClosedException if the client is closed
     */
    static Reply send(ClientRequest request) {
        RequestHop first = request.hop().securedBy(request.client().settings().hsts()).inTrace();
        CallContext call = CallContext.begin(request.client(), request.options(), first);
        CancelScope.throwIfCancelled();
        call.client().budget().requested();
        try {
            Reply reply = CHAIN.send(first, call);
            call.trace().answered(reply.status());
            return reply;
        } catch (RuntimeException | Error e) {
            request.cameTo(call.deadline().wasSent());
            call.trace().failed(e);
            throw e;
        }
    }
}
