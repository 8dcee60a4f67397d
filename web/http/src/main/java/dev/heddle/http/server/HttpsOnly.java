package dev.heddle.http.server;

import dev.heddle.http.StatusException;
import dev.heddle.http.internal.codec.Target;
import dev.heddle.http.testing.TestClient;
import dev.heddle.internal.Checks;

/**
 * Middleware that sends whoever asks over http to the same URL under https, with 308, so that the method stays.
 *
 * <pre>{@code
 * HttpServer.builder().health("/healthz").mount("/", Routes.create().use(HttpsOnly.redirecting()).get("/", page))
 * }</pre>
 *
 * <p>It goes by {@link Request#isSecure}: behind a proxy that ends TLS, name it in {@link
 * HttpServer.Builder#trustProxies}, or all requests are sent in a circle. A request without a host gets 400.
 *
 * <p>Threads: immutable, for any. To test with it, ask through a {@link TestClient}: that is plain http.
 */
public final class HttpsOnly implements Middleware {

    private static final int HTTPS_PORT = 443;

    private final int port;

    private HttpsOnly(int port) {
        this.port = port;
    }

    /** Sends them to the standard port, 443. */
    public static HttpsOnly redirecting() {
        return new HttpsOnly(HTTPS_PORT);
    }

    /**
     * Sends them to another port.
     *
     * @param port where https is served as clients see it, 1 to 65535
     */
    public static HttpsOnly redirectingTo(int port) {
        Checks.inRange("port", port, 1, 65_535);
        return new HttpsOnly(port);
    }

    @Override
    public Response handle(Request request, Handler next) throws Exception {
        if (request.isSecure() || request.head().target().path().equals("*")) {
            return next.handle(request);
        }
        String host = request.host().orElseThrow(() -> new StatusException(400, "this is served by https only"));
        Target target = request.head().target();
        String query = target.query() == null ? "" : "?" + target.query();
        return Response.redirect(308,
                "https://" + VirtualHosts.withoutPort(host) + (port == HTTPS_PORT ? "" : ":" + port)
                        + target.path() + query);
    }
}
