package dev.heddle.http.server;

import dev.heddle.CancelledException;
import dev.heddle.http.StatusException;
import dev.heddle.http.internal.codec.StatusLines;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The error pages of a server: the user's own, or one line of text, or a problem for JSON and parameters that were
 * refused. Never more than the thrower of a {@link StatusException} has meant for them.
 */
record ErrorPages(@Nullable BiFunction<? super Request, Integer, Response> page) {

    /** One line of text. */
    static final ErrorPages DEFAULT = new ErrorPages(null);

    /** The response that an exception stands for. */
    Response of(Request request, StatusException e) {
        return page == null
                ? ErrorResponse.of(e)
                : ErrorResponse.withHeaders(of(request, e.status(), e.text()), e);
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
        return ErrorResponse.of(status, text);
    }

    /** What a handler has given, with the page in place of the one answer for all that is not there. */
    Response settled(Request request, Response response) {
        if (response == null) {
            throw new IllegalStateException("the handler returned null");
        }
        return page != null && response == Router.NOT_FOUND ? of(request, 404, StatusLines.phrase(404)) : response;
    }
}
