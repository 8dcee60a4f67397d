package dev.heddle.http;

/**
 * Stands between the server and a handler: looks at requests on their way in and at responses on their way out, or answers
 * itself.
 *
 * <p>Threads and cancellation are those of {@link Handler}. To test one, call it with a handler of the test's own.
 */
@FunctionalInterface
public interface Middleware {

    /**
     * Answers one request, as a rule by asking the next.
     *
     * @param request the request
     * @param next what answers it without this middleware
     * @return the response; never null
     * @throws Exception as a handler
     */
    Response handle(Request request, Handler next) throws Exception;
}
