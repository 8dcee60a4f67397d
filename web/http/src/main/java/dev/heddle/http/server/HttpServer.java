package dev.heddle.http.server;

import dev.heddle.Action;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.Waiter;
import dev.heddle.engine.ListenOptions;
import dev.heddle.http.Http2Limits;
import dev.heddle.http.JsonCodec;
import dev.heddle.http.StatusException;
import dev.heddle.http.WebSocket;
import dev.heddle.http.internal.proxy.TrustedProxies;
import dev.heddle.http.internal.server.ConnectionPreamble;
import dev.heddle.http.internal.server.Http3Port;
import dev.heddle.http.internal.server.Http3Provider;
import dev.heddle.http.internal.server.ServerPorts;
import dev.heddle.http.internal.syntax.FieldSyntax;
import dev.heddle.http.testing.TestClient;
import dev.heddle.internal.CancelOnly;
import dev.heddle.internal.Cancellation;
import dev.heddle.internal.Checks;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Listener;
import dev.heddle.net.ListenerGroup;
import dev.heddle.net.Tcp;
import dev.heddle.net.Unix;
import dev.heddle.net.UnixOptions;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.Tls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A server of HTTP/1.1, HTTP/2 and {@linkplain Builder#http3 HTTP/3} whose handlers are plain methods.
 *
 * <pre>{@code
 * HttpServer server = HttpServer.builder()
 *         .get("/", request -> Response.text("hello"))
 *         .get("/users/{id}", request -> Response.text(request.path("id")))
 *         .files("/static", Path.of("public"))
 *         .start("127.0.0.1", 8080);
 * }</pre>
 *
 * <p>A connection of HTTP/1 has a task, and its handlers run in it one after the other, so responses come in the order
 * of the requests. One of HTTP/2 has a task for each request, named like {@code GET /users/7}; a peer speaks it by ALPN
 * under TLS, or by beginning with its preface on a plain port. Requests that nobody can read in one way only are
 * refused; {@link ServerLimits} bounds the rest.
 *
 * <p>It answers HEAD from GET routes and OPTIONS for every path. It is no proxy: CONNECT gets 501. It switches to no
 * other protocol than {@link WebSocket}; elsewhere an Upgrade field changes nothing, also if it names {@code h2c}.
 *
 * <p>Stopping, in this order: {@link #stop}
 * <ol>
 *   <li>has {@link Builder#readiness} fail, and each response announce the close of its connection, while connections
 *       are still accepted and served, for the {@link Builder#drainDelay}, so that balancers turn away before anything
 *       is refused;
 *   <li>closes the ports, and connections that wait for their next request;
 *   <li>lets requests in flight finish;
 *   <li>cancels the handlers that are left after the grace time;
 *   <li>aborts the connections of those that ignore even that.
 * </ol> When the run ends, as by SIGTERM, all of that is within three quarters of its {@linkplain
 * dev.heddle.Config#shutdownTimeout shutdown timeout}: drain and grace are cut so that the order is kept, and what is
 * left is cancelled before the run is over. A drain delay or a grace that cannot be had is told when the server starts;
 * the default grace takes what is left. A client whose next request crosses the close on its way gets no byte of an
 * answer, by which it knows that it may ask again.
 *
 * <p>Virtual hosts and TLS: see {@link Builder#host}. What proxies say about clients: see {@link Builder#trustProxies}.
 *
 * <p>Threads: a server belongs to the loop of the task that starts it, and lives as long as that task at most. To test
 * a server without a network, ask it through a {@link TestClient}.
 */
public final class HttpServer implements AutoCloseable {

    private enum State {
        NEW,
        RUNNING,
        STOPPING,
        STOPPED
    }

    /** A client of HTTP speaks first, with TLS and in HTTP/2 too. */
    private static final ListenOptions LISTENING = ListenOptions.DEFAULT.withDeferAccept(true);

    private final ServerConfig config;
    private final ServerLimits limits;
    private final @Nullable ServerTls tls;
    private final ConnectionPreamble preamble;
    private State state = State.NEW;
    private @Nullable RunningServer runs;
    private @Nullable ServerPorts ports;
    private @Nullable Waiter stopRequest;

    private HttpServer(ServerConfig config, @Nullable ServerTls tls, ConnectionPreamble preamble) {
        this.tls = tls;
        this.preamble = preamble;
        this.config = config;
        this.limits = config.limits();
    }

    /** Begins to describe a server. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Listens as {@link ListenOptions#DEFAULT} says, but with {@linkplain ListenOptions#deferAccept connections that
     * come with their first bytes}, since a client of HTTP speaks first; as {@link #start(String, int, ListenOptions)}.
     */
    public HttpServer start(String host, int port) {
        return start(host, port, LISTENING);
    }

    /**
     * Listens, and serves in tasks that the calling task owns. Returns as soon as peers can connect.
     *
     * <p>When the calling task is cancelled, as by SIGTERM, the server stops in order, as by {@link #close}; when it
     * ends, at once.
     *
     * @param host a name or address of this machine
     * @param port 0 picks a free one, see {@link #port()}
     * @return this server
     * @throws IllegalStateException if it was started before
     */
    public HttpServer start(String host, int port, ListenOptions options) {
        return spawnAccepting(listen(host, port, options));
    }

    /**
     * Serves the connections of listeners that the caller has made, under one bound: of several addresses, of Unix
     * sockets, with TLS on some ({@link dev.heddle.tls.Tls#listen}, with the protocols {@code h2} and {@code
     * http/1.1}). Otherwise as {@link #start(String, int)}. The TLS of this server's builder is not put over them; with
     * {@link Builder#proxyProtocol} each connection must begin with its header, so none of them may have TLS.
     *
     * <pre>{@code
     * server.start(Tcp.listen("0.0.0.0", 80), Tls.listen("0.0.0.0", 443, tls), Unix.listen(Path.of("/run/app.sock")));
     * }</pre>
     *
     * @param first the one that {@link #port()} and {@link #address()} speak of
     * @param more owned by this server from now on, as is the first
     * @return this server
     * @throws IllegalStateException if it was started before; the listeners are left alone
     */
    public HttpServer start(Listener first, Listener... more) {
        return spawnAccepting(listen(first, more));
    }

    private RunningServer listen(Listener first, Listener... more) {
        checkNew();
        if (config.http3()) {
            throw new IllegalStateException("HTTP/3 listens where start(host, port) does, beside no other listeners");
        }
        Rehearsal.once(tls);
        var all = new ArrayList<Listener>();
        all.add(first);
        all.addAll(List.of(more));
        return begin(ServerPorts.of(ListenerGroup.of(all.toArray(Listener[]::new))), null, preamble);
    }

    /** Listens on a Unix socket for its owner only, as {@link #startUnix(Path, UnixOptions)}. */
    public HttpServer startUnix(Path path) {
        return startUnix(path, UnixOptions.DEFAULT);
    }

    /**
     * Listens on a Unix socket, as {@link Unix#listen(Path, UnixOptions)}, otherwise as {@link #start(String, int)}.
     * There is no TLS on it.
     *
     * @return this server
     * @throws IllegalStateException if it was started before
     */
    public HttpServer startUnix(Path path, UnixOptions options) {
        checkNew();
        return start(Unix.listen(path, options));
    }

    /** Listens on all loops as {@link #start(String, int)} does on one. */
    public HttpServer startOnAllLoops(String host, int port) {
        return startOnAllLoops(host, port, LISTENING);
    }

    /**
     * Listens on one port with all loops of this run ({@link Tcp#listenOnAllLoops}): the system spreads the connections
     * over them. The same handlers and middleware serve on all, at the same time, so what they share must be safe for
     * threads. {@link ServerLimits} count for each loop by itself. Otherwise as {@link #start(String, int)}; the stop
     * is one for all loops.
     *
     * <p>Cancellation: a cancelled call listens nowhere.
     *
     * @return this server
     * @throws IllegalStateException if it was started before
     */
    public HttpServer startOnAllLoops(String host, int port, ListenOptions options) {
        return spawnAccepting(listenOnAllLoops(host, port, options));
    }

    private RunningServer listenOnAllLoops(String host, int port, ListenOptions options) {
        checkNew();
        Rehearsal.once(tls);
        ServerPorts bound = ServerPorts.of(Tcp.listenOnAllLoops(host, port, options));
        return begin(bound, http3(host, bound, Heddle.currentLoop().siblings()), preamble.withTls(tls));
    }

    /**
     * Listens, and serves until {@link #stop} is called or the calling task is cancelled. The log {@code dev.heddle.http}
     * gets a line with the address; none in the simulator.
     *
     * <p>Cancellation: a cancelled call has gone through the whole stop, with the limits' grace time.
     *
     * @param host a name or address of this machine
     * @param port 0 picks a free one, see {@link #port()}
     * @throws IllegalStateException if it was started before
     */
    public void serve(String host, int port) {
        RunningServer started = listen(host, port, LISTENING);
        tellServes(url(), 1);
        serve(started);
    }

    /**
     * Listens and serves on all loops of this run, as {@link #startOnAllLoops(String, int, ListenOptions)}, until {@link
     * #stop} is called or the calling task is cancelled. With {@code Config.DEFAULT.withLoopPerCpu()} these are all
     * processors:
     *
     * <pre>{@code
     * run(Config.DEFAULT.withLoopPerCpu(), () -> server.serveOnAllLoops("0.0.0.0", 8080));
     * }</pre>
     *
     * <p>Cancellation: a cancelled call has gone through the whole stop, with the limits' grace time.
     *
     * @throws IllegalStateException if it was started before
     */
    public void serveOnAllLoops(String host, int port) {
        RunningServer started = listenOnAllLoops(host, port, LISTENING);
        tellServes(url(), Heddle.currentLoop().siblings().size());
        serve(started);
    }

    /**
     * Serves the connections of listeners as {@link #start(Listener, Listener...)}, until {@link #stop} is called or
     * the calling task is cancelled.
     *
     * <pre>{@code
     * server.serve(InheritedSockets.current().take("http").orElseGet(() -> Tcp.listen("0.0.0.0", 8080)));
     * }</pre>
     *
     * <p>Cancellation: a cancelled call has gone through the whole stop, with the limits' grace time.
     *
     * @param first the one that {@link #port()} and {@link #address()} speak of
     * @param more owned by this server from now on, as is the first
     * @throws IllegalStateException if it was started before; the listeners are left alone
     */
    public void serve(Listener first, Listener... more) {
        RunningServer started = listen(first, more);
        tellServes(address(), 1);
        serve(started);
    }

    /** As {@link #serve(Listener, Listener...)}, without a line in the log. */
    void serveUntold(Listener listener) {
        serve(listen(listener));
    }

    private static void tellServes(String where, int loops) {
        if (!Heddle.currentLoop().engine().isSimulated()) {
            ServerLog.serves(where, loops);
        }
    }

    private void serve(RunningServer started) {
        var request = new Waiter("the stop of the server on port " + port());
        stopRequest = request;
        Heddle.group(watch -> {
            // Behind the shield no cancel is seen, so one task stays outside to see it.
            watch.spawn("stop :" + port(), () -> {
                try {
                    new Waiter(new CancelOnly("a cancel of the server")).await();
                } finally {
                    request.complete();
                }
            });
            Heddle.shield(() -> Heddle.group(serving -> {
                serving.spawn("accept :" + port(), started::acceptAll);
                request.await();
                stop(limits.stopGrace());
            }));
            watch.cancel("the server has stopped");
        });
        CancelScope.throwIfCancelled();
    }

    /**
     * Serves one connection in the calling task until it ends, and closes it: for streams that come from elsewhere than
     * this server's own port. May be called by many tasks of one loop, beside {@link #start} or without it.
     *
     * <p>Cancellation: a cancelled call has aborted the connection. A stop aborts it after the grace time, but to
     * cancel its handler is for whoever owns the calling task.
     *
     * @throws IllegalStateException if the server has been stopped, or belongs to another loop
     */
    public void serve(ByteStream stream) {
        if (state == State.NEW) {
            begin(null, null, ConnectionPreamble.OPEN);
        }
        RunningServer running = runs;
        if (running == null || running.isStopping()) {
            stream.abort();
            throw new IllegalStateException("the server is " + state);
        }
        if (running.home().loop() != Heddle.currentLoop()) {
            throw new IllegalStateException("the server belongs to " + running.home().loop());
        }
        running.home().serve(stream);
    }

    /**
     * Starts work that outlives its request, such as a mail behind a response: it belongs to the server. What a handler
     * spawns belongs to the request, and is cancelled at its end, behind its response.
     *
     * <p>A stop waits for it as for requests in flight, and then cancels it. It is not bounded: what strangers can ask
     * for as often as they like is better put into a bounded queue that one such task empties.
     *
     * <p>Threads: tasks of the loops that serve; the work is a task of the caller's loop.
     *
     * @param name for logs and reports
     * @param body what it throws is reported, unless somebody joins the task
     * @throws IllegalStateException if the server has not been started, or has stopped
     */
    public Task<Void> background(String name, Action body) {
        RunningServer running = runs;
        if (running == null || state == State.STOPPED) {
            throw new IllegalStateException("the server is " + state);
        }
        return running.background(name, body);
    }

    /** What it has done so far, on all its loops. */
    public ServerStatistics statistics() {
        return runs == null ? RunningServer.Counts.NONE : runs.statistics();
    }

    /**
     * The port that is really bound; with several listeners that of the first, 0 for a Unix socket.
     *
     * @throws IllegalStateException if the server does not listen
     */
    public int port() {
        return listening().port();
    }

    /**
     * The address that is really bound, with its port; with several listeners that of the first.
     *
     * @throws IllegalStateException if the server does not listen
     */
    public String address() {
        return listening().address();
    }

    /**
     * Stops in order: see above. Does nothing to a server that is stopping, stopped or was never started.
     *
     * <p>Cancellation: a cancelled call has aborted all connections. But one that begins in a cancelled scope, as in a
     * {@code finally} after SIGTERM, is clean-up and goes through all of it.
     *
     * @param grace how long requests in flight may take until they are cancelled
     */
    public void stop(Duration grace) {
        if (state == State.NEW) {
            enter(State.STOPPED);
            return;
        }
        RunningServer running = runs;
        if (state != State.RUNNING || running == null) {
            return;
        }
        enter(State.STOPPING);
        try {
            if (isCancelled()) {
                Heddle.shield(() -> running.stop(grace));
            } else {
                running.stop(grace);
            }
        } finally {
            enter(State.STOPPED);
            if (stopRequest != null) {
                stopRequest.complete();
            }
        }
    }

    private static boolean isCancelled() {
        try {
            CancelScope.throwIfCancelled();
            return false;
        } catch (CancelledException e) {
            return true;
        }
    }

    /** Stops with the grace time of the limits. */
    @Override
    public void close() {
        stop(limits.stopGrace());
    }

    private RunningServer listen(String host, int port, ListenOptions options) {
        checkNew();
        Rehearsal.once(tls);
        Listener bound = tls == null || preamble.isProxied()
                ? Tcp.listen(host, port, options)
                : Tls.listen(host, port, tls, options);
        int loops = Heddle.currentLoop().siblings().size();
        if (loops > 1) {
            ServerLog.onOneLoop(bound.address(), loops);
        }
        ServerPorts ports = ServerPorts.of(ListenerGroup.of(bound));
        return begin(ports, http3(host, ports, List.of(Heddle.currentLoop())),
                preamble.isProxied() ? preamble.withTls(tls) : preamble);
    }

    /** The same port by UDP; null without HTTP/3. */
    private @Nullable Http3Port http3(String host, ServerPorts bound, List<Loop> loops) {
        if (!config.http3() || tls == null) {
            return null;
        }
        boolean listens = false;
        try {
            Http3Port opened = ServiceLoader.load(Http3Provider.class, HttpServer.class.getClassLoader())
                    .findFirst()
                    .orElseThrow(() -> new UnsupportedOperationException(
                            "HTTP/3 comes in an artifact of its own: add dev.heddle:heddle-http3"))
                    .listen(host, bound.port(), tls.soleIdentity(), config.ofConnections(), limits.maxConnections(),
                            loops);
            listens = true;
            return opened;
        } finally {
            if (!listens) {
                bound.close().run();
            }
        }
    }

    private void checkNew() {
        if (state != State.NEW) {
            throw new IllegalStateException("the server is " + state);
        }
    }

    private RunningServer begin(@Nullable ServerPorts bound, @Nullable Http3Port http3, ConnectionPreamble entering) {
        enter(State.RUNNING);
        ports = bound;
        var started = new RunningServer(config, bound, http3, entering);
        runs = started;
        return started;
    }

    private HttpServer spawnAccepting(RunningServer started) {
        String owner = Heddle.currentTask().name();
        Heddle.spawn(port() > 0 ? "accept :" + port() : "accept " + address(), () -> acceptAll(started, owner));
        return this;
    }

    /** Serves until stopped. A cancel of the owner stops in order, and the owner's end at once. */
    private void acceptAll(RunningServer started, String owner) {
        Heddle.group(watch -> {
            Heddle.shield(() -> CancelScope.open(serving -> {
                watch.spawn("stop " + address(), () -> stopWhenCancelled(serving, owner));
                started.acceptAll();
            }));
            watch.cancel("the server has stopped");
        });
    }

    private void stopWhenCancelled(CancelScope serving, String owner) {
        try {
            new Waiter(new CancelOnly("a cancel of the server")).await();
        } catch (CancelledException e) {
            if (Cancellation.OWNER_ENDED.equals(e.getMessage())) {
                ServerLog.endedWithOwner(address(), owner);
                serving.cancel(Cancellation.OWNER_ENDED);
            } else {
                close();
            }
            throw e;
        }
    }

    private ServerPorts listening() {
        if (ports == null) {
            throw new IllegalStateException("the server does not listen");
        }
        return ports;
    }

    private String url() {
        return (tls == null ? "http://" : "https://") + address() + "/";
    }

    private void enter(State next) {
        if (next.compareTo(state) <= 0) {
            throw new IllegalStateException("from " + state + " to " + next);
        }
        state = next;
    }

    @Override
    public String toString() {
        return "HttpServer[" + (ports == null ? "no port" : ports.address()) + ", " + state + "]";
    }

    /**
     * Describes a server. For one thread; what is built does not change when the builder is used again.
     *
     * <p>Its routes are those of {@link Routes} mounted at the root; see there what a path may be.
     */
    public static final class Builder extends RouteBuilder<Builder> {

        private final Routes routes = Routes.create();
        private final Set<String> healthPaths = new HashSet<>();
        private @Nullable String requestIdField;
        private ServerLimits limits = ServerLimits.DEFAULT;
        private @Nullable ServerTls tls;
        private final Map<String, Routes> hosts = new LinkedHashMap<>();
        private ErrorPages pages = ErrorPages.DEFAULT;
        private TrustedProxies proxies = TrustedProxies.NONE;
        private @Nullable TrustedProxies proxyProtocol;
        private @Nullable Consumer<? super AccessRecord> accessLog;
        private Duration drainDelay = Duration.ZERO;
        private @Nullable JsonCodec json;
        private @Nullable Http2Limits http2 = Http2Limits.DEFAULT;
        private boolean http3;

        private Builder() {}

        @Override
        Routes routes() {
            return routes;
        }

        @Override
        Builder self() {
            return this;
        }

        /**
         * Makes the pages that stand for errors of handlers and of the server, in place of a line of plain text: for
         * what ends with a {@link StatusException}, with another exception (500), or has no route. Requests that cannot
         * even be read still get text.
         *
         * @param page given the request and the status, 400 to 599, which its response gets whatever its own; told no
         *     more, so that it cannot give away what only the log should know. May wait. If it fails itself, the peer
         *     gets the line of text
         */
        public Builder errorPage(BiFunction<? super Request, Integer, Response> page) {
            pages = new ErrorPages(Objects.requireNonNull(page), false, pages.statuses());
            return this;
        }

        /**
         * Makes each error a problem for programs (RFC 9457), {@code application/problem+json}, in place of a line of
         * plain text: of handlers, middleware and the server, no route (404, 405) and requests that cannot even be read.
         * The title is the phrase of the status, and the detail what the peer is told: the message of a {@link
         * StatusException}, or the text of a handler's own response of 400 to 599 that is plain text. In place of {@link
         * #errorPage}; the last of the two counts.
         */
        public Builder problems() {
            pages = new ErrorPages(null, true, pages.statuses());
            return this;
        }

        /**
         * Says what an exception of the program is to a peer, wherever a handler or a task of its group throws it:
         *
         * <pre>{@code
         * .exception(NoSuchOrder.class, e -> new StatusException(404, e.getMessage()))
         * }</pre>
         *
         * <p>Of several that fit the one that was said first counts. Without, an exception is a 500 and stands in the log.
         *
         * @param type the class, or one above it
         * @param status must not wait. If it fails itself, the peer gets 500, and the log has both
         */
        public <E extends Throwable> Builder exception(
                Class<E> type, Function<? super E, StatusException> status) {
            pages = pages.with(new ErrorPages.ExceptionStatus<>(
                    Objects.requireNonNull(type), Objects.requireNonNull(status)));
            return this;
        }

        /**
         * Answers requests for a host with routes of their own. Requests for other hosts, or without one, go to the
         * routes of this builder.
         *
         * <p>Over TLS a client that has asked for one name (SNI) must not reach the routes of another over that
         * connection: it gets 421 (RFC 9110, section 15.5.20), and a good client asks again over another connection.
         * Names with the same routes may share one. A client that has named no host to TLS is not checked, nor is what
         * a trusted proxy passes on.
         *
         * @param name a host name without a port, {@code api.example.org}; or {@code *.example.org} for all names with
         *     one label more
         * @throws IllegalArgumentException if the name is malformed or has routes already
         */
        public Builder host(String name, Routes routes) {
            if (hosts.putIfAbsent(VirtualHosts.checked(name), Objects.requireNonNull(routes)) != null) {
                throw new IllegalArgumentException("the host has routes already: " + name);
            }
            return this;
        }

        /**
         * Believes what peers from these addresses, proxies of the program's owner, say in {@code X-Forwarded-For},
         * {@code X-Forwarded-Proto} and {@code X-Forwarded-Host} about the requests that they pass on: {@link
         * Request#clientAddress}, {@link Request#scheme} and {@link Request#host} follow them. From all other peers,
         * and without this, these fields change nothing.
         *
         * <p>The address is found from the end of the list, past the proxies that are trusted themselves; of the other
         * two the last value counts. So each proxy must add its client's address, and set or remove the other two.
         * {@code Forwarded} is ignored.
         *
         * @param networks ranges such as {@code 10.0.0.0/8}, {@code ::1}, or {@code unix} for all peers of Unix sockets
         * @throws IllegalArgumentException if one is none
         */
        public Builder trustProxies(String... networks) {
            proxies = TrustedProxies.of(false, networks);
            return this;
        }

        /**
         * Believes what proxies say in {@code Forwarded} (RFC 7239) instead; otherwise as {@link #trustProxies}, in
         * place of which it comes. {@code X-Forwarded-} fields are ignored then: whoever writes the one form passes the
         * other on unseen.
         */
        public Builder trustForwarded(String... networks) {
            proxies = TrustedProxies.of(true, networks);
            return this;
        }

        /**
         * Expects the header of the PROXY protocol, version 1 or 2, at the beginning of each connection, before TLS:
         * balancers that pass bytes on unread name the client so. {@link Request#remoteAddress} and {@link
         * Request#localAddress} are then what it says. A connection without it, with a malformed one, or from another
         * peer than these is closed.
         *
         * @param networks as for {@link #trustProxies}; at least one
         */
        public Builder proxyProtocol(String... networks) {
            if (networks.length == 0) {
                throw new IllegalArgumentException("nobody would be served; name the proxies' networks");
            }
            proxyProtocol = TrustedProxies.of(false, networks);
            return this;
        }

        /** Gives each request an id in {@code X-Request-Id}, as {@link #requestIds(String)}. */
        public Builder requestIds() {
            return requestIds("X-Request-Id");
        }

        /**
         * Gives each request an id, to be found again by it in the logs: 32 hexadecimal digits of a random number that
         * is no secret, or what one of the {@linkplain #trustProxies trusted proxies} has given, if that is 1 to 128
         * letters, digits and {@code -._:/+=@}. It is {@link Request#id}, it stands in the lines that are logged for
         * the request, its streamed body and what its tasks do, and every response of a handler or error page has it in
         * the same field, in place of one that it had. To pass it on, send it as a field.
         *
         * @param field its name
         */
        public Builder requestIds(String field) {
            if (!FieldSyntax.isToken(field)) {
                throw new IllegalArgumentException("not the name of a field: " + FieldSyntax.printable(field));
            }
            requestIdField = field;
            return this;
        }

        /**
         * Tells of each request when its response is sent, or when it has ended without one.
         *
         * @param log called on the server's loops, so it must not wait: {@link AccessLog} writes files. If it fails,
         *     the server's own log says so
         */
        public Builder accessLog(Consumer<? super AccessRecord> log) {
            accessLog = Objects.requireNonNull(log);
            return this;
        }

        /** Answers GET on a path with 200 as long as the server runs: for those who restart what hangs. */
        public Builder health(String path) {
            routes.get(path, ReadinessEndpoint.ALIVE);
            healthPaths.add(path);
            return this;
        }

        /**
         * Answers GET on a path with 200 while the server is ready for requests: for balancers. It is 503 as soon as
         * the {@link HttpServer#stop} begins, and while one of the checks fails. The answer names the checks, not what
         * ails them: that is for the log.
         *
         * @param checks run at the same time, each time that somebody asks
         */
        public Builder readiness(String path, HealthCheck... checks) {
            routes.get(path, ReadinessEndpoint.OPTIONS, new ReadinessEndpoint(List.of(checks)));
            healthPaths.add(path);
            return this;
        }

        /**
         * How long a stopping server goes on accepting after its {@link #readiness} has turned to 503, so that
         * balancers take notice before their connections are refused; zero without.
         */
        public Builder drainDelay(Duration delay) {
            Checks.notNegative("drainDelay", delay);
            drainDelay = delay;
            return this;
        }

        /** Sets the limits; {@link ServerLimits#DEFAULT} without. */
        public Builder limits(ServerLimits limits) {
            this.limits = Objects.requireNonNull(limits);
            return this;
        }

        /** Sets the limits of connections that speak HTTP/2; {@link Http2Limits#DEFAULT} without. */
        public Builder http2(Http2Limits limits) {
            http2 = Objects.requireNonNull(limits);
            return this;
        }

        /** Speaks HTTP/1 only. */
        public Builder http1Only() {
            http2 = null;
            return this;
        }

        /** Speaks https on the ports it listens on, as the {@code h2} or {@code http/1.1} of ALPN (RFC 7301). */
        public Builder tls(ServerTls tls) {
            this.tls = Objects.requireNonNull(tls);
            return this;
        }

        /**
         * Speaks HTTP/3 too (RFC 9114), by UDP on the port that it listens on by TCP: experimental. Responses over TCP
         * tell clients of it ({@code Alt-Svc}, RFC 7838). It needs the artifact {@code heddle-http3}, and {@link #tls}
         * with one identity and without certificates of clients. What HTTP/2 has for limits counts here too.
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
         * Makes the server.
         *
         * @throws IllegalArgumentException if two routes have the same method and path, or HTTP/3 has no TLS
         */
        public HttpServer build() {
            Handler all = hosts.isEmpty() ? routes.router(pages) : new VirtualHosts(routes, hosts, pages, proxies);
            if (http3 && (tls == null || proxyProtocol != null)) {
                throw new IllegalArgumentException("HTTP/3 needs tls(...), and knows no PROXY protocol");
            }
            var config = new ServerConfig(
                    all, Set.copyOf(healthPaths), limits, pages, proxies, requestIdField, accessLog, drainDelay, json,
                    http2, http3);
            return new HttpServer(config, withAlpn(), new ConnectionPreamble(proxyProtocol, null, limits.headTime()));
        }

        private @Nullable ServerTls withAlpn() {
            if (tls == null) {
                return null;
            }
            return http2 == null ? tls.withProtocols("http/1.1") : tls.withProtocols("h2", "http/1.1");
        }

        /**
         * Makes the server and serves until it is stopped or the calling task is cancelled, as {@link
         * HttpServer#serve(String, int)}.
         */
        public void serve(String host, int port) {
            build().serve(host, port);
        }

        /** Makes the server and serves on all loops, as {@link HttpServer#serveOnAllLoops(String, int)}. */
        public void serveOnAllLoops(String host, int port) {
            build().serveOnAllLoops(host, port);
        }

        /** Makes and starts the server, as {@link HttpServer#start(String, int)}. */
        public HttpServer start(String host, int port) {
            return build().start(host, port);
        }
    }
}
