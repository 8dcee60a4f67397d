package dev.heddle.http;

import java.io.OutputStream;

/**
 * The writer of a body, piece by piece, in the task of the connection.
 *
 * <p>Small pieces are gathered; {@code flush} sends what is there at once, and a write waits while the peer is slower.
 * A body that ends before the first flush is sent whole, with its length. A failure before the first bytes have left
 * gives a 500; after that the connection is cut without a clean end, so that the peer can tell.
 *
 * <p>It may read the body of the request meanwhile, also from another task of its own. One of HTTP/1 that comes in
 * chunks and is not read to its end when the response begins, ends the connection behind it.
 *
 * <p>Cancellation: a write that is cut off, be it by the writer's own deadline, ends the body, and badly: later ones
 * throw {@link dev.heddle.BrokenException}.
 */
@FunctionalInterface
public interface BodyWriter {

    /**
     * Writes the whole body.
     *
     * @param out where it goes; of no use after the return. Closing it does nothing
     */
    void writeTo(OutputStream out) throws Exception;
}
