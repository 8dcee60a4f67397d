package dev.heddle.http.server;

import dev.heddle.http.Headers;
import dev.heddle.http.internal.codec.QueryTypes;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The methods of one path: a handler for each. Written while the server is built, read only after. */
final class PathMethods {

    /** Stands for all methods that have no handler of their own. */
    static final String ANY = "*";

    /**
     * A handler and what its request is told before it runs.
     *
     * @param handler with all that stands around it
     * @param label the route as people write it, for who watches
     * @param path the route without its method
     * @param names how the route names the places of the path, one for each
     * @param options the route's own
     */
    record Route(Handler handler, String label, String path, List<String> names, RouteOptions options) {}

    private final Map<String, Route> routes = new LinkedHashMap<>();

    /** Adds a handler; false if there is one for the method. */
    boolean add(String method, Route route) {
        return routes.putIfAbsent(method, route) == null;
    }

    /** The route for a method; HEAD is answered by GET. */
    @Nullable Route find(String method) {
        Route route = routes.get(method);
        if (route == null && method.equals("HEAD")) {
            route = routes.get("GET");
        }
        return route == null ? routes.get(ANY) : route;
    }

    /** Adds the methods that get an answer here, and the types of questions. */
    void addAllowed(Allowed allowed) {
        allowed.methods.addAll(routes.keySet());
        if (routes.containsKey("GET")) {
            allowed.methods.add("HEAD");
        }
        allowed.methods.add("OPTIONS");
        Route query = routes.get("QUERY");
        if (query != null) {
            allowed.queryTypes.addAll(query.options().acceptQuery());
        }
    }

    /** What a path allows, as far as routes say it. */
    static final class Allowed {

        private final Set<String> methods = new TreeSet<>();
        private final Set<String> queryTypes = new LinkedHashSet<>();

        boolean isEmpty() {
            return methods.isEmpty();
        }

        /** The fields that tell it. */
        Headers headers() {
            Headers fields = Headers.of("Allow", allow(methods));
            return queryTypes.isEmpty() ? fields : fields.with(QueryTypes.FIELD, QueryTypes.field(queryTypes));
        }
    }

    /** Methods as the Allow field has them. */
    static String allow(Set<String> methods) {
        return String.join(", ", new TreeSet<>(methods));
    }
}
