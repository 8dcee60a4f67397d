package dev.heddle.http.server;

import dev.heddle.CancelledException;
import dev.heddle.http.StatusException;
import dev.heddle.http.internal.codec.StatusLines;
import dev.heddle.http.internal.server.HandlerFailure;
import dev.heddle.http.internal.server.ResponseBody;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The error pages of a server: the user's own, or one line of text, or a problem, which JSON and parameters that were
 * refused are always. Never more than the thrower of a {@link StatusException} has meant for them.
 *
 * @param page the user's own; null for none
 * @param problems whether errors that are plain text become problems
 * @param statuses of exceptions of the program
 */
record ErrorPages(
        @Nullable BiFunction<? super Request, Integer, Response> page,
        boolean problems,
        List<ExceptionStatus<?>> statuses) {

    /** One line of text. */
    static final ErrorPages DEFAULT = new ErrorPages(null, false, List.of());

    /** What an exception of one class stands for. */
    record ExceptionStatus<E>(Class<E> type, Function<? super E, StatusException> status) {

        /** Null for another exception. If the program fails at it, the failure is noted in the exception. */
        @Nullable StatusException of(Throwable e) {
            try {
                return type.isInstance(e) ? Objects.requireNonNull(status.apply(type.cast(e))) : null;
            } catch (RuntimeException failure) {
                e.addSuppressed(failure);
                return null;
            }
        }
    }

    ErrorPages with(ExceptionStatus<?> more) {
        return new ErrorPages(page, problems, Stream.concat(statuses.stream(), Stream.of(more)).toList());
    }

    /** The status that a failure stands for, or null. */
    @Nullable StatusException statusOf(Throwable failure) {
        return HandlerFailure.statusOf(failure, this::told);
    }

    private @Nullable StatusException told(Throwable e) {
        return e instanceof StatusException told
                ? told
                : statuses.stream().map(each -> each.of(e)).filter(Objects::nonNull).findFirst().orElse(null);
    }

    /** The response for an exception, whoever has asked. */
    Response of(StatusException e) {
        return asProblem(ErrorResponse.of(e));
    }

    /** An error that is a line of text, or nothing, with the text as the detail of a problem. */
    private Response asProblem(Response response) {
        if (!problems || response.status() < 400 || !isText(response)) {
            return response;
        }
        String title = StatusLines.phrase(response.status());
        String text = response.body instanceof ResponseBody.Bytes(byte[] bytes)
                ? new String(bytes, StandardCharsets.UTF_8).strip()
                : "";
        Response problem = Response.problem(response.status(), title, text.equals(title) ? "" : text);
        return problem.withOnlyHeaders(response.headers().with(problem.headers()));
    }

    /** The response that an exception stands for. */
    Response of(Request request, StatusException e) {
        return page == null
                ? of(e)
                : ErrorResponse.withHeaders(of(request, e.status(), e.text()), e);
    }

    private static boolean isText(Response response) {
        String type = response.headers().first("Content-Type");
        boolean isPlain = type != null && type.startsWith("text/plain")
                && !response.headers().contains("Content-Encoding");
        return response.body instanceof ResponseBody.None || (isPlain && response.body instanceof ResponseBody.Bytes);
    }

    /** The response for a status. */
    Response of(Request request, int status, String text) {
        if (page != null) {
            try {
                Response made = page.apply(request, status);
                if (made != null) {
                    Response page = made.forRequest(request.state());
                    return JsonWriter.written(request, page.status() == status ? page : page.withStatus(status));
                }
                throw new IllegalStateException("the error page for " + status + " is null");
            } catch (CancelledException e) {
                throw e;
            } catch (RuntimeException e) {
                ServerLog.handlerFailed(request.head(), e);
            }
        }
        return asProblem(ErrorResponse.of(status, text));
    }

    /** What a handler has given, with the page in place of the one answer for all that is not there. */
    Response settled(Request request, Response response) {
        if (response == null) {
            throw new IllegalStateException("the handler returned null");
        }
        return page != null && response == Router.NOT_FOUND
                ? of(request, 404, StatusLines.phrase(404))
                : asProblem(response.forRequest(request.state()));
    }
}
