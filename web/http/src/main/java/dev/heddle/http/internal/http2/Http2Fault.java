package dev.heddle.http.internal.http2;

import dev.heddle.HeddleException;

/**
 * The fault of a peer: with a stream (RFC 9113, section 5.4.2), or with the whole connection (section 5.4.1). Travels
 * from the place that sees it to the reading task, which answers with RST_STREAM or GOAWAY; no user ever sees one.
 */
public final class Http2Fault extends HeddleException {

    private static final long serialVersionUID = 1L;

    private final int stream;
    private final Http2Error error;
    private final String text;

    private Http2Fault(int stream, Http2Error error, String message) {
        super(message);
        this.stream = stream;
        this.error = error;
        this.text = message;
    }

    public static Http2Fault ofStream(int stream, Http2Error error, String message) {
        return new Http2Fault(stream, error, message);
    }

    static Http2Fault ofConnection(Http2Error error, String message) {
        return new Http2Fault(0, error, message);
    }

    /** The number of the stream; 0 if the connection cannot go on. */
    public int stream() {
        return stream;
    }

    Http2Error error() {
        return error;
    }

    /** What was wrong. */
    public String text() {
        return text;
    }

    /** Peers make these at will, and the place in our code says nothing. */
    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
