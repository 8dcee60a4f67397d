package dev.heddle.quic.internal;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The part of a client's connection that resumes a session of TLS, and keeps the next one. A server that does not take the
 * session goes on with a whole handshake (RFC 8446, section 2.2).
 *
 * <p>Threads: one loop's.
 */
final class Resumption {

    private final SessionMemory memory;
    private final SessionMemory.Key key;
    private SessionMemory.@Nullable Session offered;
    private long checkedNanos;
    private boolean done;

    Resumption(SessionMemory memory, SessionMemory.Key key) {
        this.memory = memory;
        this.key = key;
    }

    /** Offers a session, before the first datagram is made. */
    void offer(QuicheConnection quiche, long nowNanos) {
        offered = memory.take(key, nowNanos);
        if (offered != null) {
            quiche.offerSession(withoutParameters(offered.bytes()));
        }
    }

    /**
     * What the library is given: the session behind its length, and no transport parameters. It would take those of the
     * earlier connection for granted, though only data before the handshake may go by them (RFC 9000, section 7.4.1), and
     * open more streams than a server that has begun anew allows.
     */
    static byte[] withoutParameters(byte[] session) {
        int length = Math.toIntExact(ByteBuffer.wrap(session).getLong());
        return ByteBuffer.allocate(2 * Long.BYTES + length).put(session, 0, Long.BYTES + length).array();
    }

    /** Keys are agreed on. */
    void established(boolean resumed, long nowNanos) {
        checkedNanos = resumed && offered != null ? offered.checkedNanos() : nowNanos;
    }

    /** Keeps the session that the server has given, once it has. */
    void look(QuicheConnection quiche) {
        if (!done) {
            byte[] session = quiche.session();
            done = session.length > 0;
            if (done) {
                memory.keep(key, new SessionMemory.Session(session, checkedNanos));
            }
        }
    }
}
