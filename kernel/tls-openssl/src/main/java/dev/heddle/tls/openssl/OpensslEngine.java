package dev.heddle.tls.openssl;

import dev.heddle.tls.internal.TlsAgreement;
import dev.heddle.tls.internal.TlsCredentials;
import dev.heddle.tls.internal.TlsEngine;
import dev.heddle.tls.internal.TlsPeer;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One end of a connection by OpenSSL: a whole record is put into the library before it is asked to read, and what it has
 * written is taken out at once.
 *
 * <p>The steps of a handshake that compute keys or check a certificate are for a worker; the last one of a server of TLS
 * 1.3, which compares a checksum, is taken at once.
 */
final class OpensslEngine implements TlsEngine {

    /** Header, bytes, and what ciphers of TLS 1.2 put around them: nonce, checksum, padding. As in the JDK. */
    private static final int MAX_RECORD_BYTES = 5 + 16 * 1024 + 16 + 48 + 256;

    private static final int MAX_PLAIN_BYTES = 16 * 1024;

    /** Plain bytes under one key of TLS 1.3 before the next is taken (RFC 8446, section 5.5), as many as in the JDK. */
    static final long KEY_BYTES = 1L << 37;

    /** The type of records of handshakes (RFC 5246, section 6.2.1). */
    private static final int HANDSHAKE = 22;

    /** The first byte of every version; the JDK takes what has another for another protocol. */
    private static final int VERSION = 3;

    private static final int HEADER_BYTES = 5;
    private static final int LENGTH_AT = 3;

    /** The alert {@code unexpected_message}, fatal (RFC 8446, section 6). */
    private static final byte[] NO_RECORD = {21, VERSION, 3, 0, 2, 2, 10};

    private final TlsPeer peer;
    private final boolean server;
    private final long keyBytes;
    private final NativeSsl owner;
    private final OpensslHandshake handshake;
    private Need need = Need.NOTHING;

    /** Whether the peer's first record was one. */
    private boolean met;

    private boolean agreed;
    private boolean tls13;
    private boolean outputClosed;

    /** Whether the library has written something that was not taken out. */
    private boolean written;

    /** What a step on a worker failed with, until it is told. */
    private @Nullable SSLException failure;

    private boolean failed;

    /** Plain bytes that were sent under the present key. */
    private long bytesOfKey;

    /** @param keyBytes the most plain bytes under one key of TLS 1.3 */
    OpensslEngine(OpensslContext context, TlsCredentials credentials, ClientSessions sessions, TlsPeer peer,
            long keyBytes) {
        this.peer = peer;
        this.server = context.terms().server();
        this.keyBytes = keyBytes;
        this.owner = new NativeSsl(context);
        this.handshake = new OpensslHandshake(context, credentials, sessions, peer, owner);
    }

    // ---- the handshake ----

    @Override
    public void begin() throws SSLException {
        requireIdle();
        handshake.begin();
        if (server) {
            need = Need.RECEIVE;
        } else {
            step();
        }
    }

    @Override
    public Need need() {
        return failure != null ? Need.SEND : need;
    }

    @Override
    public void compute() {
        if (!owner.enter()) {
            return;
        }
        try {
            step();
        } catch (SSLException e) {
            failure = e;
        } catch (RuntimeException | Error e) {
            failure = new SSLException(e);
        } finally {
            owner.leave();
        }
    }

    private void step() throws SSLException {
        boolean over;
        try {
            over = handshake.step();
        } catch (SSLException e) {
            throw failed(e);
        }
        written = owner.hasWritten();
        if (over) {
            agreed = true;
            tls13 = handshake.agreement().version().equals(Agreed.TLS_1_3);
        }
        need = written ? Need.SEND : over ? Need.NOTHING : Need.RECEIVE;
    }

    /** From now on only what the library has said last is to be sent. */
    private SSLException failed(SSLException why) {
        failed = true;
        written = owner.hasWritten();
        need = Need.SEND;
        return why;
    }

    // ---- records ----

    @Override
    public Result unwrap(ByteBuffer source, ByteBuffer room) throws SSLException {
        requireIdle();
        if (agreed) {
            return read(source, room);
        }
        if (!met) {
            refuseOtherProtocol(source);
            met = true;
        }
        feed(source);
        if (handshake.isNextStepLight()) {
            step();
        } else {
            need = Need.COMPUTE;
        }
        return Result.DONE;
    }

    private void requireIdle() throws SSLException {
        if (!owner.isIdle()) {
            throw new SSLException("the connection is closed");
        }
    }

    /** The library does not answer those who do not speak TLS. */
    private void refuseOtherProtocol(ByteBuffer source) throws SSLException {
        if (source.get(source.position() + 1) != VERSION) {
            owner.say(NO_RECORD);
            throw failed(new SSLException(OpensslFailure.NO_TLS));
        }
    }

    /** Puts the first record into the library; of what is no record all there is, since the library says why not. */
    private void feed(ByteBuffer source) {
        int start = source.position();
        int length = source.remaining();
        if (length >= HEADER_BYTES && source.get(start + 1) == VERSION) {
            length = Math.min(length, HEADER_BYTES + Short.toUnsignedInt(source.getShort(start + LENGTH_AT)));
        }
        owner.feed(source, length);
    }

    private Result read(ByteBuffer source, ByteBuffer room) throws SSLException {
        if (!tls13 && source.get(source.position()) == HANDSHAKE) {
            // The library would refuse it too; so it has no reason to call back while it holds arrays of the heap.
            throw new SSLException("renegotiation is refused");
        }
        feed(source);
        int count = owner.read(room);
        if (count > 0) {
            return Result.DONE;
        }
        return afterControl(owner.number(Ssl.GET_ERROR, count));
    }

    private Result afterControl(int error) throws SSLException {
        written = owner.hasWritten();
        return switch (error) {
            case Ssl.ERROR_WANT_READ -> {
                handshake.keepSession();
                need = written || owesKey() ? Need.SEND : Need.NOTHING;
                yield Result.DONE;
            }
            case Ssl.ERROR_ZERO_RETURN -> {
                if (!tls13 && !outputClosed) {
                    // RFC 5246, section 7.2.1: the answer to a close is a close.
                    closeOutput();
                }
                yield Result.CLOSED;
            }
            default -> throw failed(handshake.failure());
        };
    }

    private boolean owesKey() {
        return owner.number(Ssl.GET_KEY_UPDATE_TYPE) != Ssl.NO_KEY_UPDATE;
    }

    @Override
    public Result wrap(ByteBuffer source, ByteBuffer room) throws SSLException {
        if (!owner.isIdle()) {
            return Result.DONE;
        }
        SSLException untold = failure;
        if (untold != null) {
            failure = null;
            throw untold;
        }
        boolean talks = agreed && !failed && !outputClosed;
        if (talks && !written && need == Need.SEND && owesKey()) {
            step();
        }
        if (written) {
            drain(room);
            return isOutputClosed() ? Result.CLOSED : Result.DONE;
        }
        if (outputClosed) {
            return Result.CLOSED;
        }
        if (talks && source.hasRemaining()) {
            write(source, room);
        }
        return Result.DONE;
    }

    private void write(ByteBuffer source, ByteBuffer room) throws SSLException {
        int start = source.position();
        if (!owner.write(source, MAX_PLAIN_BYTES)) {
            throw failed(handshake.failure());
        }
        drain(room);
        bytesOfKey += source.position() - start;
        if (tls13 && bytesOfKey >= keyBytes) {
            bytesOfKey = 0;
            // Said with the next record.
            owner.number(Ssl.KEY_UPDATE, Ssl.KEY_UPDATE_NOT_REQUESTED);
        }
    }

    private void drain(ByteBuffer room) {
        written = owner.drain(room);
        if (!written) {
            need = agreed || failed ? Need.NOTHING : Need.RECEIVE;
        }
    }

    // ---- the end ----

    @Override
    public void closeOutput() {
        if (outputClosed || !owner.isIdle()) {
            return;
        }
        outputClosed = true;
        if (agreed && !failed) {
            owner.number(Ssl.SHUTDOWN);
            Crypto.clearErrors();
            written = owner.hasWritten();
            need = written ? Need.SEND : Need.NOTHING;
        }
    }

    @Override
    public boolean isOutputClosed() {
        return outputClosed && (!written || !owner.isIdle());
    }

    @Override
    public void free() {
        if (agreed && !failed && owner.isIdle()) {
            // Otherwise the library takes the session for broken, and nobody could resume it.
            owner.number(Ssl.SET_SHUTDOWN, Ssl.SENT_AND_RECEIVED);
        }
        owner.free();
    }

    // ---- what it is ----

    @Override
    public TlsAgreement agreement() {
        return handshake.agreement();
    }

    @Override
    public int maxRecordBytes() {
        return MAX_RECORD_BYTES;
    }

    @Override
    public @Nullable String peerHost() {
        return peer.host();
    }

    @Override
    public String toString() {
        return "OpenSSL " + (server ? "server" : "client of " + peer.host());
    }
}
