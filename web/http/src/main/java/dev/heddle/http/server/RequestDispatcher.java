package dev.heddle.http.server;

import dev.heddle.ClosedException;
import dev.heddle.DeadlineExceededException;
import dev.heddle.GroupException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.http.StatusException;
import dev.heddle.http.internal.codec.RequestHead;
import dev.heddle.http.internal.codec.StatusLines;
import dev.heddle.http.internal.server.HandlerFailure;
import dev.heddle.http.internal.server.RequestAnswerer;
import dev.heddle.http.internal.server.RequestSource;
import dev.heddle.http.internal.server.ServerResponse;
import dev.heddle.http.internal.syntax.HttpMethod;
import dev.heddle.http.internal.syntax.Protocol;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The dispatcher of requests to their handlers, whatever the protocol; it turns what goes wrong into responses. */
final class RequestDispatcher implements RequestAnswerer {

    private final Handler handler;
    private final ErrorPages pages;
    private final @Nullable String requestIdField;
    private final RequestSettings settings;

    RequestDispatcher(ServerConfig config, RequestSettings settings) {
        this.handler = config.handler();
        this.pages = config.pages();
        this.requestIdField = config.requestIdField();
        this.settings = settings;
    }

    @Override
    public ServerResponse answer(RequestHead head, RequestSource source) {
        var request = new Request(head, source, settings);
        RequestState state = request.state();
        RealResponse response = null;
        RequestState.Answered answered = RequestState.answered();
        Task<?> task = Heddle.currentTask();
        RequestState before = answered.byTask.put(task, state);
        try {
            response = (RealResponse) withAlternative(head, withId(request, answered(request)));
            return response;
        } finally {
            if (before == null) {
                answered.byTask.remove(task);
            } else {
                answered.byTask.put(task, before);
            }
            request.body().release();
            state.release(response == null ? null : response.body());
        }
    }

    private Response answered(Request request) {
        try {
            Response response = pages.settled(request, handler.handle(request)).forRequest(request.state());
            return request.body().keepFor(JsonWriter.written(request, response));
        } catch (Throwable e) {
            StatusException told = pages.statusOf(e);
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

    private Response withId(Request request, Response response) {
        return requestIdField == null ? response : response.withHeader(requestIdField, request.id().orElseThrow());
    }

    private Response withAlternative(RequestHead head, Response response) {
        String alternative = settings.alternative();
        return alternative == null || head.protocol() == Protocol.HTTP_3
                ? response
                : response.withHeader("Alt-Svc", alternative);
    }

    /** 503 where the time was over, 507 (RFC 4918, 11.5) where there was no room for what a request wants stored, else 500. */
    private static int failureStatus(Request request, Throwable failure) {
        List<Throwable> leaves = GroupException.leaves(failure);
        if (leaves.stream().allMatch(DeadlineExceededException.class::isInstance)) {
            return 503;
        }
        return !HttpMethod.isSafe(request.method()) && leaves.stream().allMatch(UploadSpool::isFull) ? 507 : 500;
    }

    @Override
    public ServerResponse error(StatusException told) {
        return (RealResponse) pages.of(told);
    }

    @Override
    public @Nullable StatusException statusOf(Throwable failure) {
        return pages.statusOf(failure);
    }

    @Override
    public void failed(RequestHead head, Throwable failure) {
        ServerLog.handlerFailed(head, failure);
    }
}
