package dev.heddle.http.server;

import dev.heddle.http.StatusException;
import dev.heddle.http.internal.codec.PathParameterType;
import dev.heddle.http.internal.codec.RequestParser;
import dev.heddle.http.internal.codec.RouteTemplate;
import dev.heddle.http.internal.codec.Target;
import dev.heddle.http.internal.syntax.FieldSyntax;
import dev.heddle.http.internal.syntax.HttpMethod;
import dev.heddle.http.internal.syntax.PathSegments;
import dev.heddle.internal.sight.Kernel;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The router of requests to handlers: a tree of path segments, with a table in front of it for the paths without
 * places. Mounted routes are in the same tree, so a path has all its methods in one place, wherever they were mounted
 * from.
 *
 * <p>Of several routes that match, the one with the earlier literal segment wins, then the one with the narrower place:
 * {@code /users/me} before {@code /users/{id:int}} before {@code /users/{id}} before {@code /{path...}}. A path that
 * exists without the method gives 405 and names the methods that do.
 *
 * <p>Threads: built in one, then any.
 */
final class Router implements Handler {

    /** The one answer for all that is not there, or not to be seen. */
    static final Response NOT_FOUND = ErrorResponse.of(404, "Not Found");

    private static final class Node {
        final Map<String, Node> literals = new HashMap<>();
        final Map<PathParameterType, Node> places = new EnumMap<>(PathParameterType.class);
        @Nullable PathMethods endpoint;
        @Nullable PathMethods rest;
    }

    private final Node root = new Node();
    private final Map<String, PathMethods> exact = new HashMap<>();
    private final Set<String> methods = HttpMethod.ofResources();

    /** Who answers for what is not there: the first that covers the path, the longest prefixes first. */
    private final List<MiddlewareStack> prefixes = new ArrayList<>();

    /**
     * Adds a route.
     *
     * @param method or {@link PathMethods#ANY}
     * @throws IllegalArgumentException if there is one already for the method and the same path
     */
    void add(String method, RouteTemplate template, Handler handler, RouteOptions options) {
        if (!FieldSyntax.isToken(method) || method.length() > RequestParser.MAX_METHOD) {
            throw new IllegalArgumentException("not a method: " + FieldSyntax.printable(method));
        }
        PathMethods endpoint = endpointFor(template);
        String label = method.equals(PathMethods.ANY) ? template.text() : method + " " + template.text();
        if (!endpoint.add(method,
                new PathMethods.Route(handler, label, template.text(), template.names(), options))) {
            throw new IllegalArgumentException("there is a route already: " + method + " " + template.text());
        }
        if (!method.equals(PathMethods.ANY)) {
            methods.add(method);
        }
        if (template.isLiteral()) {
            exact.put(template.text(), endpoint);
        }
    }

    /** Has middleware answer for what is not there at or below its prefix; of two for the same prefix the first. */
    void addPrefix(MiddlewareStack layers) {
        if (layers.isEmpty()) {
            return;
        }
        int at = 0;
        while (at < prefixes.size() && prefixes.get(at).prefix().size() >= layers.prefix().size()) {
            at++;
        }
        prefixes.add(at, layers);
    }

    private PathMethods endpointFor(RouteTemplate template) {
        Node node = root;
        for (String segment : template.segments()) {
            if (segment.equals(RouteTemplate.REST)) {
                node.rest = node.rest == null ? new PathMethods() : node.rest;
                return node.rest;
            }
            PathParameterType place = PathParameterType.ofMark(segment);
            node = place == null
                    ? node.literals.computeIfAbsent(segment, s -> new Node())
                    : node.places.computeIfAbsent(place, p -> new Node());
        }
        node.endpoint = node.endpoint == null ? new PathMethods() : node.endpoint;
        return node.endpoint;
    }

    @Override
    public Response handle(Request request) throws Exception {
        Target target = request.head().target();
        String method = request.method();
        PathMethods known = exact.get(target.path());
        PathMethods.Route route = known == null ? null : known.find(method);
        if (route != null) {
            return run(route, request, List.of());
        }
        List<String> segments = target.path().equals("*") ? null : PathSegments.of(target.path());
        if (segments == null) {
            return missed(request, List.of(), new PathMethods.Allowed());
        }
        var search = new Search(method, segments);
        search.visit(root, 0);
        route = search.found;
        return route == null
                ? missed(request, segments, search.allowed())
                : run(route, request, search.values);
    }

    private static Response run(PathMethods.Route route, Request request, List<String> values) throws Exception {
        Kernel.label(route.label());
        request.source().routed(route.path());
        if (!values.isEmpty()) {
            request.state().parameters = parameters(route.names(), values);
        }
        if (route.options().maxBodyBytes() != RouteOptions.SERVER_LIMIT) {
            request.body().maxBytes(route.options().maxBodyBytes());
        }
        return route.handler().handle(request);
    }

    /** Answers for a path or method that no route has, inside the middleware of its prefix. */
    private Response missed(Request request, List<String> segments, PathMethods.Allowed allowed) throws Exception {
        for (MiddlewareStack layers : prefixes) {
            if (layers.covers(segments)) {
                return layers.around(r -> miss(r, allowed)).handle(request);
            }
        }
        return miss(request, allowed);
    }

    private Response miss(Request request, PathMethods.Allowed allowed) {
        String method = request.method();
        if (!methods.contains(method)) {
            throw new StatusException(501, "Not Implemented");
        }
        if (request.head().target().path().equals("*")) {
            return Response.empty(204).withHeader("Allow", PathMethods.allow(methods));
        }
        if (allowed.isEmpty()) {
            return NOT_FOUND;
        }
        if (method.equals("OPTIONS")) {
            return Response.empty(204).withOnlyHeaders(allowed.headers());
        }
        throw new StatusException(405, "Method Not Allowed", allowed.headers());
    }

    private static Map<String, String> parameters(List<String> names, List<String> values) {
        if (names.size() == 1) {
            return Map.of(names.getFirst(), values.getFirst());
        }
        var parameters = new HashMap<String, String>();
        for (int i = 0; i < names.size(); i++) {
            parameters.put(names.get(i), values.get(i));
        }
        return parameters;
    }

    /** One walk over the tree, literals first, until a route for the method is found. No node is visited twice. */
    private static final class Search {
        private final String method;
        private final List<String> segments;
        private final List<String> values = new ArrayList<>(2);
        private PathMethods.@Nullable Route found;

        /** What the path allows in place of the method; null while no path fits. */
        private PathMethods.@Nullable Allowed allowed;

        Search(String method, List<String> segments) {
            this.method = method;
            this.segments = segments;
        }

        boolean visit(Node node, int depth) {
            if (depth == segments.size()) {
                return accept(node.endpoint);
            }
            String segment = segments.get(depth);
            Node literal = node.literals.get(segment);
            if (literal != null && visit(literal, depth + 1)) {
                return true;
            }
            if (!node.places.isEmpty() && visitPlaces(node, segment, depth)) {
                return true;
            }
            return node.rest != null && acceptRest(node.rest, segments.subList(depth, segments.size()));
        }

        private boolean visitPlaces(Node node, String segment, int depth) {
            for (Map.Entry<PathParameterType, Node> place : node.places.entrySet()) {
                if (place.getKey().takes(segment)) {
                    values.add(segment);
                    if (visit(place.getValue(), depth + 1)) {
                        return true;
                    }
                    values.removeLast();
                }
            }
            return false;
        }

        private boolean accept(@Nullable PathMethods endpoint) {
            if (endpoint == null) {
                return false;
            }
            found = endpoint.find(method);
            if (found == null) {
                allowed = allowed();
                endpoint.addAllowed(allowed);
            }
            return found != null;
        }

        PathMethods.Allowed allowed() {
            return allowed == null ? new PathMethods.Allowed() : allowed;
        }

        private boolean acceptRest(PathMethods endpoint, List<String> rest) {
            for (String segment : rest) {
                if (segment.indexOf('/') >= 0) {
                    // Joined with real slashes nobody could tell it from two segments.
                    return false;
                }
            }
            values.add(String.join("/", rest));
            if (accept(endpoint)) {
                return true;
            }
            values.removeLast();
            return false;
        }
    }
}
