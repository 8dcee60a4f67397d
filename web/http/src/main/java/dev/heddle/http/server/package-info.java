/**
 * The HTTP server: handlers that are plain methods, routes and the middleware around them, over HTTP/1.1, HTTP/2 and
 * WebSockets.
 *
 * <p>Read first: {@link dev.heddle.http.server.HttpServer}, {@link dev.heddle.http.server.Request},
 * {@link dev.heddle.http.server.Response}.
 *
 * <p>Threads: a handler runs in the task of its connection, with HTTP/2 in one of its own; a request and all it hands
 * out belong to that task's loop. Immutable types, such as responses, limits and options, are for any thread.
 *
 * <p>Cancellation: a cancelled call leaves its connection closed or clean, never half used.
 *
 * <p>Units: bytes unless the name says otherwise; times are {@link java.time.Duration}.
 *
 * @since 0.1
 */
@NullMarked
package dev.heddle.http.server;

import org.jspecify.annotations.NullMarked;
