package dev.heddle.http.internal.http2;

/**
 * The role of one side, server or client: what the two do differently on the same connection. Called by the reading
 * task, so nothing here waits; each method may throw {@link Http2Fault}.
 */
public interface Http2Role {

    /** Whether the peer opens the streams that carry requests, with odd numbers. */
    boolean isServer();

    /**
     * The peer has opened a stream, if this is a server.
     *
     * @param fields good for this call only
     * @param end whether there is no body
     */
    void opened(Http2Stream stream, Http2Fields fields, boolean end);

    /** More fields on an open stream: a response, or trailers. */
    void headers(Http2Stream stream, Http2Fields fields, boolean end);

    /** The peer will take no stream beyond this number: those never reached it and may be tried elsewhere. */
    void goAway(int lastStream, Http2Error error);

    /** All that has come is read, and now more is waited for, if it has not come meanwhile. */
    default void awaitsMore() {}

    /** More or fewer streams may be {@link Http2Streams#openable} than before. */
    default void openableChanged() {}
}
