package dev.heddle.tls;

import dev.heddle.BrokenException;
import dev.heddle.CancelScope;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.engine.Transport;
import dev.heddle.internal.Throwables;
import dev.heddle.io.TlsException;
import dev.heddle.io.TruncatedException;
import dev.heddle.io.internal.SecuredTransport;
import dev.heddle.tls.internal.SecureTransport;
import dev.heddle.tls.internal.TlsAgreement;
import dev.heddle.tls.internal.TlsEngine;
import java.nio.ByteBuffer;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * TLS over another transport, by an engine of the JDK or another: what stands between a stream and its connection.
 *
 * <p>The handshake is done by the first task that waits for the stream, so that a slow peer holds up nobody else. A
 * peer that ends the connection without saying so in TLS may have been cut off by somebody else (RFC 8446, section
 * 6.1), so that is a {@link TruncatedException} and not an end, for the writes behind it too. Records that carry nothing are counted, and so many of
 * them in a row end the connection. Renegotiation is refused.
 *
 * <p>Threads and cancellation are those of {@link Transport}, but that a write whose wait is cancelled may have left
 * half a record behind; nothing can be written then.
 */
final class TlsTransport implements SecuredTransport, SecureTransport {

    /** How long the goodbye to a peer that takes nothing is held out, after a close. */
    static final Duration LINGER = Duration.ofSeconds(5);

    private final Transport inner;
    private final TlsEngine engine;
    private final TlsInbound in;
    private final TlsOutbound out;
    private final TlsHandshake handshake;
    private @Nullable TlsException failure;
    private boolean open = true;
    private boolean outputOpen = true;
    private boolean lingering;
    private int readersWaiting;

    /**
     * @param inner a connected transport, owned from now on
     * @param engine for the role of this side, owned from now on
     */
    TlsTransport(Transport inner, TlsEngine engine, Duration handshakeTimeout) {
        TlsBuffers buffers = TlsBuffers.current();
        this.inner = inner;
        this.engine = engine;
        this.in = new TlsInbound(inner, engine, buffers);
        this.out = new TlsOutbound(inner, engine, buffers);
        this.handshake = new TlsHandshake(this, engine, handshakeTimeout);
    }

    // ---- the handshake ----

    /** Waits until both sides have agreed on keys and checked each other; at once if they have. */
    void handshake() {
        handshake.await();
    }

    void sendHandshake() throws SSLException {
        out.prepareControl();
        while (!out.flush()) {
            out.awaitInner();
        }
    }

    void readHandshake() throws SSLException {
        if (!in.readHandshake()) {
            inner.awaitReadable();
        }
    }

    void agreed() {
        in.agreed();
        if (!outputOpen) {
            endOutput();
        }
    }

    /**
     * Ends the connection for a reason that all later calls hear, and tells the peer as far as TLS has words for it.
     */
    TlsException fail(String reason, @Nullable Throwable cause) {
        String what = handshake.isDone() ? "TLS with " : "no TLS with ";
        TlsException first = new TlsException(
                what + peer() + ": " + reason, TlsFailure.isDistrust(cause), TlsFailure.isRefusal(cause), cause);
        if (failure == null) {
            failure = first;
            if (inner.isOpen()) {
                // The engine's alert, if it has one; never a close_notify, which would say that all was well.
                try {
                    out.sendLast();
                    in.discard();
                } finally {
                    finish();
                }
            }
        }
        return first;
    }

    private String peer() {
        String host = engine.peerHost();
        return host == null ? inner.remoteAddress() : host + " (" + inner.remoteAddress() + ")";
    }

    @Override
    public TlsAgreement agreement() {
        handshake();
        return engine.agreement();
    }

    @Override
    public String protection() {
        if (!handshake.isDone()) {
            return "TLS handshake";
        }
        TlsAgreement agreement = engine.agreement();
        String group = agreement.group();
        return agreement.version() + " " + agreement.cipherSuite() + (group.isEmpty() ? "" : " " + group);
    }

    // ---- bytes ----

    @Override
    public int tryRead(ByteBuffer target) {
        throwIfUnusable();
        if (!handshake.isDone()) {
            return 0;
        }
        try {
            int count = in.read(target);
            if (in.isReplyDue() && out.sendLast()) {
                in.replied();
            }
            return count;
        } catch (SSLException e) {
            throw fail(TlsFailure.describe(e), e);
        }
    }

    @Override
    public void awaitReadable() {
        CancelScope.throwIfCancelled();
        throwIfUnusable();
        if (!handshake.isDone()) {
            handshake.await();
        } else if (in.isEmpty()) {
            in.shrink();
            readersWaiting++;
            try {
                inner.awaitReadable();
            } catch (ClosedException e) {
                throwIfUnusable();
                throw e;
            } finally {
                readersWaiting--;
            }
        }
    }

    @Override
    public int tryWrite(ByteBuffer source) {
        throwIfUnusable();
        if (!outputOpen) {
            throw new ClosedException("the output to " + inner.remoteAddress() + " is closed");
        }
        if (!handshake.isDone()) {
            return 0;
        }
        if (in.isTruncated()) {
            throw in.truncation();
        }
        try {
            return out.write(source);
        } catch (SSLException e) {
            throw fail(TlsFailure.describe(e), e);
        }
    }

    @Override
    public void awaitWritable() {
        CancelScope.throwIfCancelled();
        throwIfUnusable();
        if (!handshake.isDone()) {
            handshake.await();
            return;
        }
        if (in.isTruncated()) {
            return;
        }
        try {
            out.awaitRoom();
        } catch (ClosedException e) {
            throwIfUnusable();
            throw e;
        }
    }

    // ---- the end ----

    @Override
    public void shutdownOutput() {
        throwIfUnusable();
        if (out.isCut()) {
            throw new BrokenException("an earlier write to " + inner.remoteAddress() + " was cut off");
        }
        if (outputOpen) {
            outputOpen = false;
            if (handshake.isDone()) {
                endOutput();
            }
        }
    }

    private void endOutput() {
        if (out.end()) {
            inner.shutdownOutput();
        } else {
            linger();
        }
    }

    @Override
    public void close() {
        if (!open) {
            return;
        }
        open = false;
        if (!handshake.isDone() || !inner.isOpen()) {
            finish();
        } else if (out.isCut()) {
            cut();
        } else {
            boolean over = true;
            try {
                in.drain();
                over = out.end() || readersWaiting > 0;
            } finally {
                if (over) {
                    finish();
                }
            }
            if (!over) {
                linger();
            }
        }
    }

    /**
     * Holds out the last record to a peer that takes nothing now, in a task of the loop, since closing never waits.
     * Without that record the peer would have to take all it got for cut off.
     */
    private void linger() {
        if (lingering) {
            return;
        }
        lingering = true;
        try {
            Heddle.currentLoop().spawn(this::holdOut);
        } catch (IllegalStateException e) {
            // The loop is ending, and all its connections with it.
            afterLingering();
        }
    }

    private void holdOut() {
        try {
            Heddle.shield(() -> Heddle.moveOnAfter(LINGER, this::flushLast));
        } finally {
            afterLingering();
        }
    }

    private void flushLast() {
        try {
            while (!out.isFlushed()) {
                out.awaitInner();
            }
        } catch (BrokenException | ClosedException e) {
            // The peer is gone, or somebody has aborted meanwhile: nothing is left to do.
            out.free();
        }
    }

    private void afterLingering() {
        lingering = false;
        if (!open) {
            finish();
        } else if (inner.isOpen()) {
            inner.shutdownOutput();
        }
    }

    @Override
    public void abort() {
        if (open) {
            open = false;
            cut();
        }
    }

    private void finish() {
        free();
        if (inner.isOpen()) {
            inner.close();
        }
    }

    private void cut() {
        free();
        if (inner.isOpen()) {
            inner.abort();
        }
    }

    private void free() {
        in.free();
        out.free();
        engine.free();
    }

    // ---- what it is ----

    void throwIfUnusable() {
        if (!open) {
            throw new ClosedException("the TLS connection to " + inner.remoteAddress() + " is closed");
        }
        if (failure != null) {
            throw new TlsException(
                    Throwables.describe(failure), failure.isUntrusted(), failure.isRefused(), failure);
        }
        if (!inner.isOpen()) {
            throw new ClosedException("the connection under the TLS with " + inner.remoteAddress() + " is closed");
        }
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public String localAddress() {
        return inner.localAddress();
    }

    @Override
    public String remoteAddress() {
        return inner.remoteAddress();
    }

    @Override
    public String toString() {
        return "TLS over " + inner;
    }
}
