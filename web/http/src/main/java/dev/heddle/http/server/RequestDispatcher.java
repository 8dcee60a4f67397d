package dev.heddle.http.server;

import dev.heddle.BrokenException;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.GroupException;
import dev.heddle.http.JsonException;
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
            StatusException told = statusOf(e);
            if (told != null) {
                return pages.of(request, told);
            }
            throwIfCancel(e);
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

    /**
     * The status that a failure stands for: its own, or that of a group in which every failure has one. Of several, one
     * of the server's fault goes before one of the client's, and else the first before the others.
     *
     * @return null if something else has failed too, which an answer must not hide
     */
    static @Nullable StatusException statusOf(Throwable failure) {
        StatusException gravest = null;
        for (Throwable leaf : GroupException.leaves(failure)) {
            if (!(leaf instanceof StatusException each)) {
                return null;
            }
            if (gravest == null || (gravest.status() < 500 && each.status() >= 500)) {
                gravest = each;
            }
        }
        return gravest;
    }

    /** Whether a failure says nothing but that the peer is not there any more. */
    static boolean isLoss(Throwable failure) {
        return GroupException.leaves(failure).stream()
                .allMatch(leaf -> leaf instanceof BrokenException || leaf instanceof ClosedException);
    }

    /**
     * Passes a cancel on, also one that blocking code of the JDK has heard of as an interrupt. One that is not the
     * calling task's own, such as a handler has kept from elsewhere, is a failure like any other.
     *
     * @throws CancelledException if the calling task is cancelled and this is how its code says so
     */
    static void throwIfCancel(Throwable e) {
        if (e instanceof CancelledException || e instanceof InterruptedException) {
            CancelScope.throwIfCancelled();
        }
    }

    /** What the peer gets for an exception that names its status. */
    static Response error(StatusException e) {
        return withHeaders(told(e), e);
    }

    private static Response told(StatusException e) {
        if (e.getCause() instanceof JsonException refused) {
            return Response.problem(refused);
        }
        return e.parameterFaults().isEmpty()
                ? error(e.status(), e.text())
                : Response.problem(e.text(), e.parameterFaults());
    }

    /** A response with the headers that belong to the exception. */
    static Response withHeaders(Response response, StatusException e) {
        Response whole = response;
        for (int i = 0; i < e.headers().size(); i++) {
            whole = whole.withAddedHeader(e.headers().name(i), e.headers().value(i));
        }
        return whole;
    }

    /** What the peer gets for an error: the message as text. */
    static Response error(int status, String message) {
        return Response.text(message + "\n").withStatus(status);
    }
}
