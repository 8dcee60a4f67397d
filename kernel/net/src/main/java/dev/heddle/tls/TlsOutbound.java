package dev.heddle.tls;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.engine.Transport;
import dev.heddle.internal.Unyielding;
import dev.heddle.io.internal.TransportRules;
import dev.heddle.tls.internal.TlsEngine;
import dev.heddle.tls.internal.TlsEngine.Result;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The writing half of {@link TlsTransport}: from bytes to records, several of them in one step where there are many
 * bytes.
 *
 * <p>The bytes of a record count as taken when the record's last byte has left: until then the caller, as the contract
 * of {@link Transport} is, comes again with the same bytes. One whose wait is cut off meanwhile has left half a record
 * behind, and nothing can be written any more.
 */
final class TlsOutbound {

    /** Most records in a row that take nothing from the caller: answers to what the peer asked for. */
    private static final int MAX_CONTROL_RECORDS = 2 * TlsInbound.MAX_EMPTY_RECORDS;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Transport inner;
    private final TlsEngine engine;
    private final TlsBuffers buffers;

    /** Records that have not left yet, ready to be written; null while there are none. */
    private @Nullable ByteBuffer cipher;

    /** Bytes of the caller that stand in {@link #cipher}, and how many of them are reported as taken. */
    private int held;

    private int reported;

    /** What each record of {@link #cipher} but the last takes, plain and as a record. */
    private int plainUnit;

    private int cipherUnit;
    private boolean torn;

    /** Waits in a row after which there was no room. */
    private int early;
    private boolean endedHere;

    TlsOutbound(Transport inner, TlsEngine engine, TlsBuffers buffers) {
        this.inner = inner;
        this.engine = engine;
        this.buffers = buffers;
    }

    /** Writes as {@link Transport#tryWrite} does. */
    int write(ByteBuffer source) throws SSLException {
        throwIfTorn();
        if (engine.isOutputClosed()) {
            throw endedHere
                    ? new ClosedException("the output to " + inner.remoteAddress() + " is closed")
                    : new BrokenException(inner.remoteAddress() + " has ended TLS 1.2, and with it both directions");
        }
        int total = 0;
        while (source.hasRemaining() && (held > 0 || encode(source))) {
            boolean left = flush();
            total += settle(source, left);
            if (!left) {
                break;
            }
        }
        return total;
    }

    /**
     * Makes records of the caller's bytes, without moving past them.
     *
     * @return false if there is no room for what has to leave first
     */
    private boolean encode(ByteBuffer source) throws SSLException {
        int start = source.position();
        try {
            for (int control = 0; held == 0; control++) {
                if (!flush()) {
                    return false;
                }
                if (control > MAX_CONTROL_RECORDS) {
                    throw new SSLException("nothing can be sent");
                }
                ByteBuffer room = source.remaining() > TlsBuffers.PLAIN_BYTES
                        ? buffers.borrowBatch()
                        : buffers.borrowRecord();
                cipher = room;
                try {
                    fill(room, source);
                } finally {
                    room.flip();
                }
            }
            return true;
        } finally {
            source.position(start);
        }
    }

    private void fill(ByteBuffer room, ByteBuffer source) throws SSLException {
        int start = source.position();
        wrap(source, room);
        plainUnit = source.position() - start;
        cipherUnit = room.position();
        held = plainUnit;
        reported = 0;
        boolean alike = plainUnit > 0;
        while (alike && source.hasRemaining() && room.remaining() >= TlsBuffers.RECORD_BYTES) {
            int from = source.position();
            int to = room.position();
            wrap(source, room);
            int taken = source.position() - from;
            held += taken;
            alike = taken == plainUnit && room.position() - to == cipherUnit;
        }
    }

    private void wrap(ByteBuffer source, ByteBuffer room) throws SSLException {
        int start = room.position();
        Result result = Unyielding.call(() -> engine.wrap(source, room));
        if (result != Result.DONE && (result != Result.CLOSED || room.position() == start)) {
            throw new SSLException("nothing can be sent: " + result);
        }
    }

    /** Moves past the bytes whose records have left. */
    private int settle(ByteBuffer source, boolean allLeft) {
        int gone = held;
        if (!allLeft) {
            int sent = cipher == null ? 0 : cipher.position();
            gone = sent / cipherUnit * plainUnit;
        }
        int taken = gone - reported;
        source.position(source.position() + taken);
        reported = gone;
        if (allLeft) {
            held = 0;
            reported = 0;
        }
        return taken;
    }

    /** Waits as {@link Transport#awaitWritable} does. */
    void awaitRoom() {
        throwIfTorn();
        boolean cut = true;
        try {
            awaitInner();
            cut = false;
        } finally {
            torn |= cut && held > 0;
        }
    }

    /** Waits until there may be room under TLS. */
    void awaitInner() {
        early = TransportRules.countEarly(inner, early, "awaitWritable()");
        inner.awaitWritable();
    }

    /** Whether bytes of a writer have left in part, or wait to leave. */
    boolean isCut() {
        return torn || held > 0;
    }

    /** Makes a record of what the engine has to say by itself, unless others have to leave first. */
    void prepareControl() throws SSLException {
        if (cipher != null) {
            return;
        }
        ByteBuffer room = buffers.borrowRecord();
        cipher = room;
        try {
            Unyielding.call(() -> engine.wrap(NOTHING, room));
        } finally {
            room.flip();
        }
    }

    /** Sends, as far as there is room, what the engine has to say by itself; says whether all has left. */
    boolean sendControl() throws SSLException {
        if (torn || held > 0 || !flush()) {
            return false;
        }
        prepareControl();
        return flush();
    }

    /** As {@link #sendControl}, but a peer that is gone need not be told. */
    boolean sendLast() {
        try {
            return sendControl();
        } catch (SSLException | BrokenException | ClosedException e) {
            torn = true;
            return true;
        }
    }

    /** Says that no more will come, once; whether it has left. */
    boolean end() {
        endedHere = true;
        if (!engine.isOutputClosed()) {
            engine.closeOutput();
            sendLast();
        }
        return isFlushed();
    }

    /** Goes on with what {@link #end} left; true when nothing is left, or nothing more can leave. */
    boolean isFlushed() {
        try {
            return torn || (flush() && (engine.isOutputClosed() || sendControl()));
        } catch (SSLException | BrokenException | ClosedException e) {
            torn = true;
            return true;
        }
    }

    /** Whether all records have left. */
    boolean flush() {
        ByteBuffer records = cipher;
        if (records == null) {
            return true;
        }
        while (records.hasRemaining() && TransportRules.tryWrite(inner, records) > 0) {
            early = 0; // goes on until all has left or there is no room
        }
        if (records.hasRemaining()) {
            return false;
        }
        cipher = null;
        buffers.release(records);
        return true;
    }

    void throwIfTorn() {
        if (torn) {
            throw new BrokenException("an earlier write to " + inner.remoteAddress() + " was cut off");
        }
    }

    /** Lets go of all that is held. */
    void free() {
        if (cipher != null) {
            buffers.release(cipher);
            cipher = null;
        }
    }
}
