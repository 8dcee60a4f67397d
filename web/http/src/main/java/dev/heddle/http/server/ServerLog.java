package dev.heddle.http.server;

import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.http.internal.codec.RequestHead;
import dev.heddle.http.internal.server.FileContent;
import dev.heddle.internal.BoundedLog;
import dev.heddle.internal.ReportLog;
import java.lang.System.Logger.Level;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The log of a server for its owner, through the {@link System.Logger} {@code dev.heddle.http}. All that comes from a
 * peer is escaped, so nobody can forge a line; and of what a peer can cause so much is written in a time, so nobody can
 * flood it.
 */
final class ServerLog {

    private static final ReportLog LOG = new ReportLog("dev.heddle.http", HttpServer.class);
    private static final ReportLog ACCESS_LOG = new ReportLog("dev.heddle.http", AccessLog.class);

    private static final BoundedLog HANDLERS = new BoundedLog(LOG);
    private static final BoundedLog DEADLINES = new BoundedLog(LOG);
    private static final BoundedLog BODIES = new BoundedLog(LOG);
    private static final BoundedLog UPLOADS = new BoundedLog(LOG);
    private static final BoundedLog ACCESS = new BoundedLog(ACCESS_LOG);
    private static final BoundedLog SPAWNED = new BoundedLog(LOG);
    private static final BoundedLog CHECKS = new BoundedLog(LOG);

    private ServerLog() {}

    static void handlerFailed(RequestHead head, Throwable failure) {
        HANDLERS.log(Level.ERROR, "handler failed: " + head.label(), failure);
    }

    /**
     * A deadline of a route has passed; says what the handler was about, as far as one knows.
     *
     * @param cut what the handler was cut off by, if it had begun
     */
    static void handlerLate(Request request, Duration deadline, @Nullable Throwable cut) {
        DEADLINES.log(Level.WARNING, "handler cancelled after " + deadline + " while "
                + (request.source().isEnded() ? "making the response: " : "the body was not read to its end: ")
                + request.head().label(), null, ReportLog.lineIn(cut));
    }

    static void fileFailed(FileContent file, Throwable failure) {
        BODIES.log(Level.WARNING, "reading failed in the middle of a response: " + file, failure);
    }

    /** What a handler has spawned ends with its request. */
    static void cutOff(Task<?> child) {
        SPAWNED.log(Level.WARNING,
                "cancelled with the request on " + Heddle.currentTask().name() + " that has spawned it: " + child.name()
                        + child.spawnedAt().map(at -> ", spawned at " + at).orElse("")
                        + "; what is to outlive its request belongs to HttpServer.background",
                null, child::spawnedAt);
    }

    static void endFailed(Throwable failure) {
        BODIES.log(Level.WARNING, "what was to be done at the end of a response failed", failure);
    }

    static void uploadFailed(Throwable failure) {
        UPLOADS.log(Level.WARNING, "uploaded files could not be kept on the disk", failure);
    }

    /** A connection that ended before its first request: the everyday life of an open port. */
    static void notEntered(String remoteAddress, Throwable failure) {
        if (LOG.isLoggable(Level.DEBUG)) {
            LOG.log(Level.DEBUG, "refused the connection of " + remoteAddress, failure);
        }
    }

    static void accessLogFailed(Throwable failure) {
        ACCESS.log(Level.WARNING, "the access log failed; its record is lost", failure);
    }

    static void accessRecordsDropped(long records) {
        ACCESS_LOG.log(Level.WARNING,
                "the access log is too slow or cannot be written: " + records + " records are lost", null);
    }

    static void checkFailed(String name, Throwable failure) {
        CHECKS.log(Level.WARNING, "readiness check failed: " + name, failure);
    }

    static void checkLate(String name, Duration deadline, @Nullable Throwable cut) {
        CHECKS.log(Level.WARNING, "readiness check took longer than " + deadline + ": " + name, null,
                ReportLog.lineIn(cut));
    }

    static void serves(String address, int loops) {
        LOG.log(Level.INFO, "serving on " + address + " with " + (loops == 1 ? "one loop" : loops + " loops")
                + "; SIGTERM or Ctrl-C stops in order", null);
    }

    static void onOneLoop(String address, int loops) {
        LOG.log(Level.INFO, "the server on " + address + " serves on one loop of " + loops
                + "; startOnAllLoops(...) and serveOnAllLoops(...) serve on all", null);
    }

    static void endedWithOwner(String address, String owner) {
        LOG.log(Level.INFO,
                "the server on " + address + " ends, since task " + owner + " that has started it has ended;"
                        + " serve(...) keeps its task waiting",
                null);
    }

    static void stopCut(String what) {
        LOG.log(Level.WARNING, what, null);
    }

    static void stillRunning(int connections) {
        LOG.log(Level.WARNING, "server stopped, but " + connections + " handlers go on after their cancel", null);
    }
}
