package dev.heddle.http;

import dev.heddle.BrokenException;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.engine.Transport;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * TLS over another transport, by the JDK's engine: what a client or a server puts between its connection and its stream.
 *
 * <p>A peer that ends the connection without saying so in TLS may have been cut off by somebody else (RFC 8446, section 6.1),
 * so that is a {@link TruncatedException} and not an end. Records that carry nothing are counted, and so many of them in a
 * row end the connection. Renegotiation is refused.
 *
 * <p>Threads and cancellation are those of {@link Transport}, but that a write whose wait is cancelled may have left half a
 * record behind; nothing can be written then. {@link #handshake()} comes first, from one task.
 */
final class TlsTransport implements Transport {

    private final Transport inner;
    private final SSLEngine engine;
    private final TlsInbound in;
    private final TlsOutbound out;

    /**
     * @param inner a connected transport, owned from now on
     * @param engine set up for the role of this side
     */
    TlsTransport(Transport inner, SSLEngine engine, TlsBuffers buffers) {
        this.inner = inner;
        this.engine = engine;
        this.in = new TlsInbound(inner, engine, buffers);
        this.out = new TlsOutbound(inner, engine, buffers);
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
            while (handshakeStep()) {
                // Each step sends, receives or computes what the one before asked for.
            }
            in.agreed();
        } catch (SSLException e) {
            out.sendLast();
            throw new TlsException(TlsFailure.describe(e), e);
        } catch (BrokenException e) {
            throw new TlsException("the peer broke the connection off during the handshake", e);
        }
    }

    private boolean handshakeStep() throws SSLException {
        switch (engine.getHandshakeStatus()) {
            case NEED_WRAP -> out.sendHandshake();
            case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                if (!in.readHandshake()) {
                    inner.awaitReadable();
                }
            }
            case NEED_TASK -> {
                // Checking a chain may ask the network, and keys cost milliseconds: not on the loop.
                for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                    Runnable work = task;
                    Heddle.offload(work::run);
                }
            }
            case FINISHED, NOT_HANDSHAKING -> {
                return false;
            }
        }
        return true;
    }

    @Override
    public int tryRead(ByteBuffer target) {
        throwIfClosed();
        try {
            return in.read(target);
        } catch (SSLException e) {
            out.sendLast();
            throw broken(e);
        }
    }

    @Override
    public void awaitReadable() {
        throwIfClosed();
        if (in.isEmpty()) {
            inner.awaitReadable();
        }
    }

    @Override
    public int tryWrite(ByteBuffer source) {
        throwIfClosed();
        try {
            return out.write(source);
        } catch (SSLException e) {
            throw broken(e);
        }
    }

    @Override
    public void awaitWritable() {
        throwIfClosed();
        out.awaitRoom();
    }

    @Override
    public void shutdownOutput() {
        throwIfClosed();
        out.end();
        inner.shutdownOutput();
    }

    @Override
    public void close() {
        if (inner.isOpen()) {
            out.end();
            free();
            inner.close();
        }
    }

    @Override
    public void abort() {
        if (inner.isOpen()) {
            free();
            inner.abort();
        }
    }

    private void free() {
        in.free();
        out.free();
    }

    private void throwIfClosed() {
        if (!inner.isOpen()) {
            throw new ClosedException("the TLS connection to " + inner.remoteAddress() + " is closed");
        }
    }

    private BrokenException broken(SSLException e) {
        return new BrokenException("TLS with " + inner.remoteAddress() + ": " + TlsFailure.describe(e), e);
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
