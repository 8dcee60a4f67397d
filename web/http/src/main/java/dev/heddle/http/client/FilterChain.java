package dev.heddle.http.client;

import java.util.List;

/** The way of a request that is sent: the filters of users, and a {@link ClientCall} behind the innermost. */
final class FilterChain {

    private FilterChain() {}

    /**
     * Puts a chain together.
     *
     * @param filters the outermost first
     */
    static ClientFilter.Next of(List<ClientFilter> filters) {
        ClientFilter.Next chain = ClientCall::send;
        for (ClientFilter filter : filters.reversed()) {
            ClientFilter.Next inner = chain;
            chain = request -> filter.send(request, inner);
        }
        ClientFilter.Next outermost = chain;
        // Filters may change the request, and the caller may send it again.
        return filters.isEmpty() ? outermost : request -> outermost.send(request.copy());
    }
}
