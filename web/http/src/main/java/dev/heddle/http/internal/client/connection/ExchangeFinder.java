package dev.heddle.http.internal.client.connection;

import dev.heddle.BrokenException;
import dev.heddle.CancelScope;
import dev.heddle.Loop;
import dev.heddle.http.Http2Limits;
import dev.heddle.http.client.RequestTracer;
import dev.heddle.http.internal.client.body.ReplyBody;
import dev.heddle.http.internal.client.call.Alternatives;
import dev.heddle.http.internal.client.call.CallDeadline.Phase;
import dev.heddle.http.internal.client.call.ClientErrors;
import dev.heddle.http.internal.client.call.ClientRoute;
import dev.heddle.http.internal.client.call.HttpsConnector;
import dev.heddle.http.internal.client.call.RequestHop;
import dev.heddle.http.internal.codec.ClientUrl.Origin;
import dev.heddle.http.internal.syntax.Protocol;
import dev.heddle.internal.sight.Events;
import dev.heddle.io.ByteStream;
import org.jspecify.annotations.Nullable;

/**
 * The end of the chain: one request over whatever the pool gives, up to the head of its answer. The one place that
 * connects. Owned by the calling task.
 *
 * <pre>
 *   acquire ──▶ connection of HTTP/1.1 ──────────────────────────▶ Http1ClientExchange ──▶ reply
 *     ▲   ├───▶ place ──▶ connect: http/1.1 ─────────────────────▶     │
 *     │   │       ▲  │             h2: others share it, and this ─▶ SessionExchange ──────▶ reply
 *     │   └───────│──│─▶ room in a connection of HTTP/2 ──────────▶    │ │
 *     │           └──│──── if a kept connection was stale ─────────────┘ │
 *     └──────────────┴──── if another try is safe ───────────────────────┘
 * </pre>
 */
public final class ExchangeFinder implements CancelScope.Body<ReplyBody> {

    private final CallContext call;
    private final RequestHop hop;
    private final ConnectionPool pool;

    /** That of the deadline: tells a failure from a call that was given up. */
    private @Nullable CancelScope scope;

    private ExchangeFinder(RequestHop hop, CallContext call) {
        this.call = call;
        this.hop = hop;
        this.pool = call.loop().pool();
    }

    /** Sends the request and waits for the head of the answer. */
    public static ReplyBody send(RequestHop hop, CallContext call) {
        Events heard = Events.heard();
        return heard == null ? sendUnheard(hop, call) : sendHeard(hop, call, heard);
    }

    private static ReplyBody sendUnheard(RequestHop hop, CallContext call) {
        return call.deadline().within(Phase.POOL, hop, new ExchangeFinder(hop, call));
    }

    private static ReplyBody sendHeard(RequestHop hop, CallContext call, Events heard) {
        Loop loop = call.loop().loop();
        Object begun = heard.begin(Events.Kind.REQUESTED);
        long begunNanos = loop.nanoTime();
        ReplyBody reply = null;
        Throwable failure = null;
        try {
            reply = sendUnheard(hop, call);
            return reply;
        } catch (RuntimeException | Error e) {
            failure = e;
            throw e;
        } finally {
            Origin origin = hop.url().origin();
            heard.requested(
                    begun,
                    new Events.HttpRequest(
                            hop.method(), null, origin.tls() ? "https" : "http",
                            reply == null ? null : reply.head().protocol().toString(),
                            reply == null ? 0 : reply.status(),
                            failure == null ? null : failure.getClass().getName(), -1, loop.nanoTime() - begunNanos),
                    origin.host(), origin.port());
        }
    }

    /**
     * Finds room in a connection of HTTP/2 or HTTP/3, which the caller uses or gives up.
     *
     * @param scope that of the deadline
     * @return null if the server speaks neither
     */
    public static @Nullable ClientSession session(
            RequestHop hop, CallContext call, ClientRoute route, CancelScope scope) {
        ConnectionPool pool = call.loop().pool();
        if (!pool.mayShare(route)) {
            return null;
        }
        call.deadline().enter(Phase.POOL);
        var finder = new ExchangeFinder(hop, call);
        finder.scope = scope;
        PooledConnection found = finder.acquire(route);
        if (found instanceof ConnectionPlace place) {
            found = finder.connect(place);
        }
        if (found instanceof Http1ClientConnection connection) {
            pool.release(connection, true);
        }
        return found instanceof ClientSession session ? session : null;
    }

    /** Finds what carries the request, and sends it, within the deadline's scope. */
    @Override
    public ReplyBody run(CancelScope within) {
        scope = within;
        ClientRoute route = call.options().proxies().routeTo(hop.url().origin(), call.client().addresses() != null);
        call.trace().tell(RequestTracer::queued);
        SessionExchange shared = null;
        PooledConnection found = acquire(route);
        while (true) {
            switch (found) {
                case ConnectionPlace place -> found = connect(place);
                case Http1ClientConnection connection -> {
                    ReplyBody reply = new Http1ClientExchange(call, hop).send(connection);
                    if (reply != null) {
                        return heard(reply, route);
                    }
                    found = pool.renew(connection);
                }
                case ClientSession session -> {
                    if (shared == null) {
                        shared = new SessionExchange(call, hop);
                    }
                    ReplyBody reply = shared.send(session);
                    if (reply != null) {
                        return heard(reply, route);
                    }
                    call.deadline().enter(Phase.POOL);
                    found = acquire(route);
                }
            }
        }
    }

    private PooledConnection acquire(ClientRoute route) {
        PooledConnection found = null;
        try {
            found = pool.acquire(route);
            return found;
        } finally {
            if (found == null && scope != null && scope.hasExpired()) {
                call.deadline().because(pool.useFor(route).toString());
            }
        }
    }

    /** Makes the connection of a place; one that others wait for too becomes one of HTTP/2 if the server speaks it. */
    private PooledConnection connect(ConnectionPlace place) {
        place.serves(call, hop);
        boolean connected = false;
        try {
            Http3Race race = Http3Race.run(call, place);
            ClientSession session = race == null ? null : race.session();
            if (session == null) {
                ByteStream stream = race == null
                        ? Dialer.connect(call, place.host.route, place.shared)
                        : race.stream();
                connected = true;
                session = place.shared ? session(place, stream) : null;
                if (session == null) {
                    return pool.connected(place, stream);
                }
            }
            connected = true;
            pool.share(place, session);
            return session;
        } catch (BrokenException e) {
            throw ClientErrors.named(hop, e);
        } finally {
            if (!connected) {
                pool.notConnected(place, !isGivenUp());
            }
        }
    }

    /** Hears from a reply where HTTP/3 is to be had. */
    private ReplyBody heard(ReplyBody reply, ClientRoute route) {
        Alternatives known = call.client().alternatives();
        if (known != null && Http3Race.isPossible(route) && reply.head().protocol() != Protocol.HTTP_3
                && known.learn(route.origin(), reply.headers(), call.loop().loop().nanoTime())) {
            pool.finishSessions(route);
        }
        return reply;
    }

    private boolean isGivenUp() {
        CancelScope within = scope;
        return within != null && within.isCancelled() && !within.hasExpired();
    }

    /** A session over a connection whose server speaks HTTP/2; null if it does not. */
    private @Nullable Http2ClientConnection session(ConnectionPlace place, ByteStream stream) {
        Http2Limits limits = call.client().http2().limits();
        return limits != null && (!place.host.route.origin().tls() || HttpsConnector.hasHttp2(stream))
                ? new Http2ClientConnection(place.host, call.client(), call.loop(), limits, stream)
                : null;
    }
}
