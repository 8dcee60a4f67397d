package dev.heddle.http.server;

import dev.heddle.http.StatusException;
import dev.heddle.http.internal.codec.PathParameterType;
import java.util.ArrayList;
import java.util.List;

/**
 * The middleware around some routes, outermost first, and the prefix below which it also answers for what is not there.
 *
 * @param prefix the segments of the prefix; places match as in routes
 */
record MiddlewareStack(List<String> prefix, List<Middleware> middleware, ErrorPages pages) {

    /** Those of routes that are mounted in these. */
    MiddlewareStack below(List<String> deeper, List<Middleware> inner) {
        var all = new ArrayList<>(middleware);
        all.addAll(inner);
        return new MiddlewareStack(deeper, List.copyOf(all), pages);
    }

    /** A handler with the middleware around it; itself if there is none. */
    Handler around(Handler handler) {
        Handler whole = handler;
        for (Middleware each : middleware.reversed()) {
            Handler next = settled(whole);
            whole = request -> each.handle(request, next);
        }
        return whole;
    }

    /** What middleware sees of what is further in: responses, and the exceptions that stand for none. */
    private Handler settled(Handler handler) {
        return request -> {
            try {
                Response response = pages.settled(request, handler.handle(request)).forRequest(request.state());
                request.state().gave(response.body());
                return response;
            } catch (Exception e) {
                StatusException told = pages.statusOf(e);
                if (told == null) {
                    throw e;
                }
                return pages.of(request, told);
            }
        };
    }

    boolean isEmpty() {
        return middleware.isEmpty();
    }

    /** Whether a path, cut and decoded, is at or below the prefix. */
    boolean covers(List<String> segments) {
        if (segments.size() < prefix.size()) {
            return false;
        }
        for (int i = 0; i < prefix.size(); i++) {
            PathParameterType place = PathParameterType.ofMark(prefix.get(i));
            String segment = segments.get(i);
            if (place == null ? !prefix.get(i).equals(segment) : !place.takes(segment)) {
                return false;
            }
        }
        return true;
    }
}
