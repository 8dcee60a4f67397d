package dev.heddle.http.server;

import dev.heddle.http.WebSocketOptions;
import dev.heddle.http.testing.TestClient;
import java.nio.file.Path;
import java.util.Objects;

/**
 * The builder of routes that a server and the {@link Routes} mounted in it have in common: handlers for methods and
 * paths, files, WebSockets, and middleware around them. What a path may be stands at {@link Routes}.
 *
 * <p>Threads: filled by one. To test routes, give them to {@link TestClient#of(Routes)}.
 *
 * @param <S> what is filled, for calls in a row
 */
public abstract sealed class RouteBuilder<S extends RouteBuilder<S>> permits Routes, HttpServer.Builder {

    RouteBuilder() {}

    /** Where all of it goes. */
    abstract Routes routes();

    abstract S self();

    /** Puts middleware around all these routes and those mounted in them, inside what was put around them before. */
    public S use(Middleware middleware) {
        routes().addMiddleware(Objects.requireNonNull(middleware));
        return self();
    }

    /** Answers GET, and HEAD, on a path. */
    public S get(String path, Handler handler) {
        return route("GET", path, handler);
    }

    /** Answers GET, and HEAD, on a path. */
    public S get(String path, RouteOptions options, Handler handler) {
        return route("GET", path, options, handler);
    }

    /** Answers POST on a path. */
    public S post(String path, Handler handler) {
        return route("POST", path, handler);
    }

    /** Answers POST on a path. */
    public S post(String path, RouteOptions options, Handler handler) {
        return route("POST", path, options, handler);
    }

    /**
     * Answers QUERY on a path (RFC 10008): a question whose words are the body, and which changes nothing.
     * {@link RouteOptions#withAcceptQuery} tells which media types of questions the path takes.
     */
    public S query(String path, Handler handler) {
        return route("QUERY", path, handler);
    }

    /** Answers QUERY on a path. */
    public S query(String path, RouteOptions options, Handler handler) {
        return route("QUERY", path, options, handler);
    }

    /** Answers PUT on a path. */
    public S put(String path, Handler handler) {
        return route("PUT", path, handler);
    }

    /** Answers PUT on a path. */
    public S put(String path, RouteOptions options, Handler handler) {
        return route("PUT", path, options, handler);
    }

    /** Answers PATCH on a path. */
    public S patch(String path, Handler handler) {
        return route("PATCH", path, handler);
    }

    /** Answers PATCH on a path. */
    public S patch(String path, RouteOptions options, Handler handler) {
        return route("PATCH", path, options, handler);
    }

    /** Answers DELETE on a path. */
    public S delete(String path, Handler handler) {
        return route("DELETE", path, handler);
    }

    /** Answers DELETE on a path. */
    public S delete(String path, RouteOptions options, Handler handler) {
        return route("DELETE", path, options, handler);
    }

    /** Answers all methods on a path that have no handler of their own there, unknown ones and OPTIONS too. */
    public S any(String path, Handler handler) {
        return route(PathMethods.ANY, path, handler);
    }

    /** Answers all methods on a path, as {@link #any(String, Handler)}. */
    public S any(String path, RouteOptions options, Handler handler) {
        return route(PathMethods.ANY, path, options, handler);
    }

    /**
     * Answers any method on a path, as {@link #route(String, String, RouteOptions, Handler)} with the default options.
     */
    public S route(String method, String path, Handler handler) {
        return route(method, path, RouteOptions.DEFAULT, handler);
    }

    /**
     * Answers any method on a path.
     *
     * @param method in the case that peers write it
     * @throws IllegalArgumentException if the path is malformed; a malformed method is found when the server is built
     */
    public S route(String method, String path, RouteOptions options, Handler handler) {
        routes().addRoute(method, path, Objects.requireNonNull(options), Objects.requireNonNull(handler));
        return self();
    }

    /** Opens a WebSocket for each GET on a path that asks for one, as {@link WebSocketOptions#DEFAULT} says. */
    public S webSocket(String path, WebSocketHandler handler) {
        return webSocket(path, WebSocketOptions.DEFAULT, handler);
    }

    /**
     * Opens a WebSocket for each GET on a path that asks for one; others get 426. To ask for more, such as a user,
     * before it is opened, take {@link #get(String, Handler)} and {@link Response#webSocket}.
     */
    public S webSocket(String path, WebSocketOptions options, WebSocketHandler handler) {
        Objects.requireNonNull(options);
        Objects.requireNonNull(handler);
        return get(path, request -> Response.webSocket(request, options, handler));
    }

    /** Serves the files below a directory, as {@link FileOptions#DEFAULT} says. */
    public S files(String prefix, Path directory) {
        return files(prefix, directory, FileOptions.DEFAULT);
    }

    /**
     * Serves the files below a directory. What is outside of it or behind a symbolic link does not exist for peers.
     *
     * @param prefix the path that stands for the directory, such as {@code /static}
     * @param directory may itself be a symbolic link; need not exist yet
     */
    public S files(String prefix, Path directory, FileOptions options) {
        routes().addFiles(prefix, directory, options);
        return self();
    }

    /**
     * Puts other routes below a prefix.
     *
     * @param prefix a path such as {@code /api}, which may have places; {@code /} for none
     * @throws IllegalArgumentException if the prefix is malformed
     */
    public S mount(String prefix, Routes inner) {
        routes().addMount(prefix, Objects.requireNonNull(inner));
        return self();
    }
}
