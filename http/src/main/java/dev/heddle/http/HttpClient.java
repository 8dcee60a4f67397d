package dev.heddle.http;

import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.net.ClientTls;
import dev.heddle.net.Tcp;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 client whose calls return when the answer is there.
 *
 * <pre>{@code
 * try (var http = HttpClient.create()) {
 *     String page = http.get("https://example.org/").text();
 * }
 * }</pre>
 *
 * <p>Make one and share it: its connections are kept and used again, up to the bounds of {@link ClientLimits}, and its
 * options never change. One deadline, {@link ClientTimeouts#total()} or {@link ClientRequest#timeout}, covers a request from
 * the wait for a connection to the last byte of the reply; a {@code timeout} scope around it works as well.
 *
 * <p>URLs are http or https and strict (RFC 3986). User information in a URL is refused: use {@link
 * ClientRequest#basicAuth}. A fragment is not sent. International host names are sent in their ASCII form. There are no
 * proxies, no cookie store and no password files: a request says what it sends.
 *
 * <p>Https servers must show a certificate that the {@link ClientTls} trusts and that names the host. That belongs to the client as
 * a whole, so a connection that was made without a check can never serve a request that wants one.
 *
 * <p>Threads: tasks of one loop, that of the first request; when that loop has ended, the next one may use it.
 *
 * <p>Cancellation: a cancelled call leaves no connection half used.
 *
 * <p>To test code that uses a client, start an {@link HttpServer} on port 0 in the same loop.
 */
public final class HttpClient implements AutoCloseable {

    /** Bytes of a write buffer: a head and a small body. */
    private static final int BUFFER_BYTES = 4 * 1024;

    private static final int FREE_BUFFERS = 64;

    private final ClientLimits limits;
    private final ClientTimeouts timeouts;
    private final boolean followRedirects;
    private final boolean decodeBodies;
    private final ClientHead head;
    private final ClientConnector connector;
    private final HttpsConnector tls;
    private final BufferStack buffers = new BufferStack(BUFFER_BYTES, FREE_BUFFERS);
    private @Nullable Pool pool;
    private boolean closed;

    private HttpClient(Builder builder) {
        this.limits = builder.limits;
        this.timeouts = builder.timeouts;
        this.followRedirects = builder.followRedirects;
        this.decodeBodies = builder.decodeBodies;
        this.connector = builder.connector;
        this.tls = new HttpsConnector(builder.tls);
        Headers defaults = Headers.of("User-Agent", builder.userAgent, "Accept", "*/*");
        this.head = new ClientHead(decodeBodies ? defaults.with("Accept-Encoding", "gzip, deflate") : defaults);
    }

    /** A client with all defaults. */
    public static HttpClient create() {
        return builder().build();
    }

    /** Options for a client; those not set keep their defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Sends a GET request and waits for the head of the reply.
     *
     * <p>Errors and cancellation are those of {@link ClientRequest#send()}.
     *
     * @param url an absolute http or https URL
     * @return the reply, to be read to its end or closed
     * @throws IllegalArgumentException if the URL is not strictly valid
     */
    public Reply get(String url) {
        return request("GET", url).send();
    }

    /**
     * Begins a request.
     *
     * @param method a token such as POST, sent as it is
     * @param url an absolute http or https URL
     * @throws IllegalArgumentException if the method or URL is not valid
     */
    public ClientRequest request(String method, String url) {
        return new ClientRequest(this, method, url);
    }

    /** What its connections do now. */
    public ClientStatistics statistics() {
        Pool current = pool;
        return current == null ? new ClientStatistics(0, 0, 0, 0, 0) : current.statistics();
    }

    /**
     * Closes idle connections and refuses new requests; those that wait for a connection get a {@link ClosedException}.
     * Replies that are being read may be read to their end. Never waits; does nothing the second time.
     */
    @Override
    public void close() {
        closed = true;
        if (pool != null) {
            pool.close();
        }
    }

    Reply send(ClientHop hop, ClientTimeouts times, boolean follow, boolean expectContinue) {
        return new ClientCall(this, pool(), hop, new ClientClock(times), follow, expectContinue).run();
    }

    ClientLimits limits() {
        return limits;
    }

    ClientTimeouts timeouts() {
        return timeouts;
    }

    boolean followsRedirects() {
        return followRedirects;
    }

    boolean decodes() {
        return decodeBodies;
    }

    ClientHead head() {
        return head;
    }

    ClientConnector connector() {
        return connector;
    }

    HttpsConnector tls() {
        return tls;
    }

    BufferStack buffers() {
        return buffers;
    }

    private Pool pool() {
        if (closed) {
            throw new ClosedException("the HTTP client is closed");
        }
        Loop loop = Heddle.currentLoop();
        Pool current = pool;
        if (current == null || (current.loop() != loop && (current.isUnused() || current.loop().isClosed()))) {
            current = new Pool(limits, timeouts.idle(), loop);
            pool = current;
        } else if (current.loop() != loop) {
            throw new IllegalStateException(
                    "this HTTP client is used by " + current.loop().name() + "; make another one for " + loop.name());
        }
        return current;
    }

    @Override
    public String toString() {
        return "HttpClient[" + (closed ? "closed" : statistics()) + "]";
    }

    /** Collects the options of a client. For one task or thread. */
    public static final class Builder {

        private ClientLimits limits = ClientLimits.DEFAULT;
        private ClientTimeouts timeouts = ClientTimeouts.DEFAULT;
        private String userAgent = "heddle";
        private boolean followRedirects = true;
        private boolean decodeBodies = true;
        private ClientConnector connector = Tcp::connect;
        private ClientTls tls = ClientTls.DEFAULT;

        private Builder() {}

        /** How much it uses and accepts. */
        public Builder limits(ClientLimits limits) {
            this.limits = limits;
            return this;
        }

        /** How long it waits. */
        public Builder timeouts(ClientTimeouts timeouts) {
            this.timeouts = timeouts;
            return this;
        }

        /** The User-Agent field; {@code heddle} by default. */
        public Builder userAgent(String userAgent) {
            FieldSyntax.checkValue("User-Agent", userAgent);
            this.userAgent = userAgent;
            return this;
        }

        /** Whether redirects are followed, as they are by default, or given to the caller like any reply. */
        public Builder followRedirects(boolean follow) {
            this.followRedirects = follow;
            return this;
        }

        /** Whether to ask for gzip and deflate and decode them, as by default. */
        public Builder decodeBodies(boolean decode) {
            this.decodeBodies = decode;
            return this;
        }

        /** Whom to trust, what certificate to show and what to offer; {@link ClientTls#DEFAULT} by default. */
        public Builder tls(ClientTls tls) {
            this.tls = tls;
            return this;
        }

        /** Takes trust and certificate from a context of the JDK, as {@link ClientTls#of}. */
        public Builder tls(SSLContext context) {
            return tls(ClientTls.of(context));
        }

        /** Where connections come from; for tests. */
        Builder connector(ClientConnector connector) {
            this.connector = connector;
            return this;
        }

        /** Makes the client; it opens nothing yet. */
        public HttpClient build() {
            // The first one loads the parser's tables, which takes long enough to be felt on a loop.
            var _ = new ReplyParser(limits);
            return new HttpClient(this);
        }
    }
}
