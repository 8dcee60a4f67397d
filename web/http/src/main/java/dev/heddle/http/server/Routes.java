package dev.heddle.http.server;

import dev.heddle.http.internal.codec.RouteTemplate;
import dev.heddle.http.testing.TestClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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
 * <p>A route's path is literal segments and places. {@code {name}} stands for one segment that is not empty, {@code
 * {name...}} at the end for one or more; {@code {name:int}}, {@code {name:long}} and {@code {name:uuid}} for one that
 * can be read so, in plain decimal digits or as RFC 9562 writes it: any other is no such path. Literal segments win
 * over places, narrow places over wide ones, and the order in which routes are added means nothing.
 *
 * <p>In mounted routes {@code /} is the prefix itself, without a slash at its end. What stands in a server's routes is
 * fixed when the server is built.
 *
 * <p>Threads: filled by one thread; servers may then be built of it in any. To test routes, give them to {@link
 * TestClient#of(Routes)}.
 */
public final class Routes extends RouteBuilder<Routes> {

    /** Deeper mounts are a circle. */
    private static final int MAX_NESTED = 50;

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

    @Override
    Routes routes() {
        return this;
    }

    @Override
    Routes self() {
        return this;
    }

    void addMiddleware(Middleware outer) {
        middleware.add(outer);
    }

    void addMount(String prefix, Routes inner) {
        RouteTemplate template = RouteTemplate.parse(prefix);
        if (template.segments().contains(RouteTemplate.REST)) {
            throw new IllegalArgumentException("nothing can be below " + prefix);
        }
        mounts.add(new Mount(template, inner));
    }

    void addFiles(String prefix, Path directory, FileOptions options) {
        String base = withoutSlash(prefix);
        PrefixedHandler files = outer -> new StaticFiles(outer + base, directory, options);
        if (!base.isEmpty()) {
            add("GET", base, RouteOptions.DEFAULT, files);
        }
        add("GET", base + "/{path...}", RouteOptions.DEFAULT, files);
    }

    void addRoute(String method, String path, RouteOptions options, Handler handler) {
        add(method, path, options, prefix -> handler);
    }

    private void add(String method, String path, RouteOptions options, PrefixedHandler handler) {
        routes.add(new Route(method, RouteTemplate.parse(path), options, handler));
    }

    private static String withoutSlash(String prefix) {
        return prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
    }

    /**
     * All routes, with those mounted in them, as they are now.
     *
     * @throws IllegalArgumentException if two have the same method and path, or one is mounted in itself
     */
    Router router(ErrorPages pages) {
        var router = new Router();
        addTo(router, "", new MiddlewareStack(List.of(), List.copyOf(middleware), pages), 0);
        return router;
    }

    private void addTo(Router router, String prefix, MiddlewareStack layers, int depth) {
        if (depth > MAX_NESTED) {
            throw new IllegalArgumentException("routes are mounted in themselves, or too deep: " + prefix);
        }
        router.addPrefix(layers);
        for (Route route : routes) {
            var innermost = new RouteHandler(JsonWriter.writing(route.handler().at(prefix)), route.options());
            router.add(route.method(), route.template().below(prefix), layers.around(innermost),
                    route.options());
        }
        for (Mount mount : mounts) {
            String inner = prefix + withoutSlash(mount.prefix().text());
            List<String> segments = inner.isEmpty() ? List.of() : RouteTemplate.parse(inner).segments();
            mount.routes().addTo(
                    router, inner, layers.below(segments, mount.routes().middleware), depth + 1);
        }
    }
}
