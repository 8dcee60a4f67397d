package dev.heddle.http;

import dev.heddle.engine.Transport;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The reading half of {@link TlsTransport}: from records to bytes. Never waits. */
final class TlsInbound {

    /** Most records in a row that carry no data: key updates and tickets come one by one. */
    private static final int MAX_EMPTY_RECORDS = 64;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Transport inner;
    private final SSLEngine engine;
    private final TlsBuffers buffers;

    /** Bytes of records that came, ready to be read out; null while there are none. */
    private @Nullable ByteBuffer cipher;

    /** Decoded bytes that did not fit their reader; null while there are none. */
    private @Nullable ByteBuffer plain;

    private boolean agreed;
    private boolean wantsMore = true;
    private boolean ended;
    private int emptyRecords;

    TlsInbound(Transport inner, SSLEngine engine, TlsBuffers buffers) {
        this.inner = inner;
        this.engine = engine;
        this.buffers = buffers;
    }

    /** The handshake is over: from now on, records without data are counted and new handshakes refused. */
    void agreed() {
        agreed = true;
    }

    /** Whether nothing can be read before more bytes of records come. */
    boolean isEmpty() {
        return plain == null && wantsMore && !ended;
    }

    /**
     * Takes one step of the handshake.
     *
     * @return false if it needs bytes that have not come
     */
    boolean readHandshake() throws SSLException {
        if (cipher == null || wantsMore) {
            int count = readCipher();
            if (count < 0) {
                throw new TlsException("the peer closed the connection during the handshake");
            }
            if (count == 0) {
                return false;
            }
        }
        ByteBuffer room = buffers.take(engine.getSession().getApplicationBufferSize());
        SSLEngineResult result = unwrap(room);
        keepPlain(room);
        if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
            throw new TlsException("the peer closed TLS during the handshake");
        }
        return true;
    }

    /** Reads as {@link Transport#tryRead} does. */
    int read(ByteBuffer target) throws SSLException {
        while (true) {
            int copied = copyPlain(target);
            if (copied > 0) {
                return copied;
            }
            if (ended) {
                return -1;
            }
            if (cipher == null || wantsMore) {
                int count = readCipher();
                if (count == 0) {
                    return 0;
                }
                if (count < 0) {
                    throw new TruncatedException("the peer closed the connection without ending TLS");
                }
            }
            int produced = decode(target);
            if (produced > 0) {
                return produced;
            }
        }
    }

    /** Decodes into the target; what does not fit is kept, and then 0 is the answer. */
    private int decode(ByteBuffer target) throws SSLException {
        SSLEngineResult result = unwrap(target);
        if (result.getStatus() == SSLEngineResult.Status.BUFFER_OVERFLOW) {
            ByteBuffer room = buffers.take(engine.getSession().getApplicationBufferSize());
            result = unwrap(room);
            boolean came = room.position() > 0;
            keepPlain(room);
            if (came) {
                return 0;
            }
        }
        ended |= result.getStatus() == SSLEngineResult.Status.CLOSED;
        return result.bytesProduced();
    }

    /** Decodes at most one record, and sees to what else the peer asks for. */
    private SSLEngineResult unwrap(ByteBuffer room) throws SSLException {
        ByteBuffer source = cipher == null ? NOTHING : cipher;
        SSLEngineResult result = engine.unwrap(source, room);
        wantsMore = result.getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW;
        if (!source.hasRemaining()) {
            dropCipher();
        }
        if (result.bytesProduced() > 0) {
            emptyRecords = 0;
        } else if (result.bytesConsumed() > 0 && agreed && ++emptyRecords > MAX_EMPTY_RECORDS) {
            throw new SSLException("too many records without data");
        }
        if (agreed) {
            afterAgreement(result.getHandshakeStatus());
        }
        return result;
    }

    /** Tickets and key updates of TLS 1.3 are quick; a new handshake, which only older versions know, is refused. */
    private void afterAgreement(HandshakeStatus status) throws SSLException {
        if (status == HandshakeStatus.NEED_TASK) {
            for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                task.run();
            }
        }
        HandshakeStatus now = engine.getHandshakeStatus();
        boolean again = now == HandshakeStatus.NEED_WRAP || now == HandshakeStatus.NEED_UNWRAP;
        if (again && !engine.isInboundDone() && !engine.getSession().getProtocol().equals("TLSv1.3")) {
            throw new SSLException("renegotiation is refused");
        }
    }

    /** Reads more bytes of records; 0 if there are none yet, -1 at the end. */
    private int readCipher() {
        ByteBuffer room = cipher;
        if (room == null) {
            room = buffers.take(engine.getSession().getPacketBufferSize());
        } else {
            room.compact();
        }
        int count;
        try {
            count = inner.tryRead(room);
        } finally {
            cipher = room.flip();
            if (!room.hasRemaining()) {
                dropCipher();
            }
        }
        wantsMore = count <= 0;
        return count;
    }

    private int copyPlain(ByteBuffer target) {
        ByteBuffer kept = plain;
        if (kept == null) {
            return 0;
        }
        int count = Math.min(kept.remaining(), target.remaining());
        target.put(target.position(), kept, kept.position(), count);
        target.position(target.position() + count);
        kept.position(kept.position() + count);
        if (!kept.hasRemaining()) {
            plain = null;
            buffers.give(kept);
        }
        return count;
    }

    private void keepPlain(ByteBuffer room) {
        room.flip();
        if (room.hasRemaining()) {
            plain = room;
        } else {
            buffers.give(room);
        }
    }

    private void dropCipher() {
        if (cipher != null) {
            buffers.give(cipher);
            cipher = null;
        }
        wantsMore = true;
    }

    /** Lets go of all that is held. */
    void free() {
        dropCipher();
        if (plain != null) {
            buffers.give(plain);
            plain = null;
        }
    }
}
