package dev.heddle.http;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.engine.Transport;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The writing half of {@link TlsTransport}: from bytes to records.
 *
 * <p>A record is taken from the caller only when its last byte has left: until then {@link #write} says 0 and the caller, as
 * the contract of {@link Transport} is, comes again with the same bytes. One whose wait is cut off meanwhile has left half a
 * record behind, and nothing can be written any more.
 */
final class TlsOutbound {

    /** Most records in a row that take nothing from the caller: answers to what the peer asked for. */
    private static final int MAX_CONTROL_RECORDS = 64;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Transport inner;
    private final SSLEngine engine;
    private final TlsBuffers buffers;

    /** Records that have not left yet, ready to be written; null while there are none. */
    private @Nullable ByteBuffer cipher;

    /** Bytes of the caller that stand in {@link #cipher}. */
    private int held;

    private boolean torn;

    TlsOutbound(Transport inner, SSLEngine engine, TlsBuffers buffers) {
        this.inner = inner;
        this.engine = engine;
        this.buffers = buffers;
    }

    /** Writes as {@link Transport#tryWrite} does. */
    int write(ByteBuffer source) throws SSLException {
        if (torn) {
            throw new BrokenException("an earlier write to " + inner.remoteAddress() + " was cut off");
        }
        if (engine.isOutboundDone()) {
            throw new ClosedException("the output to " + inner.remoteAddress() + " is closed");
        }
        for (int control = 0; held == 0; control++) {
            if (!flush()) {
                return 0;
            }
            ByteBuffer room = buffers.take(engine.getSession().getPacketBufferSize());
            SSLEngineResult result = engine.wrap(source.duplicate(), room);
            cipher = room.flip();
            held = result.bytesConsumed();
            if (result.getStatus() != SSLEngineResult.Status.OK || control > MAX_CONTROL_RECORDS) {
                throw new BrokenException("TLS with " + inner.remoteAddress() + " cannot send: " + result.getStatus());
            }
        }
        if (!flush()) {
            return 0;
        }
        int taken = held;
        held = 0;
        source.position(source.position() + taken);
        return taken;
    }

    /** Waits as {@link Transport#awaitWritable} does. */
    void awaitRoom() {
        boolean cut = true;
        try {
            inner.awaitWritable();
            cut = false;
        } finally {
            torn |= cut && held > 0;
        }
    }

    /** Sends what the handshake has to say, waiting until it has left. */
    void sendHandshake() throws SSLException {
        wrapControl();
        while (!flush()) {
            inner.awaitWritable();
        }
    }

    /** Sends, as far as there is room, what the engine has to say last: an alert, or that TLS ends in good order. */
    void sendLast() {
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

    /** Says that no more will come, once. */
    void end() {
        if (!engine.isOutboundDone()) {
            engine.closeOutbound();
            sendLast();
        }
    }

    private void wrapControl() throws SSLException {
        if (cipher != null) {
            return;
        }
        ByteBuffer room = buffers.take(engine.getSession().getPacketBufferSize());
        engine.wrap(NOTHING, room);
        cipher = room.flip();
    }

    /** Whether all records have left. */
    private boolean flush() {
        ByteBuffer records = cipher;
        if (records == null) {
            return true;
        }
        while (records.hasRemaining() && inner.tryWrite(records) > 0) {
            // Goes on until all has left or there is no room.
        }
        if (records.hasRemaining()) {
            return false;
        }
        cipher = null;
        buffers.give(records);
        return true;
    }

    /** Lets go of all that is held. */
    void free() {
        if (cipher != null) {
            buffers.give(cipher);
            cipher = null;
        }
    }
}
