package dev.heddle.http;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Routes and the middleware around them, to be mounted in a server or in other routes.
 *
 * <pre>{@code
 * Routes api = Routes.create()
 *         .use(auth)
 *         .get("/users/{id:int}", request -> user(request.pathInt("id")))
 *         .post("/users", request -> added(request));
 * HttpServer server = HttpServer.builder().mount("/api", api).get("/", request -> Response.text("hello")).build();
 * }</pre>
 *
 * <p>A route's path is literal segments and places. {@code {name}} stands for one segment that is not empty, {@code {name...}} at the
 * end for one or more; {@code {name:int}}, {@code {name:long}} and {@code {name:uuid}} for one that can be read so, in plain decimal
 * digits or as RFC 9562 writes it: any other is no such path. Literal segments win over places, narrow places over wide ones, and the
 * order in which routes are added means nothing.
 *
 * <p>In mounted routes {@code /} is the prefix itself, without a slash at its end. What stands in a server's routes is fixed when the
 * server is built.
 *
 * <p>Threads: filled by one thread; servers may then be built of it in any. To test routes, give them to {@link TestClient#of(Routes)}.
 */
public final class Routes {

    /** Deeper mounts are a circle. */
    private static final int MOST_NESTED = 50;

    /** Makes a handler that knows the prefix under which it stands. */
    private interface PrefixedHandler {
        Handler at(String prefix);
    }

    private record Route(String method, RouteTemplate template, RouteOptions options, PrefixedHandler handler) {}

    private record Mount(RouteTemplate prefix, Routes routes) {}

    private final List<Middleware> middleware = new ArrayList<>();
    private final List<Route> routes = new ArrayList<>();
    private final List<Mount> mounts = new ArrayList<>();

    private Routes() {}

    /** No routes yet. */
    public static Routes create() {
        return new Routes();
    }

    /** Puts middleware around all these routes and those mounted in them, inside what was put around them before. */
    public Routes use(Middleware middleware) {
        this.middleware.add(Objects.requireNonNull(middleware));
        return this;
    }

    /** Answers GET, and HEAD, on a path. */
    public Routes get(String path, Handler handler) {
        return route("GET", path, handler);
    }

    /** Answers GET, and HEAD, on a path. */
    public Routes get(String path, RouteOptions options, Handler handler) {
        return route("GET", path, options, handler);
    }

    /** Answers POST on a path. */
    public Routes post(String path, Handler handler) {
        return route("POST", path, handler);
    }

    /** Answers POST on a path. */
    public Routes post(String path, RouteOptions options, Handler handler) {
        return route("POST", path, options, handler);
    }

    /** Answers PUT on a path. */
    public Routes put(String path, Handler handler) {
        return route("PUT", path, handler);
    }

    /** Answers PUT on a path. */
    public Routes put(String path, RouteOptions options, Handler handler) {
        return route("PUT", path, options, handler);
    }

    /** Answers PATCH on a path. */
    public Routes patch(String path, Handler handler) {
        return route("PATCH", path, handler);
    }

    /** Answers PATCH on a path. */
    public Routes patch(String path, RouteOptions options, Handler handler) {
        return route("PATCH", path, options, handler);
    }

    /** Answers DELETE on a path. */
    public Routes delete(String path, Handler handler) {
        return route("DELETE", path, handler);
    }

    /** Answers DELETE on a path. */
    public Routes delete(String path, RouteOptions options, Handler handler) {
        return route("DELETE", path, options, handler);
    }

    /** Answers all methods on a path that have no handler of their own there, unknown ones and OPTIONS too. */
    public Routes any(String path, Handler handler) {
        return route(Endpoint.ANY, path, handler);
    }

    /** Answers all methods on a path, as {@link #any(String, Handler)}. */
    public Routes any(String path, RouteOptions options, Handler handler) {
        return route(Endpoint.ANY, path, options, handler);
    }

    /** Answers any method on a path, as {@link #route(String, String, RouteOptions, Handler)} with the default options. */
    public Routes route(String method, String path, Handler handler) {
        return route(method, path, RouteOptions.DEFAULT, handler);
    }

    /**
     * Answers any method on a path.
     *
     * @param method in the case that peers write it
     * @throws IllegalArgumentException if the path is malformed; a malformed method is found when the server is built
     */
    public Routes route(String method, String path, RouteOptions options, Handler handler) {
        Objects.requireNonNull(handler);
        return add(method, path, options, prefix -> handler);
    }

    /** Opens a WebSocket for each GET on a path that asks for one, as {@link WebSocketOptions#DEFAULT} says. */
    public Routes webSocket(String path, WebSocketHandler handler) {
        return webSocket(path, WebSocketOptions.DEFAULT, handler);
    }

    /**
     * Opens a WebSocket for each GET on a path that asks for one; others get 426. To ask for more, such as a user, before it is
     * opened, take {@link #get(String, Handler)} and {@link Response#webSocket}.
     */
    public Routes webSocket(String path, WebSocketOptions options, WebSocketHandler handler) {
        Objects.requireNonNull(options);
        Objects.requireNonNull(handler);
        return get(path, request -> Response.webSocket(request, options, handler));
    }

    /** Serves the files below a directory, as {@link FileOptions#DEFAULT} says. */
    public Routes files(String prefix, Path directory) {
        return files(prefix, directory, FileOptions.DEFAULT);
    }

    /**
     * Serves the files below a directory. What is outside of it or behind a symbolic link does not exist for peers.
     *
     * @param prefix the path that stands for the directory, such as {@code /static}
     * @param directory may itself be a symbolic link; need not exist yet
     */
    public Routes files(String prefix, Path directory, FileOptions options) {
        String base = withoutSlash(prefix);
        PrefixedHandler files = outer -> new StaticFiles(outer + base, directory, options);
        if (!base.isEmpty()) {
            add("GET", base, RouteOptions.DEFAULT, files);
        }
        return add("GET", base + "/{path...}", RouteOptions.DEFAULT, files);
    }

    /**
     * Puts other routes below a prefix.
     *
     * @param prefix a path such as {@code /api}, which may have places; {@code /} for none
     * @throws IllegalArgumentException if the prefix is malformed
     */
    public Routes mount(String prefix, Routes inner) {
        RouteTemplate template = RouteTemplate.parse(prefix);
        if (template.segments().contains(RouteTemplate.REST)) {
            throw new IllegalArgumentException("nothing can be below " + prefix);
        }
        mounts.add(new Mount(template, Objects.requireNonNull(inner)));
        return this;
    }

    private Routes add(String method, String path, RouteOptions options, PrefixedHandler handler) {
        routes.add(new Route(method, RouteTemplate.parse(path), Objects.requireNonNull(options), handler));
        return this;
    }

    private static String withoutSlash(String prefix) {
        return prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
    }

    /** Whether there is nothing in it. */
    boolean isEmpty() {
        return routes.isEmpty() && mounts.isEmpty() && middleware.isEmpty();
    }

    /**
     * All routes, with those mounted in them, as they are now.
     *
     * @throws IllegalArgumentException if two have the same method and path, or one is mounted in itself
     */
    Router router(ErrorPages pages) {
        var router = new Router();
        addTo(router, "", new Layers(List.of(), List.copyOf(middleware), pages), 0);
        return router;
    }

    private void addTo(Router router, String prefix, Layers layers, int depth) {
        if (depth > MOST_NESTED) {
            throw new IllegalArgumentException("routes are mounted in themselves, or too deep: " + prefix);
        }
        router.addPrefix(layers);
        for (Route route : routes) {
            var innermost = new RouteHandler(JsonWriter.writing(route.handler().at(prefix)), route.options());
            router.add(route.method(), route.template().below(prefix), layers.around(innermost),
                    route.options().maxBodyBytes());
        }
        for (Mount mount : mounts) {
            String inner = prefix + withoutSlash(mount.prefix().text());
            List<String> segments = inner.isEmpty() ? List.of() : RouteTemplate.parse(inner).segments();
            mount.routes().addTo(
                    router, inner, layers.below(segments, mount.routes().middleware), depth + 1);
        }
    }
}
