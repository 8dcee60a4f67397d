package dev.heddle.http;

import dev.heddle.CancelScope;
import dev.heddle.Heddle;
import dev.heddle.Waiter;
import dev.heddle.engine.ListenOptions;
import dev.heddle.net.ByteStream;
import dev.heddle.net.Listener;
import dev.heddle.net.ServerTls;
import dev.heddle.net.Tcp;
import dev.heddle.net.Tls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 server whose handlers are plain methods.
 *
 * <pre>{@code
 * HttpServer server = HttpServer.builder()
 *         .get("/", request -> Response.text("hello"))
 *         .get("/users/{id}", request -> Response.text(request.path("id")))
 *         .files("/static", Path.of("public"))
 *         .start("127.0.0.1", 8080);
 * }</pre>
 *
 * <p>Each connection has a task, and its handlers run in it one after the other, so responses come in the order of the
 * requests. Requests that nobody can read in one way only are refused; {@link HttpLimits} bounds the rest.
 *
 * <p>It answers HEAD from GET routes and OPTIONS for every path. It is no proxy and switches to no other protocol: CONNECT
 * gets 501, an Upgrade field changes nothing.
 *
 * <p>Stopping: {@link #stop} accepts no more, closes idle connections, lets requests in flight finish, cancels what is left
 * after the grace time, and aborts what ignores that.
 *
 * <p>Threads: a server belongs to the loop of the task that starts it, and lives as long as that task at most. To test a
 * server without a network, give {@link #serve(ByteStream)} one end of a pair of memory streams.
 */
public final class HttpServer implements AutoCloseable {

    private enum State {
        NEW,
        RUNNING,
        STOPPING,
        STOPPED
    }

    private final Router router;
    private final HttpLimits limits;
    private final @Nullable ServerTls tls;
    private State state = State.NEW;
    private @Nullable ServerRun run;
    private @Nullable Listener listener;
    private @Nullable Waiter stopRequest;

    private HttpServer(Router router, HttpLimits limits, @Nullable ServerTls tls) {
        this.tls = tls;
        this.router = router;
        this.limits = limits;
    }

    /** Begins to describe a server. */
    public static Builder builder() {
        return new Builder();
    }

    /** Listens as {@link ListenOptions#DEFAULT} says, as {@link #start(String, int, ListenOptions)}. */
    public HttpServer start(String host, int port) {
        return start(host, port, ListenOptions.DEFAULT);
    }

    /**
     * Listens, and serves in tasks that the calling task owns. Returns as soon as peers can connect.
     *
     * <p>To serve one port with several loops, build and start a server on each, with the port shared.
     *
     * @param host a name or address of this machine
     * @param port 0 picks a free one, see {@link #port()}
     * @return this server
     * @throws IllegalStateException if it was started before
     */
    public HttpServer start(String host, int port, ListenOptions options) {
        ServerRun started = listen(host, port, options);
        Heddle.spawn("accept :" + port(), started::acceptAll);
        return this;
    }

    /**
     * Listens, and serves until {@link #stop} is called or the calling task is cancelled.
     *
     * <p>Cancellation: a cancelled call has gone through the whole stop, with the limits' grace time.
     *
     * @param host a name or address of this machine
     * @param port 0 picks a free one, see {@link #port()}
     * @throws IllegalStateException if it was started before
     */
    public void serve(String host, int port) {
        ServerRun started = listen(host, port, ListenOptions.DEFAULT);
        var request = new Waiter("the stop of the server on port " + port());
        stopRequest = request;
        Heddle.group(watch -> {
            // Behind the shield no cancel is seen, so one task stays outside to see it.
            watch.spawn("stop :" + port(), () -> {
                try {
                    new Waiter("a cancel of the server").await();
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
     * <p>Cancellation: a cancelled call has aborted the connection.
     *
     * @throws IllegalStateException if the server has been stopped, or belongs to another loop
     */
    public void serve(ByteStream stream) {
        if (state == State.NEW) {
            enter(State.RUNNING);
            run = new ServerRun(router, limits, null);
        }
        ServerRun running = run;
        if (running == null || state != State.RUNNING) {
            stream.abort();
            throw new IllegalStateException("the server is " + state);
        }
        if (running.loop() != Heddle.currentLoop()) {
            throw new IllegalStateException("the server belongs to " + running.loop());
        }
        running.serve(stream);
    }

    /**
     * The port that is really bound.
     *
     * @throws IllegalStateException if the server does not listen
     */
    public int port() {
        return listening().port();
    }

    /**
     * The address that is really bound, with its port.
     *
     * @throws IllegalStateException if the server does not listen
     */
    public String address() {
        return listening().address();
    }

    /**
     * Stops in order: see above. Does nothing to a server that is stopping, stopped or was never started.
     *
     * <p>Cancellation: a cancelled call has aborted all connections.
     *
     * @param grace how long requests in flight may take until they are cancelled
     */
    public void stop(Duration grace) {
        if (state == State.NEW) {
            enter(State.STOPPED);
            return;
        }
        ServerRun running = run;
        if (state != State.RUNNING || running == null) {
            return;
        }
        enter(State.STOPPING);
        try {
            running.stop(grace);
        } finally {
            enter(State.STOPPED);
            if (stopRequest != null) {
                stopRequest.complete();
            }
        }
    }

    /** Stops with the grace time of the limits. */
    @Override
    public void close() {
        stop(limits.stopGrace());
    }

    private ServerRun listen(String host, int port, ListenOptions options) {
        if (state != State.NEW) {
            throw new IllegalStateException("the server is " + state);
        }
        Listener bound = tls == null ? Tcp.listen(host, port, options) : Tls.listen(host, port, tls, options);
        enter(State.RUNNING);
        listener = bound;
        run = new ServerRun(router, limits, bound);
        return run;
    }

    private Listener listening() {
        if (listener == null) {
            throw new IllegalStateException("the server does not listen");
        }
        return listener;
    }

    private void enter(State next) {
        if (next.compareTo(state) <= 0) {
            throw new IllegalStateException("from " + state + " to " + next);
        }
        state = next;
    }

    @Override
    public String toString() {
        return "HttpServer[" + (listener == null ? "no port" : listener.address()) + ", " + state + "]";
    }

    /**
     * Describes a server. For one thread; what is built does not change when the builder is used again.
     *
     * <p>A route's path is literal segments and places: {@code {name}} stands for one segment that is not empty, {@code
     * {name...}} at the end for one or more. Literal segments win over places.
     */
    public static final class Builder {

        private record Definition(String method, RouteTemplate template, Handler handler) {}

        private final List<Definition> definitions = new ArrayList<>();
        private HttpLimits limits = HttpLimits.DEFAULT;
        private @Nullable ServerTls tls;

        private Builder() {}

        /** Answers GET, and HEAD, on a path. */
        public Builder get(String path, Handler handler) {
            return route("GET", path, handler);
        }

        /** Answers POST on a path. */
        public Builder post(String path, Handler handler) {
            return route("POST", path, handler);
        }

        /** Answers PUT on a path. */
        public Builder put(String path, Handler handler) {
            return route("PUT", path, handler);
        }

        /** Answers PATCH on a path. */
        public Builder patch(String path, Handler handler) {
            return route("PATCH", path, handler);
        }

        /** Answers DELETE on a path. */
        public Builder delete(String path, Handler handler) {
            return route("DELETE", path, handler);
        }

        /**
         * Answers any method on a path.
         *
         * @param method in the case that peers write it
         * @throws IllegalArgumentException if the method or path is malformed
         */
        public Builder route(String method, String path, Handler handler) {
            definitions.add(new Definition(method, RouteTemplate.parse(path), Objects.requireNonNull(handler)));
            return this;
        }

        /** Serves the files below a directory, as {@link FileOptions#DEFAULT} says. */
        public Builder files(String prefix, Path directory) {
            return files(prefix, directory, FileOptions.DEFAULT);
        }

        /**
         * Serves the files below a directory. What is outside of it or behind a symbolic link does not exist for peers.
         *
         * @param prefix the path that stands for the directory, such as {@code /static}
         * @param directory may itself be a symbolic link; need not exist yet
         */
        public Builder files(String prefix, Path directory, FileOptions options) {
            String base = prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
            var files = new StaticFiles(base, directory, options);
            if (!base.isEmpty()) {
                route("GET", base, files);
            }
            return route("GET", base + "/{path...}", files);
        }

        /** Sets the limits; {@link HttpLimits#DEFAULT} without. */
        public Builder limits(HttpLimits limits) {
            this.limits = Objects.requireNonNull(limits);
            return this;
        }

        /** Speaks https on the ports it listens on, as the {@code http/1.1} of ALPN (RFC 7301). */
        public Builder tls(ServerTls tls) {
            this.tls = tls.withProtocols("http/1.1");
            return this;
        }

        /**
         * Makes the server.
         *
         * @throws IllegalArgumentException if two routes have the same method and path
         */
        public HttpServer build() {
            var router = new Router();
            definitions.forEach(d -> router.add(d.method(), d.template(), d.handler()));
            return new HttpServer(router, limits, tls);
        }

        /** Makes and starts the server, as {@link HttpServer#start(String, int)}. */
        public HttpServer start(String host, int port) {
            return build().start(host, port);
        }
    }
}
