package dev.heddle.http;

import dev.heddle.HeddleException;
import dev.heddle.http.internal.syntax.FieldSyntax;
import java.util.List;

/**
 * The exception that ends a request with a status of the thrower's choice.
 *
 * <p>A handler may throw it from anywhere; the server answers with the status and the message as plain text, so the
 * message must be fit for the peer's eyes. The server throws it from the calls that read a request's body. One that has a
 * {@link JsonException} as its cause, or faults of parameters, is answered as a problem.
 */
public final class StatusException extends HeddleException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String text;
    private final transient Headers headers;
    private final transient List<ParameterFault> parameterFaults;

    /**
     * Makes an end with a status.
     *
     * @param status 400 to 599
     * @param message what the peer is told
     */
    public StatusException(int status, String message) {
        this(status, message, Headers.EMPTY);
    }

    /**
     * Makes an end with a status, and headers that belong to it: {@code Retry-After}, {@code WWW-Authenticate}.
     *
     * @param status 400 to 599
     * @param message what the peer is told
     * @param headers added to the response
     * @throws IllegalArgumentException if a field is for the server to write
     */
    public StatusException(int status, String message, Headers headers) {
        this(status, message, headers, List.of());
    }

    private StatusException(int status, String message, Headers headers, List<ParameterFault> parameterFaults) {
        super(message);
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("status is " + status + ", must be an error: 400 to 599");
        }
        this.status = status;
        headers.forEach(FieldSyntax::checkHandlers);
        this.text = message;
        this.headers = headers;
        this.parameterFaults = parameterFaults;
    }

    /**
     * Makes an end with 400 for a document of the peer that was refused. The server answers with its words and places as
     * {@code application/problem+json} (RFC 9457), whatever the request accepts: who sends JSON can read it.
     *
     * @param refused becomes the cause
     */
    public StatusException(JsonException refused) {
        this(400, refused.text());
        initCause(refused);
    }

    /**
     * Makes an end with 400 for parameters that are not as they must be: {@code application/problem+json} too.
     *
     * @param message what the peer is told, without a value of the request
     * @param faults the same for programs, in the order of the route
     */
    public StatusException(String message, List<ParameterFault> faults) {
        this(400, message, Headers.EMPTY, List.copyOf(faults));
    }

    /** The status to answer with, 400 to 599. */
    public int status() {
        return status;
    }

    /** What the peer is told: the message as it was given. */
    public String text() {
        return text;
    }

    /** The headers of the response that belong to the status; mostly none. */
    public Headers headers() {
        return headers;
    }

    /** The parameters that are not as they must be; mostly none. */
    public List<ParameterFault> parameterFaults() {
        return parameterFaults;
    }
}
