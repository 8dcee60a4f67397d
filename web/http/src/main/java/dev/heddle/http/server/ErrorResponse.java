package dev.heddle.http.server;

import dev.heddle.http.JsonException;
import dev.heddle.http.StatusException;

/** The response for an error, as the server itself words it. */
final class ErrorResponse {

    private ErrorResponse() {}

    /** What the peer gets for an error: the message as text. */
    static Response of(int status, String message) {
        return Response.text(message + "\n").withStatus(status);
    }

    /** What the peer gets for an exception that names its status. */
    static Response of(StatusException e) {
        return withHeaders(told(e), e);
    }

    private static Response told(StatusException e) {
        if (e.getCause() instanceof JsonException refused) {
            return Response.problem(refused);
        }
        return e.parameterFaults().isEmpty()
                ? of(e.status(), e.text())
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
}
