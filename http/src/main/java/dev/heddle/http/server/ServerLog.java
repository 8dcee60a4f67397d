package dev.heddle.http.server;

import dev.heddle.http.internal.codec.RequestHead;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/**
 * The log of a server for its owner, through the {@link System.Logger} {@code dev.heddle.http}. All that comes from a
 * peer is escaped, so nobody can forge a line.
 */
final class ServerLog {

    private static final Logger LOG = System.getLogger("dev.heddle.http");

    private ServerLog() {}

    static void handlerFailed(RequestHead head, Throwable failure) {
        LOG.log(Level.ERROR, "handler failed: " + head.label(), failure);
    }

    /** A deadline of a route has passed; says what the handler was about, as far as one knows. */
    static void handlerLate(Request request, Duration deadline) {
        LOG.log(Level.WARNING, "handler cancelled after " + deadline + " while "
                + (request.source().isEnded() ? "making the response: " : "the body was not read to its end: ")
                + request.head().label());
    }

    static void fileFailed(OpenFile file, Throwable failure) {
        LOG.log(Level.WARNING, "reading failed in the middle of a response: " + file, failure);
    }

    static void uploadFailed(Throwable failure) {
        LOG.log(Level.WARNING, "uploaded files could not be kept on the disk", failure);
    }

    /** A connection that ended before its first request: the everyday life of an open port. */
    static void notEntered(String remoteAddress, Throwable failure) {
        if (LOG.isLoggable(Level.DEBUG)) {
            LOG.log(Level.DEBUG, "refused the connection of " + remoteAddress, failure);
        }
    }

    static void accessLogFailed(Throwable failure) {
        LOG.log(Level.WARNING, "the access log failed; its record is lost", failure);
    }

    static void accessRecordsDropped(long records) {
        LOG.log(Level.WARNING, "the access log is too slow or cannot be written: " + records + " records are lost");
    }

    static void checkFailed(String name, Throwable failure) {
        LOG.log(Level.WARNING, "readiness check failed: " + name, failure);
    }

    static void checkLate(String name, Duration deadline) {
        LOG.log(Level.WARNING, "readiness check took longer than " + deadline + ": " + name);
    }

    static void stillRunning(int connections) {
        LOG.log(Level.WARNING, "server stopped, but " + connections + " handlers go on after their cancel");
    }
}
