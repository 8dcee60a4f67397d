package dev.heddle.http.internal.server;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.engine.Transport;
import dev.heddle.http.Headers;
import dev.heddle.http.StatusException;
import dev.heddle.http.internal.codec.RequestHead;
import dev.heddle.http.internal.codec.TransferLimit;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A request on a stream of its own, of HTTP/2 or HTTP/3, and the way back to its client. What a handler takes out of the
 * body raises the peer's window, and nothing else does.
 *
 * <p>The methods that a protocol adds throw a {@link ClosedException} when the stream is lost, or the peer too slow.
 */
public abstract class StreamExchange implements RequestSource {

    private final TransferLimit limit;
    private boolean isTunnel;
    private boolean expected;
    private boolean lost;
    private boolean closed;
    private @Nullable String route;

    /** @param limit that of the request's body */
    protected StreamExchange(TransferLimit limit) {
        this.limit = limit;
    }

    /** Its head could be read. */
    final void begin(RequestHead head) {
        isTunnel = head.connectProtocol() != null;
        expected = head.expectsContinue();
    }

    // ---- for the handler ----

    @Override
    public final void routed(String found) {
        route = found;
    }

    @Override
    public final @Nullable String route() {
        return route;
    }

    @Override
    public final void sendInterim(int status, Headers fields) {
        throwIfClosed();
        try {
            interim(status, fields);
        } catch (ClosedException gone) {
            throw lost(gone);
        }
    }

    private void interim(int status, Headers fields) {
        if (status() != 0) {
            throw new IllegalStateException("the response has begun");
        }
        sendHead(status, fields, "", ResponseBody.UNKNOWN, false, newLimit());
    }

    private void throwIfClosed() {
        if (closed) {
            throw new IllegalStateException("the request is over");
        }
    }

    private BrokenException lost(ClosedException gone) {
        lost = true;
        return new BrokenException(connection().remoteAddress() + ": " + gone.getMessage(), gone);
    }

    @Override
    public final int read(ByteBuffer target) {
        throwIfClosed();
        if (isEnded()) {
            return -1;
        }
        if (!target.hasRemaining()) {
            return 0;
        }
        try {
            // The go-ahead (RFC 9110, section 10.1.1), unless the response has begun: then it would be no interim one.
            if (expected && status() == 0) {
                interim(100, Headers.EMPTY);
            }
            expected = false;
            long start = Heddle.currentLoop().nanoTime();
            int count = readWithin(limit.allowance(0), target);
            limit.waited(Heddle.currentLoop().nanoTime() - start);
            return counted(count);
        } catch (ClosedException gone) {
            throw lost(gone);
        }
    }

    private int counted(int count) {
        if (count == 0) {
            throw new StatusException(408, "the request came too slowly");
        }
        if (count > 0) {
            limit.moved(count);
        }
        return count;
    }

    @Override
    public final boolean isEnded() {
        // What comes on a tunnel is for the protocol that it carries.
        return isTunnel || isBodyDone();
    }

    @Override
    public final boolean isLost() {
        return lost;
    }

    /** Ends the handler's right to read. */
    final void close() {
        closed = true;
    }

    // ---- of the protocol: the request ----

    /** Takes bytes of the body: how many, -1 at the end, or 0 if none came within the time. */
    protected abstract int readWithin(Duration time, ByteBuffer target);

    /** Whether all of the body has come and was read. */
    protected abstract boolean isBodyDone();

    /** Whether nothing can be sent any more. */
    protected abstract boolean isGone();

    // ---- of the protocol: the response ----

    /** The limit of one direction, or of what is sent at once. */
    protected abstract TransferLimit newLimit();

    /** The status that was sent; 0 before. */
    protected abstract int status();

    /** How many bytes of the body were sent. */
    protected abstract long sentBytes();

    /**
     * Sends a head, interim or not.
     *
     * @param date the time it was made; empty for none
     * @param length that of the body, or {@link ResponseBody#UNKNOWN}
     * @param end whether nothing follows
     */
    protected abstract void sendHead(
            int status, Headers headers, String date, long length, boolean end, TransferLimit peer);

    /** Sends a piece of the body; a cancelled call may have sent a part. */
    protected abstract void sendBody(ByteBuffer source, boolean end, TransferLimit peer);

    /** Sends what follows a body, and ends it. */
    protected abstract void sendTrailers(Headers trailers, TransferLimit peer);

    /** The response says itself how urgent it is (RFC 9218, section 8). */
    protected abstract void prioritize(String priority);

    /** The connection takes no more requests. */
    protected abstract void drain();

    /** Lets another protocol have the stream. */
    protected abstract Transport tunnel(Runnable onOver);

    /** Cuts the response off: its handler has failed in the middle. */
    protected abstract void cutOff();

    /**
     * The request is over; what is not whole is cut off.
     *
     * @param cancelled whether a cancel is why it is not, in place of a failure
     */
    protected abstract void finish(boolean cancelled);
}
