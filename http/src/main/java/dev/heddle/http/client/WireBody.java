package dev.heddle.http.client;

import dev.heddle.BrokenException;
import dev.heddle.CancelScope;
import dev.heddle.ClosedException;
import dev.heddle.http.BadReplyException;
import dev.heddle.http.Headers;
import dev.heddle.http.internal.codec.ReplyParser;
import dev.heddle.io.TruncatedException;
import java.nio.ByteBuffer;

/**
 * A reply body as it comes over its connection, which goes back to the pool with the last byte. Whatever else ends the
 * reading closes the connection.
 *
 * <p>Cancellation: a cancelled read leaves the body closed.
 */
final class WireBody implements ReplyBody, CancelScope.Body<ByteBuffer> {

    private static final int SCRATCH_BYTES = 4 * 1024;

    private enum State {
        READING,
        ENDED,
        CLOSED
    }

    private final Http1ClientConnection connection;
    private final ConnectionPool pool;
    private final CallDeadline clock;
    private final Object what;
    private final long length;
    private final RequestTrace trace;
    private State state = State.READING;
    private Headers trailers = Headers.EMPTY;

    /**
     * @param what names the request in errors
     */
    WireBody(Http1ClientConnection connection, ConnectionPool pool, CallDeadline clock, Object what,
            RequestTrace trace) {
        this.connection = connection;
        this.pool = pool;
        this.clock = clock;
        this.what = what;
        this.trace = trace;
        this.length = connection.parser().length();
    }

    @Override
    public int read(byte[] target, int offset, int count) {
        if (state == State.ENDED) {
            return -1;
        }
        if (state == State.CLOSED) {
            throw new ClosedException(what + ": the reply is closed");
        }
        boolean alive = false;
        try {
            int taken = readOrWait(target, offset, count);
            alive = true;
            return taken;
        } catch (BadReplyException | BrokenException e) {
            throw ClientErrors.named(what, e);
        } finally {
            if (!alive) {
                end(State.CLOSED, false);
            }
        }
    }

    private int readOrWait(byte[] target, int offset, int count) {
        ReplyParser parser = connection.parser();
        int taken = connection.readArrived(target, offset, count);
        while (taken == 0 && !parser.isComplete()) {
            ByteBuffer bytes = clock.within(CallDeadline.Phase.BODY, what, this);
            if (!bytes.hasRemaining()) {
                return atEndOfInput();
            }
            taken = parser.parseBody(bytes, target, offset, count);
        }
        if (parser.isComplete()) {
            end(State.ENDED, connection.isReusable());
        }
        return taken == 0 ? -1 : taken;
    }

    private int atEndOfInput() {
        ReplyParser parser = connection.parser();
        if (!parser.isEndedByClose()) {
            throw new TruncatedException(parser.length() < 0
                    ? "the server closed the connection before the last chunk"
                    : "the server closed the connection before the end of a body of " + parser.length() + " bytes");
        }
        end(State.ENDED, false);
        return -1;
    }

    /** The step that may wait; an object of its own would be one more for each reply. */
    @Override
    public ByteBuffer run(CancelScope scope) {
        return connection.stream().fill();
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public Headers trailers() {
        return trailers;
    }

    @Override
    public void close() {
        if (state == State.READING) {
            boolean clean = false;
            try {
                clean = skipArrived();
            } catch (RuntimeException e) {
                // The reader has given up on the rest, so its faults are nobody's concern: the connection is closed.
                clean = false;
            } finally {
                end(State.CLOSED, clean);
            }
        }
    }

    /** Reads over a rest that is there already, so that the connection can be kept; waits for none. */
    private boolean skipArrived() {
        byte[] scratch = new byte[SCRATCH_BYTES];
        while (connection.readArrived(scratch, 0, scratch.length) > 0) {
            // Each step takes something from a buffer that nobody fills meanwhile.
        }
        return connection.isReusable();
    }

    private void end(State end, boolean reusable) {
        if (state == State.READING) {
            state = end;
            trailers = end == State.ENDED ? connection.parser().trailers() : Headers.EMPTY;
            int status = connection.parser().status();
            pool.release(connection, reusable);
            trace.ended(status, end == State.ENDED);
        }
    }
}
