package dev.heddle.http.client;

import java.util.List;

/** The filters of a client from one of them on, and the client itself behind the last. */
final class FilterChain implements ClientFilter.Next {

    private final List<ClientFilter> filters;

    FilterChain(List<ClientFilter> filters) {
        this.filters = filters;
    }

    @Override
    public Reply send(ClientRequest request) {
        if (filters.isEmpty()) {
            return request.sendNow();
        }
        return filters.getFirst().send(request, new FilterChain(filters.subList(1, filters.size())));
    }
}
