package dev.heddle.http.gateway;

import dev.heddle.Task;
import dev.heddle.http.Headers;
import dev.heddle.http.StatusException;
import dev.heddle.http.WebSocketOptions;
import dev.heddle.http.client.ClientLimits;
import dev.heddle.http.client.ClientTimeouts;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.internal.codec.RetryBudget;
import dev.heddle.http.server.Handler;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import dev.heddle.internal.Checks;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A handler that passes requests on to other servers: a reverse proxy.
 *
 * <pre>{@code
 * var shop = Proxying.to(Upstreams.of("http://10.0.0.1:8080", "http://10.0.0.2:8080"));
 * var gateway = HttpServer.builder().any("/{path...}", shop).any("/", shop);
 * }</pre>
 *
 * <p>Bodies go through in both directions as they come, at the same time, never whole in memory, and whoever is slower
 * slows the other. A response that begins before its request has ended is passed on at once. If it is no success, or
 * the upstream ends the exchange behind it, the rest of the request's body is not wanted: the client's stream of HTTP/2
 * is reset with NO_ERROR, of HTTP/1 as much is read over as the server's limits say. Otherwise the rest goes on to the
 * upstream, also behind the whole response.
 *
 * <p>What is for one connection only stays here (RFC 9110, section 7.6.1). Trailers of both ways are passed on, and
 * {@code TE: trailers}; so are interim responses, such as 103 Early Hints, but that the body which a client announces with
 * {@code Expect} is asked for when the upstream asks for it. {@code Forwarded}, {@code X-Forwarded-For}, {@code -Proto} and {@code -Host}
 * say who asks, as {@link Request#clientAddress} and {@link Request#host} know it; what a client says in their place,
 * and in any other {@code X-Forwarded-} field or {@code X-Real-IP}, is left out. An OPTIONS whose {@code Max-Forwards} is
 * used up is answered here, with 204.
 *
 * <p>A request fails with 502 where no upstream can be reached or one gives no sound answer, 504 where one is silent,
 * 503 with {@code Retry-After} where all are busy or their breakers open, 400 for a path with dot segments, 501 for
 * CONNECT and TRACE, 508 in a circle of gateways. What went wrong has its name in {@code
 * Proxy-Status} (RFC 9209); which upstream failed is logged, and not told. One that
 * breaks off in the middle of a response cuts the client's off too, so that nobody takes it for whole.
 *
 * <p>WebSockets of each version are passed on by HTTP/1.1, message by message, each piece by piece; the upstream is connected first, and
 * what it answers is answered. When one side closes or is lost the other is closed, with the code of that, or 1014 for an
 * upstream and 1001 for a client that is gone. A socket has its upstream's place as long as it is open.
 *
 * <p>Retries are for failures before the head of a response: on another upstream, if nothing of the request was sent,
 * or the method is safe or idempotent and has no body. As many as {@link #withRetries} says; those of what was sent are
 * over all no more than one for five requests. A kept connection that ends without an answer is no failure yet: what
 * may be repeated is sent once more over another, to the same upstream.
 *
 * <p>Health checks begin when the gateway is made by a task, on its loop; otherwise, and when that loop has ended, with
 * the next request. They end when the gateway is closed.
 *
 * <p>Threads: any task of the server's loops.
 *
 * <p>Cancellation: a cancelled request ends the upstream's at once, and so does one whose client has gone, once it has
 * lasted for 50 milliseconds. A client that has sent its next request already is not seen to go before that; one of
 * HTTP/1 that has ended its output counts as gone.
 *
 * <p>To test with it, give it a client of a test's own.
 */
public final class Proxying implements Handler, AutoCloseable {

    /** No bound of the whole: downloads and events take what they take. */
    private static final ClientTimeouts TIMEOUTS = ClientTimeouts.DEFAULT
            .withTotal(Duration.ofDays(365)).withConnect(Duration.ofSeconds(5));

    private final Upstreams upstreams;
    private final GatewayClient client;
    private final ClientTimeouts timeouts;
    private final boolean clientHost;
    private final int retries;
    private final RetryBudget budget;
    private final WebSocketOptions sockets;

    private Proxying(
            Upstreams upstreams,
            GatewayClient client,
            ClientTimeouts timeouts,
            boolean clientHost,
            int retries,
            RetryBudget budget,
            WebSocketOptions sockets) {
        this.upstreams = upstreams;
        this.client = client;
        this.timeouts = timeouts;
        this.clientHost = clientHost;
        this.retries = retries;
        this.budget = budget;
        this.sockets = sockets;
    }

    /** Passes requests on to some upstreams over connections of its own. */
    public static Proxying to(Upstreams upstreams) {
        int most = upstreams.maxConnections();
        HttpClient http = HttpClient.builder()
                .limits(ClientLimits.DEFAULT.withMaxConnections(most).withMaxConnectionsPerHost(most))
                .build();
        return to(upstreams, new GatewayClient(http, true));
    }

    /**
     * Passes requests on by a client, for its TLS, its HTTP/2 or its connector. Its redirects, decoding and timeouts do
     * not count here; cookies, credentials and a cache it must not have, since they would be everybody's.
     *
     * @param http stays the caller's to close; its limits of connections should have room for what the upstreams may
     *     get, and for one health check each
     */
    public static Proxying to(Upstreams upstreams, HttpClient http) {
        return to(upstreams, new GatewayClient(Objects.requireNonNull(http), false));
    }

    private static Proxying to(Upstreams upstreams, GatewayClient client) {
        if (Task.ofThread(Thread.currentThread()).isPresent()) {
            upstreams.beginChecks(client);
        }
        return new Proxying(upstreams, client, TIMEOUTS, false, 1, new RetryBudget(), WebSocketOptions.DEFAULT);
    }

    /**
     * The same with other waits: to connect, for the next bytes of a response, its first ones too, and for the whole. 5
     * s, 60 s and no end if nothing is said. It shares the connections with this one, and closing either closes them.
     */
    public Proxying withTimeouts(ClientTimeouts waits) {
        return new Proxying(upstreams, client, Objects.requireNonNull(waits), clientHost, retries, budget,
                sockets);
    }

    /**
     * The same that asks upstreams for the host that the client has asked for, in place of their own; as {@link
     * #withTimeouts} of the connections.
     */
    public Proxying withClientHost() {
        return new Proxying(upstreams, client, timeouts, true, retries, budget, sockets);
    }

    /**
     * The same with another number of retries on other upstreams; as {@link #withTimeouts} of the connections.
     *
     * @param most of one request, 0 for none; 1 if nothing is said
     */
    public Proxying withRetries(int most) {
        Checks.notNegative("retries", most);
        return new Proxying(upstreams, client, timeouts, clientHost, most, budget, sockets);
    }

    /**
     * The same with other options of the WebSockets that are passed on: limits, heartbeat and the origins that may
     * connect for both sides, compression for the client's. {@link WebSocketOptions#DEFAULT} if nothing is said; the
     * subprotocols are those that the upstream agrees to. As {@link #withTimeouts} of the connections.
     */
    public Proxying withWebSockets(WebSocketOptions options) {
        return new Proxying(upstreams, client, timeouts, clientHost, retries, budget,
                Objects.requireNonNull(options));
    }

    @Override
    public Response handle(Request request) throws Exception {
        if (request.method().equals("CONNECT") || request.method().equals("TRACE")) {
            throw new StatusException(501, "this method is not passed on");
        }
        if (PassedHead.forwards(request) == 0) {
            return Response.empty(204);
        }
        String target = PassedHead.target(request);
        Headers fields = PassedHead.ofRequest(request, clientHost);
        if (ProxiedSocket.isAskedFor(request)) {
            Optional<Response> refusal = ProxiedSocket.refusal(request, sockets);
            if (refusal.isPresent()) {
                return refusal.get();
            }
        }
        upstreams.beginChecks(client);
        budget.requested();
        return new ProxiedRequest(this, request, target, fields).answer();
    }

    /** What each upstream does. Any thread. */
    public List<UpstreamStatistics> statistics() {
        return upstreams.statistics();
    }

    /** The same for people: a line for each upstream. Any thread. */
    public String report() {
        var lines = new StringBuilder();
        for (UpstreamStatistics upstream : statistics()) {
            lines.append(upstream.url()).append(": ").append(upstream.inFlight()).append(" in flight, ")
                    .append(upstream.waiting()).append(" waiting, ").append(upstream.requests()).append(" requests, ")
                    .append(upstream.failures()).append(" failed, ").append(upstream.refused())
                    .append(" refused, breaker ").append(upstream.breaker().state())
                    .append(upstream.healthy() ? "" : ", unhealthy").append('\n');
        }
        return lines.toString();
    }

    /** Ends its health checks, and closes its connections as {@link HttpClient#close}, if they are its own. */
    @Override
    public void close() {
        client.close();
        upstreams.endChecks(client);
    }

    Upstreams upstreams() {
        return upstreams;
    }

    HttpClient http() {
        return client.http();
    }

    ClientTimeouts timeouts() {
        return timeouts;
    }

    int retries() {
        return retries;
    }

    WebSocketOptions sockets() {
        return sockets;
    }

    RetryBudget budget() {
        return budget;
    }

    @Override
    public String toString() {
        return "Proxying[" + upstreams + "]";
    }
}
