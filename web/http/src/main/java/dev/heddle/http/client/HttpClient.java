package dev.heddle.http.client;

import dev.heddle.ClosedException;
import dev.heddle.http.DigestMismatchException;
import dev.heddle.http.Headers;
import dev.heddle.http.Http2Limits;
import dev.heddle.http.JsonCodec;
import dev.heddle.http.internal.client.call.Alternatives;
import dev.heddle.http.internal.client.call.CallOptions;
import dev.heddle.http.internal.client.call.ClientErrors;
import dev.heddle.http.internal.client.call.ClientOptions;
import dev.heddle.http.internal.client.call.ContentDecoders;
import dev.heddle.http.internal.client.call.Http1RequestHead;
import dev.heddle.http.internal.client.call.Http2Choice;
import dev.heddle.http.internal.client.call.HttpsConnector;
import dev.heddle.http.internal.client.call.Tracers;
import dev.heddle.http.internal.client.connection.ClientLoop;
import dev.heddle.http.internal.client.connection.Http3Client;
import dev.heddle.http.internal.codec.ClientUrl;
import dev.heddle.http.internal.codec.ClientUrl.Origin;
import dev.heddle.http.internal.codec.RetryBudget;
import dev.heddle.net.ConnectOptions;
import dev.heddle.net.Tcp;
import dev.heddle.net.Unix;
import dev.heddle.tls.ClientTls;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A client of HTTP/1.1 and HTTP/2 whose calls return when the answer is there.
 *
 * <pre>{@code
 * try (var http = HttpClient.create()) {
 *     String page = http.get("https://example.org/").text();
 * }
 * }</pre>
 *
 * <p>Make one and share it: its connections are kept and used again, up to the bounds of {@link ClientLimits}, and its
 * options never change. One deadline, {@link ClientTimeouts#total()} or {@link ClientRequest#timeout}, covers a request
 * from the wait for a connection to the last byte of the reply; a {@code timeout} scope around it works as well.
 *
 * <p>URLs are http or https and strict (RFC 3986). User information in a URL is refused: use {@link
 * ClientRequest#basicAuth}. A fragment is not sent. International host names are sent in their ASCII form. Proxies,
 * cookies, retries and credentials are used when they are asked for, never because of the environment or a file.
 *
 * <p>All verbs send: {@link #get(String)}, {@link #post(String, Object)} and so on. {@link #request(String, String)}
 * begins a {@link ClientRequest}, for all else that a request may have. {@link Http} has the same verbs without a client.
 *
 * <p>An https server that offers HTTP/2 gets it: requests to one origin then share a connection, also those that were
 * waiting while it was made. Http servers get HTTP/1.1, unless {@link Builder#http2PriorKnowledge()} says better;
 * WebSockets always do. Over HTTP/1.1 a connection carries one request at a time, never several behind each other (RFC
 * 9112, section 9.3.2): one that is slow would hold up the others, and where it breaks nobody knows which were done.
 *
 * <p>Https servers must show a certificate that the {@link ClientTls} trusts and that names the host. That belongs to
 * the client as a whole, so a connection that was made without a check can never serve a request that wants one.
 *
 * <p>Threads: tasks of any loop, any number at a time. Each loop has connections of its own, so the bounds of {@link
 * ClientLimits} count for each; a reply belongs to the loop that asked. Closing and statistics are for any thread.
 *
 * <p>Cancellation: a cancelled call leaves no connection half used.
 *
 * <p>To test code that uses a client, start an {@link dev.heddle.http.server.HttpServer} on port 0 in the same loop.
 */
public final class HttpClient implements AutoCloseable {

    private final ClientOptions options;
    private final ClientLoops loops;

    /** The way of each request: the filters of users, and what is behind them. */
    private final ClientFilter.Next chain;

    /** The origin that was asked last, and is mostly asked next. Seen by any thread as some of them has left it. */
    private @Nullable ClientUrl last;

    private HttpClient(ClientOptions options, ClientFilter.Next chain) {
        this.options = options;
        this.chain = chain;
        this.loops = new ClientLoops(options);
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
     * @param url an http or https URL, absolute unless the client has a base
     * @return the reply, to be read to its end or closed
     * @throws IllegalArgumentException if the URL is not strictly valid
     */
    public Reply get(String url) {
        return request("GET", url).send();
    }

    /** Sends a GET request, as {@link #get(String)}. */
    public Reply get(URI url) {
        return get(url.toString());
    }

    /** Sends a HEAD request, as {@link #get(String)}; the reply has no body. */
    public Reply head(String url) {
        return request("HEAD", url).send();
    }

    /** Sends a DELETE request, as {@link #get(String)}. */
    public Reply delete(String url) {
        return request("DELETE", url).send();
    }

    /** Sends an OPTIONS request, as {@link #get(String)}. */
    public Reply options(String url) {
        return request("OPTIONS", url).send();
    }

    /**
     * Sends a POST request with a body, as {@link #get(String)}: a {@code String} as plain text, a {@code byte[]} and an
     * {@code InputStream} as they are, and anything else as JSON. All else that a request may have, forms and files
     * among it, {@link #request(String, String)} takes.
     *
     * @throws IllegalArgumentException if the URL is not strictly valid, or the value has no form in JSON
     * @throws IllegalStateException if the body is a value, and the client has no codec for JSON
     */
    public Reply post(String url, Object body) {
        return request("POST", url).of(body).send();
    }

    /**
     * Sends a QUERY request (RFC 10008), as {@link #post(String, Object)}: a question whose words are the body. It changes
     * nothing, so it is repeated as a GET is, and follows redirects with its body.
     */
    public Reply query(String url, Object body) {
        return request("QUERY", url).of(body).send();
    }

    /** Sends a PUT request with a body, as {@link #post(String, Object)}. */
    public Reply put(String url, Object body) {
        return request("PUT", url).of(body).send();
    }

    /** Sends a PATCH request with a body, as {@link #post(String, Object)}. */
    public Reply patch(String url, Object body) {
        return request("PATCH", url).of(body).send();
    }

    /**
     * Begins a request.
     *
     * @param method a token such as POST, sent as it is
     * @param url an http or https URL, absolute unless the client has a base
     * @throws IllegalArgumentException if the method or URL is not valid
     */
    public ClientRequest request(String method, String url) {
        return new ClientRequest(this, method, url);
    }

    /** Begins a request, as {@link #request(String, String)}. */
    public ClientRequest request(String method, URI url) {
        return request(method, url.toString());
    }

    /**
     * Begins a WebSocket.
     *
     * @param url an absolute ws or wss URL
     * @throws IllegalArgumentException if the URL is not valid
     */
    public WebSocketRequest webSocket(String url) {
        return new WebSocketRequest(this, url);
    }

    /** What its connections do now, on all loops together. Any thread. */
    public ClientStatistics statistics() {
        return loops.statistics();
    }

    /**
     * The same for each scheme, host and port that has connections or requests waiting for one; what was opened and
     * reused counts from when there was none. Any thread.
     */
    public Map<URI, ClientStatistics> statisticsByOrigin() {
        return Collections.unmodifiableMap(loops.statisticsByOrigin());
    }

    /**
     * Closes idle connections and refuses new requests; those that wait for a connection get a {@link ClosedException}.
     * Replies that are being read may be read to their end. Never waits; does nothing the second time. Any thread; what
     * other loops hold is closed there, a moment later.
     */
    @Override
    public void close() {
        loops.close();
    }

    /**
     * The part of the calling task's loop.
     *
     * @param what the request, or its name, for the failure
     * @throws ClosedException if the client is closed
     */
    ClientLoop here(Object what) {
        try {
            return loops.here();
        } catch (ClosedException e) {
            throw ClientErrors.about(what, e);
        }
    }

    ClientFilter.Next chain() {
        return chain;
    }

    ClientOptions settings() {
        return options;
    }

    /** The URL that a text is; errors are those of {@link #request(String, String)}. */
    ClientUrl url(String text) {
        ClientUrl before = last;
        ClientUrl url = options.resolve(text, before);
        if (before == null || !before.origin().equals(url.origin())) {
            last = new ClientUrl(url.origin(), "/", url.hostField());
        }
        return url;
    }

    @Override
    public String toString() {
        return "HttpClient[" + (loops.isClosed() ? "closed" : statistics()) + "]";
    }

    /** Collects the options of a client. For one task or thread. */
    public static final class Builder {

        /** The clock of the request bounds connecting, and says what it was part of. */
        private static final ConnectOptions CONNECT = ConnectOptions.DEFAULT.withTimeout(Duration.ofDays(1));

        private CallOptions call = CallOptions.DEFAULT;
        private Headers headers = Headers.of("User-Agent", "heddle", "Accept", "*/*");
        private @Nullable Connector connector;
        private @Nullable AddressRules addresses;
        private boolean directOnly;
        private boolean http3;
        private ClientTls tls = ClientTls.DEFAULT;
        private Http2Choice http2 = Http2Choice.DEFAULT;
        private @Nullable JsonCodec json;
        private @Nullable ClientUrl base;
        private final Map<Origin, Auth> auths = new HashMap<>();
        private @Nullable Netrc netrc;
        private @Nullable CookieJar cookies;
        private @Nullable HstsHosts hsts;
        private @Nullable HttpCache cache;
        private @Nullable PerHostLimiter throttle;
        private final List<ClientFilter> filters = new ArrayList<>();
        private final List<RequestTracer> tracers = new ArrayList<>();
        private final List<ContentDecoder> decoders = new ArrayList<>();
        private boolean digests;

        private Builder() {}

        /**
         * Guards bodies with digests (RFC 9530), from end to end: a request whose body is in memory gets a {@code
         * Content-Digest}, and all ask for one of the reply. A reply that names one, or a {@code Repr-Digest} of a whole
         * body, is checked, in its coding and trailers included: by {@link ClientRequest#send}, or by the read that ends
         * the body, which throws a {@link DigestMismatchException}. Algorithms other than {@code sha-256} and {@code
         * sha-512} are ignored. Such a failure is not tried again. What an {@link HttpCache} keeps was checked when it
         * came. Off by default.
         */
        public Builder contentDigests() {
            digests = true;
            return this;
        }

        /** How much it uses and accepts. */
        public Builder limits(ClientLimits limits) {
            call = call.withLimits(limits);
            return this;
        }

        /** How long it waits. */
        public Builder timeouts(ClientTimeouts timeouts) {
            call = call.withTimeouts(timeouts);
            return this;
        }

        /** The User-Agent field; {@code heddle} by default. */
        public Builder userAgent(String userAgent) {
            return header("User-Agent", userAgent);
        }

        /**
         * A field of every request that does not set it itself. It goes to every server that is asked, redirects
         * included, so credentials are refused here: set them with {@link #auth}, cookies with {@link #cookies}.
         *
         * @throws IllegalArgumentException if the field is not well formed, set by the client itself, or a credential
         */
        public Builder header(String name, String value) {
            Http1RequestHead.checkDefault(name);
            headers = headers.with(name, value);
            return this;
        }

        /**
         * What URLs without a scheme are resolved against (RFC 3986, section 5): with the base {@code https://h/api/},
         * {@code users} means {@code https://h/api/users} and {@code /users} means {@code https://h/users}. Absolute
         * URLs stay as they are.
         */
        public Builder baseUrl(String url) {
            base = ClientUrl.parse(url);
            return this;
        }

        /**
         * How to answer for one origin: scheme, host and port of this URL. No other server ever gets these credentials,
         * not even by a redirect.
         */
        public Builder auth(String url, Auth auth) {
            auths.put(ClientUrl.parse(url).origin(), Objects.requireNonNull(auth));
            return this;
        }

        /**
         * Takes names and passwords from a netrc file, for hosts that {@link #auth} says nothing of; never by default.
         * {@link Netrc} says where they go.
         */
        public Builder netrc(Netrc file) {
            netrc = Objects.requireNonNull(file);
            return this;
        }

        /** Keeps cookies and sends them back; off by default. Several clients may share a jar. */
        public Builder cookies(CookieJar jar) {
            cookies = Objects.requireNonNull(jar);
            return this;
        }

        /**
         * Keeps to https with hosts that have asked for it (RFC 6797): their http and ws URLs, in redirects too, are
         * asked by https and wss. Off by default. Several clients may share the hosts.
         */
        public Builder hsts(HstsHosts hosts) {
            hsts = Objects.requireNonNull(hosts);
            return this;
        }

        /**
         * Keeps replies, and answers by them what servers allow to be answered so (RFC 9111). Off by default. Several
         * clients may share a cache if the same URL is the same server for them.
         */
        public Builder cache(HttpCache cache) {
            this.cache = Objects.requireNonNull(cache);
            return this;
        }

        /**
         * Asks each host only so often and so much at once; by default nothing but {@link ClientLimits} bounds that.
         * Several clients may share a throttle.
         */
        public Builder throttle(PerHostLimiter throttle) {
            this.throttle = Objects.requireNonNull(throttle);
            return this;
        }

        /** Sends everything through this proxy but what goes to this machine itself. */
        public Builder proxy(Proxy proxy) {
            return proxy(ProxySettings.of(proxy));
        }

        /** Which requests go through which proxy; none by default, whatever the environment says. */
        public Builder proxy(ProxySettings settings) {
            call = call.withProxies(settings.rules());
            return this;
        }

        /**
         * Connects to a Unix socket whatever host the URLs name; the Host field, and TLS, still have that name. A
         * {@link #connector} may choose by the host.
         *
         * @throws IllegalArgumentException if the path is too long
         */
        public Builder unixSocket(Path path) {
            Objects.requireNonNull(path);
            connector = (host, port) -> Unix.connect(path);
            directOnly = true;
            return this;
        }

        /** When requests are tried again; never by default, but for a kept connection that turns out to be closed. */
        public Builder retries(RetryPolicy policy) {
            call = call.withRetries(Objects.requireNonNull(policy));
            return this;
        }

        /** Puts a filter around each request, inside those that were added before. */
        public Builder filter(ClientFilter filter) {
            filters.add(Objects.requireNonNull(filter));
            return this;
        }

        /** Tells someone what requests do. */
        public Builder tracer(RequestTracer tracer) {
            tracers.add(Objects.requireNonNull(tracer));
            return this;
        }

        /** Decodes one more coding of bodies; besides, those that {@link java.util.ServiceLoader} finds are used. */
        public Builder decoder(ContentDecoder decoder) {
            decoders.add(Objects.requireNonNull(decoder));
            return this;
        }

        /** Whether redirects are followed, as they are by default, or given to the caller like any reply. */
        public Builder followRedirects(boolean follow) {
            call = call.withFollow(follow);
            return this;
        }

        /** Whether to ask for gzip and deflate and decode them, as by default. */
        public Builder decodeBodies(boolean decode) {
            call = call.withDecode(decode);
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

        /**
         * Speaks HTTP/2 with https servers that offer it, as by default, within these limits: {@link
         * Http2Limits#maxStreams()} is the most requests of a connection at once, if the server allows as many. By
         * default 1,000, with windows of 1 MiB for a stream and 1 GiB for the connection.
         */
        public Builder http2(Http2Limits limits) {
            http2 = new Http2Choice(Objects.requireNonNull(limits), http2.priorKnowledge());
            return this;
        }

        /** Speaks HTTP/1.1 only. */
        public Builder http1Only() {
            http2 = new Http2Choice(null, false);
            return this;
        }

        /**
         * Speaks HTTP/2 with http servers too, which must know it (RFC 9113, section 3.3). Those behind a proxy of http
         * get HTTP/1.1.
         */
        public Builder http2PriorKnowledge() {
            Http2Limits limits = http2.limits();
            http2 = new Http2Choice(limits == null ? Http2Choice.DEFAULT_LIMITS : limits, true);
            return this;
        }

        /**
         * Speaks HTTP/3 (RFC 9114) with https servers that say where they do: in DNS (HTTPS records, RFC 9460), from the
         * first connection on, or by {@code Alt-Svc} (RFC 7838), from the next. Experimental. DNS is asked while the
         * addresses are looked up, by a loop's own resolver only, and is not waited for behind them. HTTP/3 has a head
         * start over TCP of 300 ms, or less where it is known how long it takes; then the first that is ready wins, and
         * the other is cancelled. Where TCP wins twice in a row, as behind a firewall
         * that lets no UDP through, or HTTP/3 fails for a reason, it is left alone for ten seconds, and for twice as long
         * each time, up to five minutes. Requests through proxies go by TCP, and so do WebSockets without
         * {@link WebSocketRequest#sharingConnection}. A later connection resumes
         * the session of TLS of an earlier one. It needs the artifact {@code heddle-http3}.
         */
        public Builder http3() {
            http3 = true;
            return this;
        }

        /**
         * Reads and writes JSON with this codec; without, with the first that {@link java.util.ServiceLoader} finds.
         */
        public Builder json(JsonCodec codec) {
            this.json = Objects.requireNonNull(codec);
            return this;
        }

        /**
         * Makes connections in another way than by TCP; instead of a {@link #unixSocket} that was set before. {@link
         * Connector} says what it must keep to.
         */
        public Builder connector(Connector connector) {
            this.connector = Objects.requireNonNull(connector);
            directOnly = false;
            return this;
        }

        /**
         * Connects to addresses that these rules allow, and to no others; to any by default. For programs that fetch
         * URLs of strangers: {@link AddressRules#PUBLIC}.
         */
        public Builder addresses(AddressRules rules) {
            addresses = Objects.requireNonNull(rules);
            return this;
        }

        /**
         * Makes the client; it opens nothing yet. With HTTP/3 a task waits until its library is loaded.
         *
         * @throws IllegalStateException if it shall use a Unix socket and proxies, or have rules for addresses or HTTP/3
         *     and make its connections in a way of its own; or if HTTP/3 cannot do what its TLS is to
         * @throws UnsupportedOperationException if HTTP/3 is asked for and not there
         */
        public HttpClient build() {
            if (directOnly && !call.proxies().isNone()) {
                throw new IllegalStateException("a client of a Unix socket has no proxies");
            }
            if (connector != null && addresses != null) {
                throw new IllegalStateException("what a connector of one's own connects to, no rules can check");
            }
            if (http3 && (connector != null || directOnly)) {
                throw new IllegalStateException("HTTP/3 makes its connections in a way of its own");
            }
            if (http3) {
                // Or they say what is in the way.
                Http3Client.require();
                tls.soleTrust();
            }
            var known = ContentDecoders.with(decoders);
            return new HttpClient(new ClientOptions(
                    call.withDecode(call.decode() && !headers.contains("Accept-Encoding")),
                    base,
                    new Http1RequestHead(headers),
                    new Http1RequestHead(headers.with("Accept-Encoding", known.accepted())),
                    connector == null ? tcp(CONNECT) : connector,
                    connector == null ? tcp(direct()) : connector,
                    addresses,
                    directOnly,
                    new HttpsConnector(tls),
                    http2,
                    http3 ? new Alternatives() : null,
                    Map.copyOf(auths),
                    netrc == null ? null : netrc::authFor,
                    cookies == null ? null : cookies.cookies(),
                    hsts == null ? null : hsts.hosts(),
                    cache == null ? null : cache.replies(),
                    throttle == null ? null : throttle.turns(),
                    new RetryBudget(),
                    new Tracers(tracers),
                    known,
                    digests,
                    json), FilterChain.of(List.copyOf(filters)));
        }

        private ConnectOptions direct() {
            return addresses == null ? CONNECT : CONNECT.withAddresses(addresses::allows);
        }

        private static Connector tcp(ConnectOptions how) {
            return (host, port) -> Tcp.connect(host, port, how);
        }
    }
}
