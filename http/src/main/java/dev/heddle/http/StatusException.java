package dev.heddle.http;

import dev.heddle.HeddleException;

/**
 * Ends a request with a status of the thrower's choice.
 *
 * <p>A handler may throw it from anywhere; the server answers with the status and the message as plain text, so the
 * message must be fit for the peer's eyes. The server throws it from the calls that read a request's body.
 */
public final class StatusException extends HeddleException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String text;

    /**
     * Makes an end with a status.
     *
     * @param status 400 to 599
     * @param message what the peer is told
     */
    public StatusException(int status, String message) {
        super(message);
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("status is " + status + ", must be an error: 400 to 599");
        }
        this.status = status;
        this.text = message;
    }

    /** The status to answer with, 400 to 599. */
    public int status() {
        return status;
    }

    /** What the peer is told. */
    String text() {
        return text;
    }
}
