package dev.heddle.tls;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.engine.Transport;
import dev.heddle.internal.Unyielding;
import dev.heddle.io.TruncatedException;
import dev.heddle.io.internal.TransportRules;
import dev.heddle.tls.internal.TlsEngine;
import dev.heddle.tls.internal.TlsEngine.Need;
import dev.heddle.tls.internal.TlsEngine.Result;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The reading half of {@link TlsTransport}: from records to bytes. Never waits.
 *
 * <p>Records are decoded straight into their reader's buffer where it has room for a whole one, since the engine
 * decodes a record at once or not at all; otherwise into a buffer of this class, which the next reads empty.
 */
final class TlsInbound {

    /** Records in a row that carry no data, such as key updates, before the peer is taken for a flooder. */
    static final int MAX_EMPTY_RECORDS = 64;

    /** All bytes of one handshake; the JDK bounds the single message and the length of a chain. */
    static final int MAX_HANDSHAKE_BYTES = 256 * 1024;

    private static final int MAX_DRAINED_RECORDS = 4;

    /** Type, version and length (RFC 8446, section 5.1). */
    private static final int HEADER_BYTES = 5;

    private static final int LENGTH_AT = 3;

    /** What each record has besides its bytes: the header, and the tag of an AEAD cipher (RFC 5116). */
    private static final int MIN_OVERHEAD_BYTES = HEADER_BYTES + 16;

    /** In TLS 1.3 the type of the bytes as well (RFC 8446, section 5.2). */
    private static final int MIN_OVERHEAD_BYTES_TLS_1_3 = MIN_OVERHEAD_BYTES + 1;

    /** The zeros behind them (RFC 8446, section 5.4) that the JDK's records have, and few others. */
    private static final int USUAL_PADDING_BYTES = 16;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Transport inner;
    private final TlsEngine engine;
    private final TlsBuffers buffers;

    /** The longest record that the engine takes, its header included. */
    private final int maxRecordBytes;

    /** Records that came, ready to be decoded; null while there are none. */
    private @Nullable ByteBuffer cipher;

    /** Decoded bytes that found no room with their reader; null while there are none. */
    private @Nullable ByteBuffer plain;

    private boolean agreed;
    private boolean tls13;
    private boolean ended;
    private boolean truncated;

    /** Whether the last look found as many bytes as were asked for, so that more may be there. */
    private boolean plenty;

    private boolean replyDue;

    /** What is wrong with a record after others that were read in the same step. */
    private @Nullable SSLException trouble;

    private int emptyRecords;

    /** Reads in a row that brought nothing. */
    private int early;
    private int handshakeBytes;

    TlsInbound(Transport inner, TlsEngine engine, TlsBuffers buffers) {
        this.inner = inner;
        this.engine = engine;
        this.buffers = buffers;
        this.maxRecordBytes = Math.min(engine.maxRecordBytes(), TlsBuffers.RECORD_BYTES);
    }

    /** The handshake is over: from now on, records without data are counted and new handshakes refused. */
    void agreed() {
        agreed = true;
        tls13 = engine.agreement().version().equals(TlsVersion.TLS_1_3.jdkName());
    }

    /** Whether nothing can be read before more bytes come. */
    boolean isEmpty() {
        return plain == null && trouble == null && !ended && !plenty && !hasRecord();
    }

    /** Whether the engine owes the peer an answer, to a key update for instance. */
    boolean isReplyDue() {
        return replyDue;
    }

    void replied() {
        replyDue = false;
    }

    /**
     * Takes one step of the handshake.
     *
     * @return false if it needs bytes that have not come
     */
    boolean readHandshake() throws SSLException {
        if (!hasRecord()) {
            int count = receive(true);
            if (count < 0) {
                throw new SSLException("the peer closed the connection during the handshake");
            }
            if (count == 0) {
                return false;
            }
            if (!hasRecord()) {
                return true;
            }
        }
        int waiting = waiting();
        Result result = unwrap(NOTHING);
        handshakeBytes += waiting - waiting();
        if (handshakeBytes > MAX_HANDSHAKE_BYTES) {
            throw new SSLException("the handshake has more than " + MAX_HANDSHAKE_BYTES + " bytes");
        }
        if (result == Result.NO_ROOM) {
            throw new SSLException("data came before the end of the handshake");
        }
        if (result == Result.CLOSED) {
            throw new SSLException("the peer closed TLS during the handshake");
        }
        return true;
    }

    /** Reads as {@link Transport#tryRead} does, as many records as there are and fit. */
    int read(ByteBuffer target) throws SSLException {
        if (trouble != null) {
            throw trouble;
        }
        int total = copyPlain(target);
        try {
            while (target.hasRemaining() && !ended) {
                int count = readRecord(target, total == 0);
                if (count < 0) {
                    break;
                }
                total += count;
            }
        } catch (SSLException e) {
            if (total == 0) {
                throw e;
            }
            // The good bytes first: the next read tells.
            trouble = e;
        }
        return total == 0 && ended ? -1 : total;
    }

    /**
     * Decodes one record, or looks for more bytes.
     *
     * @param first whether nothing was read yet
     * @return how many bytes came, 0 if it is worth going on, -1 if not
     */
    private int readRecord(ByteBuffer target, boolean first) throws SSLException {
        if (hasRecord()) {
            if (maxDataBytes() <= target.remaining()) {
                int start = target.position();
                Result result = unwrap(target);
                if (result != Result.NO_ROOM) {
                    return target.position() - start;
                }
            }
            // One that may fit but for its padding is not worth another read.
            return first || maxDataBytes() - USUAL_PADDING_BYTES <= target.remaining() ? readAside(target) : -1;
        }
        if (!first && !plenty) {
            return -1;
        }
        int count = receive(first);
        if (count < 0 && first) {
            truncated = true;
            throw truncation();
        }
        return count > 0 ? 0 : -1;
    }

    /** Whether a read was told that the connection was cut off, which it is then for writes too. */
    boolean isTruncated() {
        return truncated;
    }

    TruncatedException truncation() {
        return new TruncatedException(
                inner.remoteAddress() + " closed the connection without ending TLS: data may be missing");
    }

    private int readAside(ByteBuffer target) throws SSLException {
        ByteBuffer room = buffers.borrowRecord();
        try {
            unwrap(room);
        } finally {
            if (room.flip().hasRemaining()) {
                plain = room;
            } else {
                buffers.release(room);
            }
        }
        return copyPlain(target);
    }

    /** Decodes the first record, which is whole, and sees to what else the peer asks for. */
    private Result unwrap(ByteBuffer room) throws SSLException {
        refuseTooLong();
        ByteBuffer source = cipher == null ? NOTHING : cipher;
        int start = room.position();
        Result result = Unyielding.call(() -> engine.unwrap(source, room));
        if (!source.hasRemaining()) {
            dropCipher();
        }
        if (agreed && result != Result.NO_ROOM) {
            afterAgreement(result, room.position() > start);
        }
        return result;
    }

    private void afterAgreement(Result result, boolean hasData) throws SSLException {
        Need need = engine.need();
        ended |= result == Result.CLOSED;
        // Also over when a writer's records have taken the answer along.
        replyDue = need == Need.SEND;
        if (hasData) {
            // An answer that the peer does not let out keeps the count, or it could make them pile up.
            emptyRecords = replyDue ? emptyRecords : 0;
        } else if (!ended && ++emptyRecords > MAX_EMPTY_RECORDS) {
            throw new SSLException("too many records without data");
        }
        boolean again = need == Need.COMPUTE || (!tls13 && need != Need.NOTHING);
        if (again && !ended) {
            throw new SSLException("renegotiation is refused");
        }
    }

    private int waiting() {
        return cipher == null ? 0 : cipher.remaining();
    }

    /** Whether a whole record is there; also if it is none at all, which is for the engine to say. */
    private boolean hasRecord() {
        ByteBuffer records = cipher;
        return records != null && records.remaining() >= HEADER_BYTES && records.remaining() >= recordBytes();
    }

    /** The length of the record that begins here, its header included; of what is no record as much as there is. */
    private int recordBytes() {
        ByteBuffer records = cipher == null ? NOTHING : cipher;
        int at = records.position();
        // The version's first byte has been 3 in all of TLS.
        if (records.get(at + 1) != 3) {
            return records.remaining();
        }
        return HEADER_BYTES + Short.toUnsignedInt(records.getShort(at + LENGTH_AT));
    }

    /** The most bytes that the first record can have for a reader. */
    private int maxDataBytes() {
        return recordBytes() - (tls13 ? MIN_OVERHEAD_BYTES_TLS_1_3 : MIN_OVERHEAD_BYTES);
    }

    /**
     * Looks for more bytes: 0 if there are none yet, -1 at the end.
     *
     * @param first whether a lost connection is told; otherwise it is the end for now
     */
    private int receive(boolean first) throws SSLException {
        ByteBuffer room = cipher;
        if (room == null) {
            room = plenty && agreed ? buffers.borrowBatch() : buffers.borrowRecord();
        } else {
            room.compact();
        }
        int offered = room.remaining();
        int count = 0;
        try {
            count = TransportRules.tryRead(inner, room);
            early = count == 0 ? TransportRules.countEarly(inner, early, "awaitReadable()") : 0;
        } catch (BrokenException e) {
            if (first) {
                throw e;
            }
        } finally {
            cipher = room.flip();
            plenty = count == offered;
            if (!room.hasRemaining()) {
                dropCipher();
            }
        }
        refuseTooLong();
        return count;
    }

    /**
     * RFC 8446, section 5.2: such a record must end the connection. Here, before a buffer would have to grow for it.
     */
    private void refuseTooLong() throws SSLException {
        ByteBuffer records = cipher;
        if (records != null && records.remaining() >= HEADER_BYTES) {
            int length = records.get(records.position() + 1) == 3 ? recordBytes() : 0;
            if (length > maxRecordBytes) {
                throw new SSLException("a record of " + length + " bytes is longer than TLS allows");
            }
        }
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
            buffers.release(kept);
        }
        return count;
    }

    /** Before a wait: what has come of a record needs no more room than one. */
    void shrink() {
        ByteBuffer large = cipher;
        if (large != null && large.capacity() > TlsBuffers.RECORD_BYTES
                && large.remaining() < TlsBuffers.RECORD_BYTES) {
            ByteBuffer small = buffers.borrowRecord().put(large).flip();
            buffers.release(large);
            cipher = small;
        }
    }

    /**
     * Before the end: takes in what has come, for the tickets in it, and because a system answers a close before unread
     * bytes with a reset, which may overtake our last ones.
     */
    void drain() {
        ByteBuffer scratch = buffers.borrowRecord();
        try {
            for (int i = 0; i < MAX_DRAINED_RECORDS && read(scratch.clear()) > 0; i++) {
                // Each step takes a record of what is there.
            }
        } catch (SSLException | BrokenException | ClosedException e) {
            // Nobody reads any more, so it is nobody's trouble.
            ended = true;
        } finally {
            buffers.release(scratch);
        }
    }

    /** The same after a failure, when nothing can be decoded any more. */
    void discard() {
        ByteBuffer scratch = buffers.borrowRecord();
        try {
            for (int i = 0; i < MAX_DRAINED_RECORDS && TransportRules.tryRead(inner, scratch.clear()) > 0; i++) {
                // Each step takes a bufferful of what is there.
            }
        } catch (BrokenException | ClosedException e) {
            // The peer is gone, so there is nothing that could overtake.
            ended = true;
        } finally {
            buffers.release(scratch);
        }
    }

    private void dropCipher() {
        if (cipher != null) {
            buffers.release(cipher);
            cipher = null;
        }
    }

    /** Lets go of all that is held. */
    void free() {
        dropCipher();
        if (plain != null) {
            buffers.release(plain);
            plain = null;
        }
    }
}
