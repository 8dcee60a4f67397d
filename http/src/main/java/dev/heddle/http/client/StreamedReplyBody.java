package dev.heddle.http.client;

import dev.heddle.BrokenException;
import dev.heddle.http.BadReplyException;
import dev.heddle.http.Headers;

/**
 * The body of a reply as it comes over a connection, which others may have with its last byte.
 *
 * <pre>
 *   READING ──last byte──▶ ENDED
 *      └──close(), a failure or a cancel──▶ CLOSED
 * </pre>
 *
 * <p>Cancellation: a cancelled read leaves the body closed.
 */
abstract class StreamedReplyBody implements ReplyBody {

    private enum State {
        READING,
        ENDED,
        CLOSED
    }

    final CallContext call;

    /** The request, for errors. */
    final Object what;

    private State state = State.READING;
    private Headers trailers = Headers.EMPTY;

    StreamedReplyBody(CallContext call, Object what) {
        this.call = call;
        this.what = what;
    }

    /** Reads what is there, waiting if nothing is; calls {@link #ended} behind the last byte. */
    abstract int readOrWait(byte[] target, int offset, int count);

    /** Gives up what the body has of its connection. */
    abstract void release(boolean reusable);

    @Override
    public final int read(byte[] target, int offset, int count) {
        if (state == State.ENDED) {
            return -1;
        }
        if (state == State.CLOSED) {
            throw ClientErrors.closed(what);
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
                end(State.CLOSED, Headers.EMPTY, false);
            }
        }
    }

    final boolean isReading() {
        return state == State.READING;
    }

    /**
     * The last byte has come.
     *
     * @param reusable whether the connection may carry another request
     */
    final void ended(Headers last, boolean reusable) {
        end(State.ENDED, last, reusable);
    }

    /** The body is given up. */
    final void closed(boolean reusable) {
        end(State.CLOSED, Headers.EMPTY, reusable);
    }

    private void end(State end, Headers last, boolean reusable) {
        if (state == State.READING) {
            state = end;
            trailers = last;
            int status = status();
            release(reusable);
            call.trace().ended(status, end == State.ENDED);
        }
    }

    /** The status of the reply; asked before the release. */
    abstract int status();

    @Override
    public final Headers trailers() {
        return trailers;
    }
}
