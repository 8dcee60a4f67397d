package dev.heddle.http.testing;

import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.http.client.ClientRequest;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.http.server.Handler;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.RouteOptions;
import dev.heddle.http.server.Routes;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MemoryStreams;

/**
 * A test client for a server in the same loop, without a network: over streams in memory, but all the way through both
 * parsers.
 *
 * <pre>{@code
 * run(() -> {
 *     try (var client = TestClient.of(Routes.create().get("/hello", request -> Response.text("hello")))) {
 *         assertEquals("hello", client.get("/hello").text());
 *     }
 * });
 * }</pre>
 *
 * <p>Redirects are not followed, so that a test sees them. In the simulator nothing here takes real time.
 *
 * <p>Threads: tasks of the loop that made it.
 *
 * <p>Cancellation: as for {@link HttpClient}. A handler is not cancelled when the call that it answers is: see {@link
 * RouteOptions}.
 */
public final class TestClient implements AutoCloseable {

    private static final String BASE = "http://localhost";

    private final Loop loop = Heddle.currentLoop();
    private final HttpServer server;
    private final boolean owned;
    private final HttpClient http;

    private TestClient(HttpServer server, boolean owned) {
        this.server = server;
        this.owned = owned;
        this.http = HttpClient.builder().connector((host, port) -> connect()).followRedirects(false).build();
    }

    /** Asks a server, started or not, which stays the caller's to stop. */
    public static TestClient of(HttpServer server) {
        return new TestClient(server, false);
    }

    /** Asks some routes, in a server of their own that is stopped with this client. */
    public static TestClient of(Routes routes) {
        return new TestClient(HttpServer.builder().mount("/", routes).build(), true);
    }

    /** Asks one handler, which answers all methods and paths. */
    public static TestClient of(Handler handler) {
        return of(Routes.create().any("/", handler).any("/{path...}", handler));
    }

    /**
     * Sends a GET request, as {@link HttpClient#get}.
     *
     * @param path a path with its query; or a whole http URL, to ask another host of the same server
     */
    public Reply get(String path) {
        return http.get(url(path));
    }

    /** Sends a HEAD request, as {@link #get}; the reply has no body. */
    public Reply head(String path) {
        return http.head(url(path));
    }

    /** Sends a DELETE request, as {@link #get}. */
    public Reply delete(String path) {
        return http.delete(url(path));
    }

    /** Sends an OPTIONS request, as {@link #get}. */
    public Reply options(String path) {
        return http.options(url(path));
    }

    /** Sends a POST request with a body, as {@link HttpClient#post}: a value as JSON, a {@code String} as plain text. */
    public Reply post(String path, Object body) {
        return http.post(url(path), body);
    }

    /** Sends a QUERY request with a body, as {@link HttpClient#query}. */
    public Reply query(String path, Object body) {
        return http.query(url(path), body);
    }

    /** Sends a PUT request with a body, as {@link #post}. */
    public Reply put(String path, Object body) {
        return http.put(url(path), body);
    }

    /** Sends a PATCH request with a body, as {@link #post}. */
    public Reply patch(String path, Object body) {
        return http.patch(url(path), body);
    }

    /**
     * Begins a request, as {@link HttpClient#request}.
     *
     * @param path as for {@link #get}
     * @throws IllegalStateException if the caller is not of the loop that made this
     */
    public ClientRequest request(String method, String path) {
        return http.request(method, url(path));
    }

    private String url(String path) {
        if (Heddle.currentLoop() != loop) {
            throw new IllegalStateException(
                    "this client is of " + loop.name() + ", not of " + Heddle.currentLoop().name()
                            + ": the streams between it and the server are of one loop");
        }
        return path.startsWith("/") ? BASE + path : path;
    }

    /** Owned by the loop: a kept connection outlives the task that asked for it. */
    private ByteStream connect() {
        MemoryStreams.Pair pair = MemoryStreams.pair();
        loop.spawn(() -> server.serve(pair.right()));
        return pair.left();
    }

    /** Closes the connections, and stops a server of its own. */
    @Override
    public void close() {
        http.close();
        if (owned) {
            server.close();
        }
    }

    @Override
    public String toString() {
        return "TestClient[" + server + "]";
    }
}
