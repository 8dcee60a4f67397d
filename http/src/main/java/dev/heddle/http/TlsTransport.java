package dev.heddle.http;

import dev.heddle.BrokenException;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.engine.Transport;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * TLS over another transport, by the JDK's engine: what a client or a server puts between its connection and its stream.
 *
 * <p>A peer that ends the connection without saying so in TLS may have been cut off by somebody else (RFC 8446, section 6.1),
 * so that is a {@link TruncatedException} and not an end. Records that carry nothing are counted, and so many of them in a
 * row end the connection. Renegotiation is refused.
 *
 * <p>A record is taken from the caller only when its last byte has left: until then {@link #tryWrite} says 0 and the caller,
 * as its contract is, comes again with the same bytes. One whose wait is cancelled meanwhile has left half a record behind,
 * and nothing can be written any more.
 *
 * <p>Threads and cancellation are those of {@link Transport}; {@link #handshake()} comes first, from one task.
 */
final class TlsTransport implements Transport {

    /** Most records in a row that carry no data: key updates and tickets come one by one. */
    private static final int MAX_EMPTY_RECORDS = 64;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Transport inner;
    private final SSLEngine engine;
    private final TlsBuffers buffers;

    /** Bytes of records that came, ready to be read out; null while there are none. */
    private @Nullable ByteBuffer cipherIn;

    /** Decoded bytes that did not fit their reader; null while there are none. */
    private @Nullable ByteBuffer plainIn;

    /** Records that have not left yet, ready to be written; null while there are none. */
    private @Nullable ByteBuffer cipherOut;

    /** Bytes of the caller that stand in {@link #cipherOut}. */
    private int held;

    private boolean agreed;
    private boolean wantsMore = true;
    private boolean ended;
    private boolean torn;
    private int emptyRecords;

    /**
     * @param inner a connected transport, owned from now on
     * @param engine set up for the role of this side
     */
    TlsTransport(Transport inner, SSLEngine engine, TlsBuffers buffers) {
        this.inner = inner;
        this.engine = engine;
        this.buffers = buffers;
    }

    /**
     * Agrees on keys and checks the peer. The caller's deadline is the only limit of time.
     *
     * <p>Cancellation: a cancelled call leaves the transport of no use; close it.
     *
     * @throws TlsException if it fails, with the reason
     * @throws CancelledException if the enclosing scope is cancelled
     */
    void handshake() {
        try {
            engine.beginHandshake();
            while (true) {
                switch (engine.getHandshakeStatus()) {
                    case NEED_WRAP -> {
                        wrapControl();
                        awaitFlush();
                    }
                    case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> readHandshake();
                    case NEED_TASK -> {
                        // Checking a chain may ask the network, and keys cost milliseconds: not on the loop.
                        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine
                                .getDelegatedTask()) {
                            Runnable work = task;
                            Heddle.offload(work::run);
                        }
                    }
                    case FINISHED, NOT_HANDSHAKING -> {
                        agreed = true;
                        return;
                    }
                }
            }
        } catch (SSLException e) {
            sendAlert();
            throw new TlsException(TlsFailure.describe(e), e);
        } catch (BrokenException e) {
            throw new TlsException("the peer broke the connection off during the handshake", e);
        }
    }

    private void readHandshake() throws SSLException {
        if (cipherIn == null || wantsMore) {
            int count = readCipher();
            if (count < 0) {
                throw new TlsException("the peer closed the connection during the handshake");
            }
            if (count == 0) {
                inner.awaitReadable();
                return;
            }
        }
        ByteBuffer plain = buffers.take(engine.getSession().getApplicationBufferSize());
        SSLEngineResult result = unwrap(plain);
        keepPlain(plain);
        if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
            throw new TlsException("the peer closed TLS during the handshake");
        }
    }

    @Override
    public int tryRead(ByteBuffer target) {
        throwIfClosed();
        while (true) {
            int copied = copyPlain(target);
            if (copied > 0) {
                return copied;
            }
            if (ended) {
                return -1;
            }
            if (cipherIn == null || wantsMore) {
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

    private int decode(ByteBuffer target) {
        try {
            SSLEngineResult result = unwrap(target);
            if (result.getStatus() == SSLEngineResult.Status.BUFFER_OVERFLOW) {
                ByteBuffer plain = buffers.take(engine.getSession().getApplicationBufferSize());
                result = unwrap(plain);
                boolean came = plain.position() > 0;
                keepPlain(plain);
                if (came) {
                    return 0;
                }
            }
            ended |= result.getStatus() == SSLEngineResult.Status.CLOSED;
            return result.bytesProduced();
        } catch (SSLException e) {
            sendAlert();
            throw new BrokenException("TLS with " + inner.remoteAddress() + ": " + TlsFailure.describe(e), e);
        }
    }

    /** Decodes at most one record, and sees to what else the peer asks for. */
    private SSLEngineResult unwrap(ByteBuffer plain) throws SSLException {
        ByteBuffer cipher = cipherIn == null ? NOTHING : cipherIn;
        SSLEngineResult result = engine.unwrap(cipher, plain);
        wantsMore = result.getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW;
        if (!cipher.hasRemaining()) {
            dropCipherIn();
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
        ByteBuffer cipher = cipherIn;
        if (cipher == null) {
            cipher = buffers.take(engine.getSession().getPacketBufferSize());
        } else {
            cipher.compact();
        }
        int count;
        try {
            count = inner.tryRead(cipher);
        } finally {
            cipher.flip();
            cipherIn = cipher;
            if (!cipher.hasRemaining()) {
                dropCipherIn();
            }
        }
        wantsMore = count <= 0;
        return count;
    }

    private int copyPlain(ByteBuffer target) {
        ByteBuffer plain = plainIn;
        if (plain == null) {
            return 0;
        }
        int count = Math.min(plain.remaining(), target.remaining());
        target.put(target.position(), plain, plain.position(), count);
        target.position(target.position() + count);
        plain.position(plain.position() + count);
        if (!plain.hasRemaining()) {
            plainIn = null;
            buffers.give(plain);
        }
        return count;
    }

    private void keepPlain(ByteBuffer plain) {
        plain.flip();
        if (plain.hasRemaining()) {
            plainIn = plain;
        } else {
            buffers.give(plain);
        }
    }

    private void dropCipherIn() {
        if (cipherIn != null) {
            buffers.give(cipherIn);
            cipherIn = null;
        }
        wantsMore = true;
    }

    @Override
    public void awaitReadable() {
        throwIfClosed();
        if (plainIn == null && wantsMore && !ended) {
            inner.awaitReadable();
        }
    }

    @Override
    public int tryWrite(ByteBuffer source) {
        throwIfClosed();
        throwIfTorn();
        if (engine.isOutboundDone()) {
            throw new ClosedException("the output to " + inner.remoteAddress() + " is closed");
        }
        try {
            for (int empty = 0; held == 0; empty++) {
                if (!flush()) {
                    return 0;
                }
                ByteBuffer cipher = buffers.take(engine.getSession().getPacketBufferSize());
                SSLEngineResult result = engine.wrap(source.duplicate(), cipher);
                cipherOut = cipher.flip();
                held = result.bytesConsumed();
                if (result.getStatus() != SSLEngineResult.Status.OK || empty > MAX_EMPTY_RECORDS) {
                    throw new BrokenException(
                            "TLS with " + inner.remoteAddress() + " cannot send: " + result.getStatus());
                }
            }
            if (!flush()) {
                return 0;
            }
            int taken = held;
            held = 0;
            source.position(source.position() + taken);
            return taken;
        } catch (SSLException e) {
            throw new BrokenException("TLS with " + inner.remoteAddress() + ": " + TlsFailure.describe(e), e);
        }
    }

    @Override
    public void awaitWritable() {
        throwIfClosed();
        boolean cut = true;
        try {
            inner.awaitWritable();
            cut = false;
        } finally {
            torn |= cut && held > 0;
        }
    }

    private void wrapControl() throws SSLException {
        if (cipherOut != null) {
            return;
        }
        ByteBuffer cipher = buffers.take(engine.getSession().getPacketBufferSize());
        engine.wrap(NOTHING, cipher);
        cipherOut = cipher.flip();
    }

    private void awaitFlush() {
        while (!flush()) {
            inner.awaitWritable();
        }
    }

    /** Whether all records have left. */
    private boolean flush() {
        ByteBuffer cipher = cipherOut;
        if (cipher == null) {
            return true;
        }
        while (cipher.hasRemaining() && inner.tryWrite(cipher) > 0) {
            // Goes on until it has left or there is no room.
        }
        if (cipher.hasRemaining()) {
            return false;
        }
        cipherOut = null;
        buffers.give(cipher);
        return true;
    }

    /** Says once, as far as there is room, that TLS ends: by an alert that the engine has ready, or in good order. */
    private void sendAlert() {
        try {
            if (!torn && flush()) {
                wrapControl();
                flush();
            }
        } catch (SSLException | BrokenException | ClosedException e) {
            // The peer is gone or the keys are: there is nobody to tell.
            torn = true;
        }
    }

    @Override
    public void shutdownOutput() {
        engine.closeOutbound();
        sendAlert();
        inner.shutdownOutput();
    }

    @Override
    public void close() {
        if (!inner.isOpen()) {
            return;
        }
        if (!engine.isOutboundDone()) {
            engine.closeOutbound();
            sendAlert();
        }
        free();
        inner.close();
    }

    @Override
    public void abort() {
        if (inner.isOpen()) {
            free();
            inner.abort();
        }
    }

    private void free() {
        dropCipherIn();
        plainIn = null;
        cipherOut = null;
    }

    private void throwIfClosed() {
        if (!inner.isOpen()) {
            throw new ClosedException("the TLS connection to " + inner.remoteAddress() + " is closed");
        }
    }

    private void throwIfTorn() {
        if (torn) {
            throw new BrokenException("an earlier write to " + inner.remoteAddress() + " was cut off");
        }
    }

    @Override
    public boolean isOpen() {
        return inner.isOpen();
    }

    @Override
    public String localAddress() {
        return inner.localAddress();
    }

    @Override
    public String remoteAddress() {
        return inner.remoteAddress();
    }
}
