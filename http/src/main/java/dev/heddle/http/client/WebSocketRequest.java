package dev.heddle.http.client;

import dev.heddle.BrokenException;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.DeadlineExceededException;
import dev.heddle.http.BadReplyException;
import dev.heddle.http.Headers;
import dev.heddle.http.WebSocket;
import dev.heddle.http.WebSocketOptions;
import dev.heddle.http.client.CallDeadline.Phase;
import dev.heddle.http.internal.codec.ClientUrl;
import dev.heddle.http.internal.codec.ReplyHead;
import dev.heddle.http.internal.codec.ReplyParser;
import dev.heddle.http.internal.codec.RequestHead;
import dev.heddle.http.internal.syntax.FieldSyntax;
import dev.heddle.http.internal.websocket.DeflateTerms;
import dev.heddle.http.internal.websocket.RealWebSocket;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.WebSocketHandshake;
import dev.heddle.io.ByteStream;
import dev.heddle.io.TlsException;
import dev.heddle.net.ConnectFailedException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket in the making: set what is to be sent, then {@link #connect()}.
 *
 * <pre>{@code
 * WebSocket socket = http.webSocket("wss://example.org/chat")
 *         .subprotocols("chat.v2", "chat.v1")
 *         .connect();
 * }</pre>
 *
 * <p>It has a connection of its own, which the client's bounds do not count and {@link HttpClient#close} does not end. The client's
 * proxies, trust and cookies are used; redirects, retries, filters and credentials are not: set an Authorization header.
 *
 * <p>Threads: one task, of the client's loop. To test code that uses it, start an {@link HttpServer} on port 0 in the same loop.
 */
public final class WebSocketRequest {

    private final HttpClient client;
    private final ClientUrl url;
    private Headers headers = Headers.EMPTY;
    private WebSocketOptions options = WebSocketOptions.DEFAULT;
    private ClientTimeouts timeouts;

    WebSocketRequest(HttpClient client, String url) {
        this.client = client;
        this.url = client.settings().resolve(httpUrl(url));
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
     * Sets a header field of the opening handshake, such as Authorization, Cookie or Origin; a field of this name that was set before
     * goes away.
     *
     * @throws IllegalArgumentException if the name or value is malformed, or the field is one that the client sets itself
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

    /** The time for the opening handshake with all that comes before it; {@link ClientTimeouts#total()} of the client without. */
    public WebSocketRequest timeout(Duration total) {
        timeouts = timeouts.withTotal(total);
        return this;
    }

    /**
     * Connects and waits for the server's consent.
     *
     * <p>Cancellation: a cancelled call leaves no connection.
     *
     * @return the open socket, which the caller closes
     * @throws ConnectFailedException if no connection can be made
     * @throws TlsException if TLS cannot be agreed on or the server is not who it must be
     * @throws ReplyStatusException if the server answers with anything but 101
     * @throws BadReplyException if its consent is none: a wrong proof, or what was not offered
     * @throws BrokenException if the connection is lost
     * @throws DeadlineExceededException when the time is over, naming what did not come
     * @throws ClosedException if the client is closed
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public WebSocket connect() {
        client.checkOpen();
        ClientOptions settings = client.settings();
        var clock = new CallDeadline(timeouts);
        return clock.within(Phase.CONNECT, this, scope -> {
            ClientRoute route = settings.call().proxies().routeTo(url.origin());
            ByteStream stream = Dialer.connect(settings, route, false, clock, RequestTrace.NONE);
            boolean open = false;
            try {
                Proxy proxy = route.plainProxy();
                if (proxy != null) {
                    // Only a tunnel carries what is no HTTP: RFC 6455, section 4.1.
                    clock.enter(Phase.PROXY);
                    HttpTunnel.open(stream, proxy, url.origin(), settings.call().limits());
                }
                WebSocket socket = shakeHands(stream, clock);
                open = true;
                return socket;
            } finally {
                if (!open) {
                    stream.abort();
                }
            }
        });
    }

    private WebSocket shakeHands(ByteStream stream, CallDeadline clock) {
        String key = WebSocketHandshake.newKey();
        clock.enter(Phase.SEND);
        var hop = new RequestHop("GET", url, fields(key), ClientBody.NONE);
        Http1RequestHead writer = client.settings().head(false);
        ByteBuffer head = ByteBuffer.allocate(writer.room(hop));
        writer.write(head, hop, false);
        stream.write(head.flip());
        clock.enter(Phase.HEAD);
        ReplyHead answer = answer(stream, clock);
        Headers replied = answer.headers();
        CookieJar jar = client.settings().cookies();
        if (jar != null) {
            jar.store(url, replied.all("Set-Cookie"));
        }
        if (answer.status() != 101) {
            throw new ReplyStatusException(
                    this + " -> " + answer.status() + " " + FieldSyntax.printable(answer.reason())
                            + ": the server opens no WebSocket here",
                    answer.status());
        }
        check(RequestHead.listHas(replied, "Upgrade", "websocket")
                && RequestHead.listHas(replied, "Connection", "Upgrade"), "a switch to something else");
        check(replied.count("Sec-WebSocket-Accept") == 1
                && WebSocketHandshake.acceptFor(key).equals(replied.first("Sec-WebSocket-Accept")),
                "a wrong proof in Sec-WebSocket-Accept");
        List<String> chosen = replied.all("Sec-WebSocket-Protocol");
        check(chosen.isEmpty() || (chosen.size() == 1 && options.subprotocols().contains(chosen.getFirst())),
                "a subprotocol that was not offered");
        return new RealWebSocket(stream, true, options, terms(replied), chosen.isEmpty() ? null : chosen.getFirst());
    }

    private Headers fields(String key) {
        Headers fields = headers
                .with("Upgrade", "websocket")
                .with("Connection", "Upgrade")
                .with("Sec-WebSocket-Version", WebSocketHandshake.VERSION)
                .with("Sec-WebSocket-Key", key);
        CookieJar jar = client.settings().cookies();
        if (jar != null && !headers.contains("Cookie")) {
            String cookies = jar.header(url);
            fields = cookies.isEmpty() ? fields : fields.with("Cookie", cookies);
        }
        if (!options.subprotocols().isEmpty()) {
            fields = fields.with("Sec-WebSocket-Protocol", String.join(", ", options.subprotocols()));
        }
        return options.compression() ? fields.with(DeflateTerms.FIELD, DeflateTerms.offer(options)) : fields;
    }

    private ReplyHead answer(ByteStream stream, CallDeadline clock) {
        var parser = new ReplyParser(client.settings().call().limits());
        for (int interims = 0;; interims++) {
            if (interims > client.settings().call().limits().maxInterimResponses()) {
                throw bad(
                        "more than " + client.settings().call().limits().maxInterimResponses() + " interim responses");
            }
            parser.start(false);
            ByteBuffer bytes;
            do {
                bytes = stream.fill();
                if (!bytes.hasRemaining()) {
                    throw new BrokenException(this + ": the server closed the connection instead of an answer");
                }
                clock.progress();
            } while (!parser.parseHead(bytes));
            if (parser.status() >= 200 || parser.status() == 101) {
                return parser.head();
            }
        }
    }

    private @Nullable DeflateTerms terms(Headers replied) {
        try {
            return DeflateTerms.agreed(replied.all(DeflateTerms.FIELD), options);
        } catch (IllegalArgumentException e) {
            throw bad(e.getMessage());
        }
    }

    private void check(boolean good, String otherwise) {
        if (!good) {
            throw bad(otherwise);
        }
    }

    private BadReplyException bad(@Nullable String what) {
        return new BadReplyException(this + ": the server answered with " + what);
    }

    /** The URL, without what may be secret. */
    @Override
    public String toString() {
        return "WebSocket " + url.forLog();
    }
}
