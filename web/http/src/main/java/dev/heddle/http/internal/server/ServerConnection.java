package dev.heddle.http.internal.server;

import dev.heddle.internal.sight.Connections;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of a connection. Over TCP it is one of HTTP/1 until its first bytes say otherwise; then one of HTTP/2
 * comes in its place.
 *
 * <p>Threads: the tasks of its loop.
 */
public abstract class ServerConnection extends Connections.Link {

    /**
     * Serves the connection until it ends, and closes it. Throws nothing but a cancel from outside.
     *
     * @return what comes in its place and is to be served now; null if it has ended
     */
    protected abstract @Nullable ServerConnection serve();

    /** Ends the connection if no request is under way, or as soon as none is; called when the server stops. */
    protected abstract void closeIfIdle();

    /** Ends the connection at once. */
    protected abstract void abort();
}
