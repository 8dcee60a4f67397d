package dev.heddle.io;

import dev.heddle.BrokenException;
import dev.heddle.BusyException;
import dev.heddle.CancelScope;
import dev.heddle.ClosedException;
import dev.heddle.engine.Transport;
import dev.heddle.io.internal.BufferPool;
import dev.heddle.io.internal.CoopBudget;
import dev.heddle.io.internal.TransportRules;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * The writing half of a stream: one writer at a time, small pieces gathered into one step, and the memory of a message
 * that was cut off. The contracts are those of {@link ByteStream}.
 */
final class Outbound {

    /** The most bytes handed over by one step: a page of a hundred kilobytes is one call of the system. */
    private static final int MAX_STEP_BYTES = BufferPool.LARGE_BYTES;

    /** From here on bytes are not copied to those of the next buffer. */
    private static final int MIN_ALONE_BYTES = MAX_STEP_BYTES / 2;

    private final Transport transport;
    private final CoopBudget pace;

    /** The other half, which is in reach as long as a call of this one is. */
    @SuppressWarnings("UnusedVariable")
    private final Inbound in;

    private @Nullable BufferPool pool;
    private boolean busy;

    private long written;

    /** Waits in a row after which there was no room. */
    private int early;

    /**
     * Whether a part of a message has left but not its end: true while one is under way and for ever if it is cut off.
     */
    private boolean torn;

    Outbound(Transport transport, CoopBudget pace, Inbound in) {
        this.transport = transport;
        this.pace = pace;
        this.in = in;
    }

    void write(ByteBuffer source) {
        if (!source.hasRemaining()) {
            return;
        }
        begin();
        try {
            push(source);
            torn = false;
        } finally {
            busy = false;
        }
    }

    void offer(ByteBuffer source) {
        if (busy) {
            throw busyException();
        }
        throwIfTorn();
        take(source);
    }

    /** Hands over all of a buffer; leaves the output torn, since only the caller knows whether more belongs to it. */
    private void push(ByteBuffer source) {
        while (source.hasRemaining()) {
            int offered = Math.min(source.remaining(), MAX_STEP_BYTES);
            int taken = step(source, offered);
            torn |= taken > 0;
            if (taken < offered) {
                awaitRoom();
            } else {
                enterAgain(source.hasRemaining());
            }
        }
    }

    long sendFile(FileChannel file, long position, long count) {
        FilePieces.check(position, count);
        begin();
        try {
            long sent = 0;
            while (sent < count) {
                long taken = TransportRules.trySendFile(transport, file, position + sent, count - sent);
                if (taken < 0) {
                    long most = Math.min(count - sent, FilePieces.RUN_BYTES);
                    long read = sendPieces(file, position + sent, most);
                    sent += read;
                    if (read < most) {
                        break;
                    }
                    continue;
                }
                sent += taken;
                written += taken;
                torn |= taken > 0;
                if (taken > 0) {
                    early = 0;
                    enterAgain(sent < count);
                } else if (FilePieces.endsAt(file, position + sent)) {
                    break;
                } else {
                    awaitRoom();
                }
            }
            torn = false;
            return sent;
        } finally {
            busy = false;
        }
    }

    private long sendPieces(FileChannel file, long position, long count) {
        ByteBuffer piece = FilePieces.allocate(count);
        long sent = 0;
        while (sent < count && FilePieces.read(file, position + sent, count - sent, piece)) {
            sent += piece.remaining();
            push(piece);
            enterAgain(sent < count);
        }
        return sent;
    }

    /** Between two pieces; after the last one a cancel would come too late. */
    private void enterAgain(boolean more) {
        if (more) {
            pace.enter();
        }
    }

    void write(ByteBuffer[] sources) {
        int first = skipEmpty(sources, 0);
        if (first == sources.length) {
            return;
        }
        if (skipEmpty(sources, first + 1) == sources.length) {
            write(sources[first]);
            return;
        }
        begin();
        try {
            while (true) {
                boolean full = gatheredStep(sources, first);
                first = skipEmpty(sources, first);
                if (first == sources.length) {
                    torn = false;
                    return;
                }
                if (full) {
                    awaitRoom();
                } else {
                    pace.enter();
                }
            }
        } finally {
            busy = false;
        }
    }

    /**
     * Hands over as much as the system takes of the first bytes; moves the sources past it. Says if the system is full.
     */
    private boolean gatheredStep(ByteBuffer[] sources, int first) {
        if (sources[first].remaining() >= MIN_ALONE_BYTES) {
            int offered = Math.min(sources[first].remaining(), MAX_STEP_BYTES);
            int taken = step(sources[first], offered);
            torn |= taken > 0;
            return taken < offered;
        }
        BufferPool buffers = pool();
        ByteBuffer gathered = buffers.borrowFor(remaining(sources, first));
        try {
            for (int i = first; i < sources.length && gathered.hasRemaining(); i++) {
                int count = Math.min(gathered.remaining(), sources[i].remaining());
                gathered.put(gathered.position(), sources[i], sources[i].position(), count);
                gathered.position(gathered.position() + count);
            }
            int taken = take(gathered.flip());
            torn |= taken > 0;
            advance(sources, first, taken);
            return gathered.hasRemaining();
        } finally {
            // Before any wait: a stream whose peer is slow holds no buffer either.
            buffers.release(gathered);
        }
    }

    /** How many bytes there are, or enough of them to know that a buffer will be full. */
    private static int remaining(ByteBuffer[] sources, int first) {
        int bytes = 0;
        for (int i = first; i < sources.length && bytes < MAX_STEP_BYTES; i++) {
            bytes += Math.min(sources[i].remaining(), MAX_STEP_BYTES);
        }
        return bytes;
    }

    private int step(ByteBuffer source, int offered) {
        int limit = source.limit();
        source.limit(source.position() + offered);
        try {
            return take(source);
        } finally {
            source.limit(limit);
        }
    }

    private int take(ByteBuffer source) {
        int taken = TransportRules.tryWrite(transport, source);
        early = taken > 0 ? 0 : early;
        written += taken;
        return taken;
    }

    private void awaitRoom() {
        transport.awaitWritable();
        // Behind the wait: a transport over another one has then counted that one first, and names it.
        early = TransportRules.countEarly(transport, early, "awaitWritable()");
        pace.waited();
    }

    private static void advance(ByteBuffer[] sources, int first, int taken) {
        int left = taken;
        for (int i = first; left > 0; i++) {
            int count = Math.min(left, sources[i].remaining());
            sources[i].position(sources[i].position() + count);
            left -= count;
        }
    }

    private static int skipEmpty(ByteBuffer[] sources, int from) {
        int index = from;
        while (index < sources.length && !sources[index].hasRemaining()) {
            index++;
        }
        return index;
    }

    void close() {
        if (busy) {
            throw busyException();
        }
        if (!transport.isOpen()) {
            throw new ClosedException("the stream to " + transport.remoteAddress() + " is closed");
        }
        throwIfTorn();
        transport.shutdownOutput();
    }

    /** Checks that another stream can take this one's place without harm. */
    void handOver() {
        if (busy) {
            throw busyException();
        }
        throwIfTorn();
    }

    /** How many bytes have been taken by the system. */
    long bytesWritten() {
        return written;
    }

    boolean isTorn() {
        return torn;
    }

    private void begin() {
        if (busy) {
            CancelScope.throwIfCancelled();
            throw busyException();
        }
        busy = true;
        try {
            pace.enter();
            throwIfTorn();
        } catch (Throwable e) {
            busy = false;
            throw e;
        }
    }

    private void throwIfTorn() {
        if (torn && transport.isOpen()) {
            throw new BrokenException("an earlier write to " + transport.remoteAddress() + " was cut off");
        }
    }

    private BusyException busyException() {
        return new BusyException("another task is writing to " + transport.remoteAddress());
    }

    private BufferPool pool() {
        if (pool == null) {
            pool = BufferPool.current();
        }
        return pool;
    }
}
