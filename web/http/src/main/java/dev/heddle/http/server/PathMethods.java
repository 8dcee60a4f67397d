package dev.heddle.http.server;

import java.util.LinkedHashMap;
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
     * @param maxBodyBytes the route's own limit, or {@link RouteOptions#SERVER_LIMIT}
     */
    record Route(Handler handler, String label, String path, List<String> names, long maxBodyBytes) {}

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

    /** Adds the methods that get an answer here. */
    void addAllowed(Set<String> methods) {
        methods.addAll(routes.keySet());
        if (routes.containsKey("GET")) {
            methods.add("HEAD");
        }
        methods.add("OPTIONS");
    }

    /** Methods as the Allow field has them. */
    static String allow(Set<String> methods) {
        return String.join(", ", new TreeSet<>(methods));
    }
}
