package dev.heddle.http;

import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;

/** Has requests answered by their handlers, whatever the protocol, and turns what goes wrong into responses. */
final class Answers {

    private Answers() {}

    /**
     * Runs the handler of a request in the calling task.
     *
     * @throws ClosedException if the peer went away while its body was read
     * @throws CancelledException if the handler was cancelled
     */
    static Response answer(ServerRun run, RequestHead head, RequestSource source) {
        var request = new Request(head, source, run);
        ErrorPages pages = run.setup().pages();
        try {
            return request.finish(pages.settled(request, run.setup().handler().handle(request)));
        } catch (CancelledException e) {
            throw e;
        } catch (StatusException e) {
            return pages.of(request, e);
        } catch (Throwable e) {
            if (source.isLost() || request.isAbandoned()) {
                throw new ClosedException("the peer is gone", e);
            }
            if (e instanceof InterruptedException) {
                // How blocking code of the JDK hears of the cancel of its scope.
                CancelScope.throwIfCancelled();
            }
            ServerLog.handlerFailed(head, e);
            return pages.of(request, 500, StatusLines.phrase(500));
        } finally {
            request.release();
        }
    }

    /** What the peer gets for an exception that names its status. */
    static Response error(StatusException e) {
        return error(e.status(), e.text());
    }

    /** What the peer gets for an error: the message as text. */
    static Response error(int status, String message) {
        return Response.text(message + "\n").withStatus(status);
    }
}
