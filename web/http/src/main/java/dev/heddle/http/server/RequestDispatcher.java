package dev.heddle.http.server;

import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.GroupException;
import dev.heddle.http.StatusException;
import dev.heddle.http.internal.codec.RequestHead;
import dev.heddle.http.internal.codec.StatusLines;
import org.jspecify.annotations.Nullable;

/** The dispatcher of requests to their handlers, whatever the protocol; it turns what goes wrong into responses. */
final class RequestDispatcher {

    private RequestDispatcher() {}

    /**
     * Runs the handler of a request in the calling task.
     *
     * @throws ClosedException if the peer went away while its body was read
     * @throws CancelledException if the handler was cancelled
     */
    static Response answer(ServerLoop run, RequestHead head, RequestSource source) {
        var request = new Request(head, source, run);
        Response response = null;
        RequestState before = request.state().enter();
        try {
            response = withId(run, request, answered(run, request));
            return response;
        } finally {
            request.state().leave(before);
            request.body().release();
            request.state().release(response == null ? null : response.body());
        }
    }

    private static Response answered(ServerLoop run, Request request) {
        ErrorPages pages = run.config().pages();
        try {
            Response response = pages.settled(request, run.config().handler().handle(request))
                    .forRequest(request.state());
            return request.body().keepFor(JsonWriter.written(request, response));
        } catch (Throwable e) {
            StatusException told = HandlerFailure.statusOf(e);
            if (told != null) {
                return pages.of(request, told);
            }
            HandlerFailure.throwIfCancel(e);
            if (request.body().isLost()) {
                throw new ClosedException("the peer is gone", e);
            }
            ServerLog.handlerFailed(request.head(), e);
            int status = failureStatus(request, e);
            return pages.of(request, status, StatusLines.phrase(status));
        }
    }

    private static Response withId(ServerLoop run, Request request, Response response) {
        String field = run.config().requestIdField();
        return field == null ? response : response.withHeader(field, request.id().orElseThrow());
    }

    /** 500, or 507 (RFC 4918, 11.5) where there was no room for what a request wants to have stored. */
    private static int failureStatus(Request request, Throwable failure) {
        return !CrossSiteCheck.HARMLESS.contains(request.method())
                && GroupException.leaves(failure).stream().allMatch(UploadSpool::isFull) ? 507 : 500;
    }
}
