package dev.heddle.http.client;

/**
 * A filter around each request of a client: for logs, measures, tokens, caches, rules of a company.
 *
 * <pre>{@code
 * ClientFilter traced = (request, next) -> {
 *     Reply reply = next.send(request.header("X-Request-Id", newId()));
 *     log(request, reply.status());
 *     return reply;
 * };
 * var http = HttpClient.builder().filter(traced).build();
 * }</pre>
 *
 * <p>It sees one call of {@link ClientRequest#send()}; redirects, retries and credentials happen inside. It may change
 * the request, which is a copy of its own, send it more than once, after it has closed the reply before, or not at all.
 * What it throws comes out of {@code send}.
 *
 * <p>Threads: the task that sends; filters of a client run in tasks of all its loops at the same time. To test one,
 * call it with a {@code Next} of your own.
 */
@FunctionalInterface
public interface ClientFilter {

    /** Sends the request, usually by {@code next}. */
    Reply send(ClientRequest request, Next next);

    /** What is inside a filter: the next filter, or the client itself. */
    @FunctionalInterface
    interface Next {

        /** Sends the request; errors and cancellation are those of {@link ClientRequest#send()}. */
        Reply send(ClientRequest request);
    }
}
