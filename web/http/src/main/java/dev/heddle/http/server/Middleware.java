package dev.heddle.http.server;

import dev.heddle.http.StatusException;
import dev.heddle.http.testing.TestClient;

/**
 * The code around the handlers of some {@link Routes}: it may answer itself, change the response, or measure.
 *
 * <pre>{@code
 * Middleware timing = (request, next) -> {
 *     long start = System.nanoTime();
 *     Response response = next.handle(request);
 *     return response.withHeader("Server-Timing", "app;dur=" + (System.nanoTime() - start) / 1_000_000);
 * };
 * }</pre>
 *
 * <p>Those of one {@code Routes} run in the order of their {@link Routes#use}, the first outermost; those of a mounted
 * {@code Routes} inside those of the one it is mounted in. They also run for paths below their prefix that have no
 * route (404) or not this method (405), and for OPTIONS; of several {@code Routes} with the same prefix those of the
 * first.
 *
 * <p>What ends further in with a {@link StatusException} comes out of {@code next} as the response that it stands for,
 * error page included, so that one place sees all responses. Any other exception passes through, to be caught by whom
 * it means something to.
 *
 * <p>Threads: as for {@link Handler}; used by several connections in turn, and on a server of several loops at the same
 * time.
 *
 * <p>Cancellation: a {@code CancelledException} passes through; do not turn it into a response.
 *
 * <p>To test one, call it with a handler that answers what you need, or mount it in a {@link TestClient}'s server.
 */
@FunctionalInterface
public interface Middleware {

    /**
     * Answers one request, most often by asking the next handler.
     *
     * @param request the request; marks for handlers further in are set with {@link Request#set}
     * @param next the next middleware, or the handler of the route; called at most once
     * @return the response; never null
     * @throws StatusException to answer with an error status
     * @throws Exception as a handler does
     */
    Response handle(Request request, Handler next) throws Exception;
}
