package dev.heddle.http.client;

import dev.heddle.BrokenException;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.DeadlineExceededException;
import dev.heddle.HeddleException;
import dev.heddle.http.BadReplyException;
import dev.heddle.http.Headers;
import dev.heddle.http.WebSocket;
import dev.heddle.http.WebSocketOptions;
import dev.heddle.http.internal.client.call.CallDeadline;
import dev.heddle.http.internal.client.call.CallDeadline.Phase;
import dev.heddle.http.internal.client.call.ClientBody;
import dev.heddle.http.internal.client.call.ClientErrors;
import dev.heddle.http.internal.client.call.ClientRoute;
import dev.heddle.http.internal.client.call.Http1RequestHead;
import dev.heddle.http.internal.client.call.ProxyServer;
import dev.heddle.http.internal.client.call.RequestHop;
import dev.heddle.http.internal.client.call.RequestTrace;
import dev.heddle.http.internal.client.connection.CallContext;
import dev.heddle.http.internal.client.connection.ClientLoop;
import dev.heddle.http.internal.client.connection.ClientSession;
import dev.heddle.http.internal.client.connection.Dialer;
import dev.heddle.http.internal.client.connection.ExchangeFinder;
import dev.heddle.http.internal.client.connection.HttpTunnel;
import dev.heddle.http.internal.codec.ClientUrl;
import dev.heddle.io.ByteStream;
import dev.heddle.io.TlsException;
import dev.heddle.net.ConnectFailedException;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;

/**
 * A WebSocket in the making: set what is to be sent, then {@link #connect()}.
 *
 * <pre>{@code
 * WebSocket socket = http.webSocket("wss://example.org/chat")
 *         .subprotocols("chat.v2", "chat.v1")
 *         .connect();
 * }</pre>
 *
 * <p>It has a connection of its own, unless {@link #sharingConnection} says otherwise, which the client's bounds do not count
 * and {@link HttpClient#close} does not end. The client's proxies, trust, cookies and HSTS hosts are used; redirects, retries, filters and credentials are not: set an
 * Authorization header.
 *
 * <p>Threads: one task, of the client's loop. To test code that uses it, start an {@link
 * dev.heddle.http.server.HttpServer} on port 0 in the same loop.
 */
public final class WebSocketRequest {

    private final HttpClient client;
    private final ClientUrl url;
    private Headers headers = Headers.EMPTY;
    private WebSocketOptions options = WebSocketOptions.DEFAULT;
    private ClientTimeouts timeouts;
    private boolean inStream;

    WebSocketRequest(HttpClient client, String url) {
        this.client = client;
        this.url = client.url(httpUrl(url));
        this.timeouts = client.settings().call().timeouts();
    }

    /** RFC 6455, section 3; browsers take the schemes of HTTP as well. */
    private static String httpUrl(String url) {
        int colon = url.indexOf(':');
        String scheme = colon < 0 ? "" : url.substring(0, colon).toLowerCase(Locale.ROOT);
        return switch (scheme) {
            case "ws" -> "http" + url.substring(colon);
            case "wss" -> "https" + url.substring(colon);
            default -> url;
        };
    }

    /**
     * Sets a header field of the opening handshake, such as Authorization, Cookie or Origin; a field of this name
     * that was set before goes away.
     *
     * @throws IllegalArgumentException if the name or value is malformed, or the field is one that the client sets
     *     itself
     */
    public WebSocketRequest header(String name, String value) {
        Http1RequestHead.checkField(name);
        if (name.toLowerCase(Locale.ROOT).startsWith("sec-websocket-")) {
            throw new IllegalArgumentException(name + " is set by the client itself");
        }
        headers = headers.with(name, value);
        return this;
    }

    /** Sets limits and choices; {@link WebSocketOptions#DEFAULT} without. */
    public WebSocketRequest options(WebSocketOptions options) {
        this.options = Objects.requireNonNull(options);
        return this;
    }

    /** Offers these subprotocols, the best first; the server picks one or none, see {@link WebSocket#subprotocol}. */
    public WebSocketRequest subprotocols(String... names) {
        options = options.withSubprotocols(names);
        return this;
    }

    /**
     * The time for the opening handshake with all that comes before it; {@link ClientTimeouts#total()} of the client
     * without.
     */
    public WebSocketRequest timeout(Duration total) {
        timeouts = timeouts.withTotal(total);
        return this;
    }

    /**
     * Asks for it as a stream of the HTTP/2 connection that the client's requests to this server share (RFC 8441), so
     * that many WebSockets need one connection; where they go by HTTP/3, of that one (RFC 9220). It takes the place of
     * one request there; each has its own windows, so one whose messages nobody receives holds up no other. If that
     * connection is lost, all of its WebSockets are.
     *
     * <p>A server that speaks neither, or allows no WebSockets over it, gets a connection of HTTP/1.1 as without this.
     */
    public WebSocketRequest sharingConnection() {
        inStream = true;
        return this;
    }

    /**
     * Connects and waits for the server's consent.
     *
     * <p>Cancellation: a cancelled call leaves no connection; {@linkplain #sharingConnection on a shared one} it has reset its
     * stream, and the shared connection lives on.
     *
     * @return the open socket, which the caller closes
     * @throws ConnectFailedException if no connection can be made
     * @throws TlsException if TLS cannot be agreed on or the server is not who it must be
     * @throws ReplyStatusException if the server answers with anything but 101, or a 2xx on a stream
     * @throws BadReplyException if its consent is none: a wrong proof, or what was not offered
     * @throws BrokenException if the connection is lost
     * @throws DeadlineExceededException when the time is over, naming what did not come
     * @throws ClosedException if the client is closed
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public WebSocket connect() {
        FailedRequest what = failed();
        ClientLoop loop = client.here(what);
        var call = new CallContext(client.settings(), client.settings().call(), loop,
                new CallDeadline(timeouts, loop.loop()), RequestTrace.NONE);
        try {
            return call.deadline().within(Phase.CONNECT, what, scope -> open(call, scope, what));
        } catch (HeddleException e) {
            throw ClientErrors.namedOnce(what, e);
        }
    }

    private WebSocket open(CallContext call, CancelScope scope, FailedRequest what) {
        RequestHop hop = new RequestHop("GET", url, headers, ClientBody.NONE).securedBy(call.client().hsts());
        ClientUrl.Origin origin = hop.url().origin();
        ClientRoute route = call.options().proxies().routeTo(origin, call.client().addresses() != null);
        if (inStream) {
            ClientSession session = ExchangeFinder.session(hop, call, route, scope);
            WebSocket opened = session == null
                    ? null
                    : new ClientWebSocketHandshake(call, hop, options, what).runIn(session);
            if (opened != null) {
                return opened;
            }
        }
        ByteStream stream = Dialer.connect(call, route, false);
        return ClientWebSocketConnection.open(call, hop, stream, () -> {
            ProxyServer proxy = route.plainProxy();
            if (proxy != null) {
                // Only a tunnel carries what is no HTTP: RFC 6455, section 4.1.
                call.deadline().enter(Phase.PROXY);
                HttpTunnel.open(stream, proxy, origin, call.options().limits());
            }
            return new ClientWebSocketHandshake(call, hop, options, what).run(stream);
        });
    }

    /** How failures name it. */
    private FailedRequest failed() {
        return new FailedRequest("WebSocket", url.forLog());
    }

    /** The URL, without what may be secret. */
    @Override
    public String toString() {
        return failed().toString();
    }
}
