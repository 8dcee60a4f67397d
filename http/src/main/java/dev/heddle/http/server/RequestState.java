package dev.heddle.http.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The state of one request: what the router, middleware and handlers have found out about it, and the bodies they have
 * made for it.
 */
final class RequestState {

    /** What stands in the places of the route, decoded. */
    Map<String, String> parameters = Map.of();

    @Nullable String user;
    @Nullable Session session;

    /** Keys at even and values at odd places: few, so they are looked through one by one. */
    private @Nullable List<Object> attributes;

    private @Nullable List<ResponseBody> given;

    // ---- attributes ----

    void set(RequestKey<?> key, Object value) {
        Objects.requireNonNull(value);
        List<Object> pairs = attributes;
        if (pairs == null) {
            pairs = new ArrayList<>(4);
            attributes = pairs;
        }
        for (int i = 0; i < pairs.size(); i += 2) {
            if (pairs.get(i) == key) {
                pairs.set(i + 1, value);
                return;
            }
        }
        pairs.add(key);
        pairs.add(value);
    }

    @Nullable Object get(RequestKey<?> key) {
        if (attributes != null) {
            for (int i = 0; i < attributes.size(); i += 2) {
                if (attributes.get(i) == key) {
                    return attributes.get(i + 1);
                }
            }
        }
        return null;
    }

    // ---- bodies of responses ----

    /**
     * Remembers a body that came out of a handler if it holds something open: middleware may put another in its place.
     */
    void gave(ResponseBody body) {
        if (body.isHeld()) {
            if (given == null) {
                given = new ArrayList<>(1);
            }
            given.add(body);
        }
    }

    /**
     * Frees what the bodies hold open that are not sent; in a cancelled scope too.
     *
     * @param sent what the peer gets; null for nothing
     */
    void release(@Nullable ResponseBody sent) {
        if (given != null) {
            for (ResponseBody body : given) {
                if (sent == null || !sent.owns(body)) {
                    body.release();
                }
            }
        }
    }
}
