package dev.heddle.tls.internal;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The engine of one end of one TLS connection: bytes go in and records come out, and the other way round. It never
 * waits and knows no transport.
 *
 * <pre>
 *   begin() ──▶ handshake: as {@link #need} says, until it needs nothing ──▶ records ──▶ free()
 *                   └──an SSLException──▶ wrap once more, for the alert ──▶ free()
 * </pre>
 *
 * <p>Errors are {@link SSLException}s whose text is the reason; of an alert it is {@code Received fatal alert:} and its
 * name, and a certificate that is refused is the cause.
 *
 * <p>Threads: one at a time, the loop's or, for {@link #compute}, a worker's. {@link #free} and {@link #wrap} may come
 * while a worker computes: freeing then is done behind it, and wrapping finds nothing to send.
 */
public interface TlsEngine {

    /** What must happen next. */
    enum Need {
        SEND,
        RECEIVE,
        COMPUTE,
        NOTHING
    }

    /** How a record was taken; how many bytes, the positions of the buffers say. */
    enum Result {
        DONE,
        NO_ROOM,
        CLOSED
    }

    /** Begins the handshake. */
    void begin() throws SSLException;

    Need need();

    /** Does what takes long; on a worker. A failure comes out of the next {@link #wrap}. */
    void compute();

    /** Makes a record, of what the engine itself has to say or else of some of the source. */
    Result wrap(ByteBuffer source, ByteBuffer room) throws SSLException;

    /**
     * Takes in the first record of the source, which is whole.
     *
     * @param room for its bytes, all of them
     */
    Result unwrap(ByteBuffer source, ByteBuffer room) throws SSLException;

    /** Says that no more will come: the next {@link #wrap} makes the record of that. */
    void closeOutput();

    /** Whether the end was said, and its record has been made. */
    boolean isOutputClosed();

    /** The longest record that may come, its header included. */
    int maxRecordBytes();

    /** Whom a client connects to; null if nobody knows. */
    @Nullable String peerHost();

    /** What was agreed on; after the handshake, also when it is freed. */
    TlsAgreement agreement();

    /** Lets go of all that is not the garbage collector's; once or more. */
    void free();
}
