package dev.heddle.http3.internal;

import dev.heddle.HeddleException;

/**
 * The fault of a peer: with one stream, or with the whole connection (RFC 9114, section 8). Travels from the place that
 * sees it to the one that answers it; no user ever sees one.
 */
final class Http3Fault extends HeddleException {

    private static final long serialVersionUID = 1L;

    private final boolean ofConnection;
    private final Http3Error error;
    private final String text;

    private Http3Fault(boolean ofConnection, Http3Error error, String text) {
        super(text);
        this.ofConnection = ofConnection;
        this.error = error;
        this.text = text;
    }

    static Http3Fault ofStream(Http3Error error, String text) {
        return new Http3Fault(false, error, text);
    }

    static Http3Fault ofConnection(Http3Error error, String text) {
        return new Http3Fault(true, error, text);
    }

    /** Whether the connection cannot go on. */
    boolean isOfConnection() {
        return ofConnection;
    }

    Http3Error error() {
        return error;
    }

    /** What was wrong. */
    String text() {
        return text;
    }

    /** Peers make these at will, and the place in our code says nothing. */
    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
