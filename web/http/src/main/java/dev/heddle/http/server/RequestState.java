package dev.heddle.http.server;

import dev.heddle.Heddle;
import dev.heddle.LoopLocal;
import dev.heddle.Task;
import dev.heddle.http.internal.server.ResponseBody;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The state of one request: what the router, middleware and handlers have found out about it, and the bodies they have
 * made for it.
 */
final class RequestState {

    /**
     * The requests that the tasks of a loop are answering. A class of its own, to be known in a heap dump: a task that
     * holds the map itself would seem to hold all others.
     */
    static final class Answered {

        final IdentityHashMap<Task<?>, RequestState> byTask = new IdentityHashMap<>();
    }

    private static final LoopLocal<Answered> ANSWERED = LoopLocal.withInitial(Answered::new);

    /** What stands in the places of the route, decoded. */
    Map<String, String> parameters = Map.of();

    @Nullable String user;
    @Nullable Session session;

    /** Keys at even and values at odd places: few, so they are looked through one by one. */
    private @Nullable List<Object> attributes;

    private @Nullable List<ResponseBody> given;

    // ---- the request of the current task ----

    /** That of the handler that calls; null where the caller is no handler's task. */
    static @Nullable RequestState current() {
        try {
            return answered().byTask.get(Heddle.currentTask());
        } catch (IllegalStateException e) {
            // Off the loops, as where routes are made.
            return null;
        }
    }

    /** Those that the tasks of the calling loop are answering. */
    static Answered answered() {
        return ANSWERED.get();
    }

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
