package dev.heddle.http.internal.http2;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.Task;
import dev.heddle.Waiter;
import dev.heddle.engine.Transport;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A stream of HTTP/2 that carries another protocol in both directions (RFC 8441), as a transport: its bytes are DATA
 * frames, its end is END_STREAM, its loss is RST_STREAM.
 *
 * <pre>
 *   OPEN ──shutdownOutput()──▶ OUTPUT ENDED ──close(), abort()──▶ CLOSED ──all sent, or lost──▶ over
 *     └────────────────────────close(), abort()─────────────────────▲
 * </pre>
 *
 * <p>What goes without a wait stands in the connection's batch at once. What the windows or other streams hold up is
 * copied, a piece at a time, and lent to the writer: that piece is what a socket would have in its buffer. So a tunnel
 * that is quiet has no buffer, and one whose peer does not read has this one.
 */
public final class Http2Tunnel implements Transport {

    /** The most bytes that are taken and not sent. */
    private static final int MAX_HELD_BYTES = 16 * 1024;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** How long it may take to send the last piece behind a close. */
    private static final Duration LAST_PIECE = Duration.ofSeconds(10);

    private final Http2Connection connection;
    private final Http2Stream stream;
    private final Http2Inbound inbound;
    private final Http2Writer writer;
    private final Runnable onOver;

    private @Nullable Waiter sent;
    private boolean outputEnded;
    private boolean closed;

    /**
     * Takes a stream over, behind the heads of its request and its answer.
     *
     * @param onOver run once, when it is closed and the last byte is sent or never will be; must not wait
     */
    public Http2Tunnel(Http2Connection connection, Http2Stream stream, Runnable onOver) {
        this.connection = connection;
        this.stream = stream;
        this.inbound = stream.inbound();
        this.writer = connection.writer();
        this.onOver = onOver;
        inbound.keepWhole();
    }

    @Override
    public int tryRead(ByteBuffer target) {
        throwIfClosed();
        if (inbound.arrived() > 0) {
            int count = inbound.take(target);
            connection.streams().use(stream, count);
            return count;
        }
        if (inbound.hasEnded() && inbound.whyLost() == null) {
            return -1;
        }
        throwIfLost();
        return 0;
    }

    @Override
    public void awaitReadable() {
        throwIfClosed();
        if (!stream.isLost()) {
            inbound.awaitNews();
        }
        throwIfClosed();
    }

    @Override
    public int tryWrite(ByteBuffer source) {
        throwIfClosed();
        if (outputEnded) {
            throw new ClosedException("the output of " + this + " is closed");
        }
        throwIfLost();
        if (stream.pending() != null) {
            return 0;
        }
        int count = Math.min(source.remaining(), MAX_HELD_BYTES);
        ByteBuffer piece = source.slice(source.position(), count);
        if (!writer.dataNow(stream, piece, false)) {
            lend(ByteBuffer.allocate(count).put(piece).flip(), false);
        }
        source.position(source.position() + count);
        return count;
    }

    private void lend(ByteBuffer piece, boolean end) {
        var waiter = new Waiter("window for " + stream);
        sent = waiter;
        stream.lend(piece, end, waiter);
        writer.enqueue(stream);
    }

    @Override
    public void awaitWritable() {
        throwIfClosed();
        Waiter taken = sent;
        if (taken != null && stream.pending() != null) {
            taken.await();
        }
        throwIfClosed();
    }

    @Override
    public void shutdownOutput() {
        if (closed || outputEnded) {
            return;
        }
        outputEnded = true;
        if (stream.isLost()) {
            return;
        }
        if (stream.pending() != null) {
            stream.endPending();
        } else if (!writer.dataNow(stream, NOTHING.duplicate(), true)) {
            lend(NOTHING.duplicate(), true);
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        shutdownOutput();
        end();
        if (stream.pending() == null) {
            onOver.run();
            return;
        }
        var last = new Waiter("the last bytes on " + stream);
        stream.tellTaken(last);
        Task<Void> _ = connection.spawn("last bytes on " + stream, () -> {
            try {
                last.awaitWithin(LAST_PIECE);
            } finally {
                onOver.run();
            }
        });
    }

    @Override
    public void abort() {
        if (!closed) {
            end();
            connection.streams().reset(stream, Http2Error.CANCEL, "this side has given up " + this);
            onOver.run();
        }
    }

    private void end() {
        closed = true;
        inbound.wake();
        if (sent != null) {
            sent.complete();
        }
    }

    private void throwIfClosed() {
        if (closed) {
            throw new ClosedException(this + " is closed");
        }
    }

    private void throwIfLost() {
        if (stream.isLost()) {
            throw new BrokenException(this + " is lost: " + stream.whyLost());
        }
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public <T> Optional<T> option(SocketOption<T> option) {
        throwIfClosed();
        return connection.stream().transport().option(option);
    }

    @Override
    public String localAddress() {
        return connection.stream().localAddress();
    }

    @Override
    public String remoteAddress() {
        return connection.stream().remoteAddress();
    }

    @Override
    public String toString() {
        return "the tunnel on stream " + stream.id() + " to " + remoteAddress();
    }
}
