package dev.heddle.http;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * What a server tells its owner, through the {@link System.Logger} {@code dev.heddle.http}. All that comes from a peer is
 * escaped, so nobody can forge a line.
 */
final class ServerLog {

    private static final Logger LOG = System.getLogger("dev.heddle.http");

    private ServerLog() {}

    static void handlerFailed(RequestHead head, Throwable failure) {
        LOG.log(Level.ERROR, "handler failed: " + FieldSyntax.printable(head.method() + " " + head.rawTarget()),
                failure);
    }

    static void fileFailed(OpenFile file, Throwable failure) {
        LOG.log(Level.WARNING, "reading failed in the middle of a response: " + file, failure);
    }

    /** Peers that go away are everyday life. */
    static void disconnected(ServerConnection connection, Throwable failure) {
        if (LOG.isLoggable(Level.DEBUG)) {
            LOG.log(Level.DEBUG, "lost " + connection, failure);
        }
    }

    static void stillRunning(int connections) {
        LOG.log(Level.WARNING, "server stopped, but " + connections + " handlers go on after their cancel");
    }
}
