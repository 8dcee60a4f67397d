package dev.heddle.http.internal.server;

import dev.heddle.BrokenException;
import dev.heddle.http.Headers;
import dev.heddle.http.StatusException;
import dev.heddle.io.ByteStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The source of a request and its body: a connection of HTTP/1, or a stream of HTTP/2. One for each request. How long
 * the body may be is the request's business, since routes differ in it.
 */
public interface RequestSource {

    /**
     * Reads from the body, waiting while there is nothing.
     *
     * @return how many bytes, at least 1; 0 only if the target has no room; -1 at the end
     * @throws StatusException if the body is malformed or ends early
     * @throws BrokenException if the connection is lost, or the stream of HTTP/2 reset
     */
    int read(ByteBuffer target);

    /**
     * Sends an interim response (RFC 9110, section 15.2); not to a peer of HTTP/1.0, which knows none.
     *
     * @throws BrokenException if the connection is lost, or the stream of HTTP/2 reset
     * @throws IllegalStateException if the response has begun, or is over
     */
    void sendInterim(int status, Headers fields);

    /** Whether the whole body has been read. */
    boolean isEnded();

    /** Whether the peer went away while the body was read, so that there is nobody to answer. */
    boolean isLost();

    /** Waits until the peer has gone, as {@link dev.heddle.http.server.Request#awaitDisconnect()}. */
    void awaitGone();

    /** The fields after the body; none before its end was read. */
    Headers trailers();

    /** The router has found who answers. */
    void routed(String route);

    /** What {@link #routed} was told; null if nothing. */
    @Nullable String route();

    /** The connection, for its addresses and what TLS says of the peer; maybe shared with other requests. */
    ByteStream connection();
}
