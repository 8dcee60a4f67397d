package dev.heddle.http.client;

import dev.heddle.BrokenException;
import dev.heddle.CancelScope;
import dev.heddle.http.Http2Limits;
import dev.heddle.http.client.CallDeadline.Phase;
import dev.heddle.io.ByteStream;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The finder of an exchange for one request: over whatever the pool gives, up to the head of its answer. Owned by the
 * calling task.
 *
 * <pre>
 *   acquire ──▶ connection of HTTP/1.1 ─────────────────────────▶ Http1ClientExchange ──▶ reply
 *     ▲   ├───▶ place ──▶ connect: http/1.1 ────────────────────▶
 *     │   │                       h2: others share it, and this ─▶ Http2ClientExchange ──▶ reply
 *     │   └───▶ room in a session of HTTP/2 ────────────────────▶       │
 *     └──────────────────────── if another try is safe ─────────────────┘
 * </pre>
 */
final class ExchangeFinder {

    private final ClientOptions options;
    private final ClientLoop here;
    private final CallOptions call;
    private final CallDeadline clock;
    private final RequestTrace trace;
    private final RequestHop hop;
    private final RequestHop wire;

    /** Knows over several tries what has been tried. */
    private @Nullable Http2ClientExchange http2;

    /**
     * @param hop the request as errors and the reply name it
     * @param wire the same as it goes out: with cookies, credentials and what the way asks for
     */
    ExchangeFinder(ClientOptions options, ClientLoop here, CallOptions call, CallDeadline clock, RequestTrace trace,
            RequestHop hop, RequestHop wire) {
        this.options = options;
        this.here = here;
        this.call = call;
        this.clock = clock;
        this.trace = trace;
        this.hop = hop;
        this.wire = wire;
    }

    /**
     * Sends the request and waits for the head of the answer.
     *
     * @param route its way
     * @param scope that of the clock
     * @param trail the URLs that redirected here
     */
    Reply send(ClientRoute route, CancelScope scope, List<URI> trail) {
        trace.queued();
        while (true) {
            PooledConnection carrier = here.pool().acquire(route);
            if (carrier instanceof Http1ClientConnection place && place.isShared() && !place.isConnected()) {
                Http2ClientConnection session = connect(place, scope);
                carrier = session == null ? place : session;
            }
            Reply reply = switch (carrier) {
                case Http1ClientConnection connection ->
                    new Http1ClientExchange(options, here, call, clock, trace, hop, wire).send(connection, trail);
                case Http2ClientConnection session -> http2().send(session, trail);
            };
            if (reply != null) {
                return reply;
            }
            clock.enter(Phase.POOL);
        }
    }

    private Http2ClientExchange http2() {
        Http2ClientExchange exchange = http2;
        if (exchange == null) {
            exchange = new Http2ClientExchange(options, call, clock, trace, hop, wire);
            http2 = exchange;
        }
        return exchange;
    }

    /**
     * Makes the connection that others wait for too.
     *
     * @return the session if the server speaks HTTP/2, with room for this request; null if the place is connected for HTTP/1.1
     */
    private @Nullable Http2ClientConnection connect(Http1ClientConnection place, CancelScope scope) {
        boolean connected = false;
        try {
            ByteStream stream = Dialer.connect(options, place.host.route, true, clock, trace);
            place.connected(stream);
            Http2Limits limits = options.http2().limits();
            if (limits != null && (!place.host.route.origin().tls() || HttpsConnector.hasHttp2(stream))) {
                var session = new Http2ClientConnection(here.pool(), place.host, options, limits, here.loop(), stream,
                        here.frameBuffers());
                connected = true;
                here.pool().share(session);
                return session;
            }
            connected = true;
            here.pool().notShared(place);
            return null;
        } catch (BrokenException e) {
            throw ClientErrors.named(hop, e);
        } finally {
            if (!connected) {
                here.pool().notConnected(place, !scope.isCancelled() || scope.hasExpired());
            }
        }
    }
}
