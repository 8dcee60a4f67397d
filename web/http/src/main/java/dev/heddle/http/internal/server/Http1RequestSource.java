package dev.heddle.http.internal.server;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.Waiter;
import dev.heddle.http.Headers;
import dev.heddle.http.StatusException;
import dev.heddle.http.internal.codec.ChunkedBody;
import dev.heddle.http.internal.codec.RequestHead;
import dev.heddle.http.internal.codec.TransferLimit;
import dev.heddle.internal.CancelOnly;
import dev.heddle.io.ByteStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The request body of HTTP/1, read straight from the connection as the handler asks for it.
 *
 * <p>Owns the count of what is still to come. A body of known length is counted here; a chunked one by a {@link
 * ChunkedBody}.
 */
final class Http1RequestSource implements RequestSource {

    /** What is thrown away at once; of chunks, what is thrown away at all. */
    private static final int MAX_TRASH_BYTES = 16 * 1024;

    /** From here on bytes go to where they are wanted without a stop in the stream's buffer, which has less room. */
    private static final int MANY_BYTES = 32 * 1024;

    private final ServerLoop loop;
    private final TimedStream timed;
    private final Http1ResponseSender sender;
    private final boolean takesInterims;

    /** Made when the first byte is asked for. */
    private @Nullable TransferLimit limit;

    private @Nullable ChunkedBody chunks;
    private Headers trailers = Headers.EMPTY;

    /** Bytes to come of a body of known length. */
    private long remaining;

    private boolean expected;

    /** What is wrong with the body, told again to each later reader; null for nothing. */
    private @Nullable StatusException broken;

    private boolean closed;
    private @Nullable String route;

    Http1RequestSource(ServerLoop loop, RequestHead head, TimedStream timed, Http1ResponseSender sender) {
        this.loop = loop;
        this.timed = timed;
        this.sender = sender;
        this.takesInterims = head.http11();
        long length = head.bodyLength();
        if (length == RequestHead.CHUNKED) {
            chunks = ChunkedBody.ofRequest(loop.limits().head());
        } else {
            remaining = length;
        }
        expected = head.expectsContinue() && !isEnded();
    }

    @Override
    public void routed(String found) {
        route = found;
    }

    @Override
    public @Nullable String route() {
        return route;
    }

    @Override
    public boolean isEnded() {
        return chunks == null && remaining == 0;
    }

    @Override
    public void sendInterim(int status, Headers fields) {
        throwIfClosed();
        if (takesInterims) {
            sender.sendInterim(status, fields);
        }
    }

    private void throwIfClosed() {
        if (closed) {
            throw new IllegalStateException("the request is over");
        }
    }

    @Override
    public int read(ByteBuffer target) {
        throwIfClosed();
        if (broken != null) {
            throw new StatusException(broken.status(), broken.text());
        }
        return take(target);
    }

    private int take(ByteBuffer target) {
        if (isEnded()) {
            return -1;
        }
        if (!target.hasRemaining()) {
            return 0;
        }
        if (expected) {
            sender.sendContinue();
            expected = false;
        }
        int before = target.position();
        try {
            if (chunks == null) {
                readSized(target);
            } else {
                readChunked(chunks, target);
            }
        } catch (StatusException e) {
            broken = e;
            throw e;
        }
        timed.giveBack();
        int count = target.position() - before;
        limit().moved(count);
        return count == 0 ? -1 : count;
    }

    private void readSized(ByteBuffer target) {
        if (Math.min(remaining, target.remaining()) >= MANY_BYTES && !timed.hasMore()) {
            readMany(target);
            return;
        }
        ByteBuffer in = filled();
        int count = (int) Math.min(remaining, Math.min(in.remaining(), target.remaining()));
        target.put(target.position(), in, in.position(), count);
        target.position(target.position() + count);
        in.position(in.position() + count);
        remaining -= count;
    }

    private void readMany(ByteBuffer target) {
        int limit = target.limit();
        target.limit(target.position() + (int) Math.min(remaining, target.remaining()));
        try {
            int count = timed.read(limit(), target);
            if (count < 0) {
                throw endedEarly();
            }
            remaining -= count;
        } finally {
            target.limit(limit);
        }
    }

    private void readChunked(ChunkedBody coming, ByteBuffer target) {
        int before = target.position();
        while (target.position() == before) {
            coming.read(filled(), target);
            if (coming.isDone()) {
                end(coming);
                return;
            }
        }
    }

    private void end(ChunkedBody done) {
        trailers = done.trailers();
        chunks = null;
    }

    private TransferLimit limit() {
        if (limit == null) {
            limit = loop.limits().transfer();
        }
        return limit;
    }

    private ByteBuffer filled() {
        ByteBuffer in = timed.fill(limit());
        if (!in.hasRemaining()) {
            throw endedEarly();
        }
        return in;
    }

    private static StatusException endedEarly() {
        return new StatusException(400, "the body ends early");
    }

    @Override
    public boolean isLost() {
        return timed.isLost();
    }

    @Override
    public Headers trailers() {
        return trailers;
    }

    @Override
    public ByteStream connection() {
        return timed.stream();
    }

    @Override
    public void awaitGone() {
        // Nothing is flushed: to be cut off in a write would break the connection, and held responses leave by
        // themselves.
        ByteStream whole = timed.stream();
        try {
            if (!whole.fill().hasRemaining()) {
                return;
            }
        } catch (BrokenException | ClosedException gone) {
            return;
        }
        new Waiter(new CancelOnly("the end of " + whole.remoteAddress())).await();
    }

    /**
     * Whether, as far as one can tell without waiting, the rest may be thrown away to reach the next request.
     *
     * @param mayBeRead whether it may be read while the response is written, so that nothing of it can be thrown away
     *     yet
     */
    boolean canBeSkipped(boolean mayBeRead) {
        if (isEnded()) {
            return true;
        }
        if (broken != null || expected) {
            // A peer that waits for its 100 may or may not send the body now: RFC 9110, section 10.1.1.
            return false;
        }
        return chunks == null ? remaining <= loop.limits().maxDrainBytes() : !mayBeRead && chunksAreBuffered();
    }

    /** Throws buffered chunks away; true if that was all of them. */
    private boolean chunksAreBuffered() {
        try {
            ByteBuffer in = timed.stream().buffered();
            if (in.remaining() > MAX_TRASH_BYTES) {
                return false; // whether more of it has come by now is chance
            }
            ByteBuffer trash = ByteBuffer.allocate(Math.max(1, in.remaining()));
            ChunkedBody coming = chunks;
            while (coming != null && in.hasRemaining()) {
                coming.read(in, trash.clear());
                if (coming.isDone()) {
                    end(coming);
                    return true;
                }
            }
        } catch (StatusException e) {
            broken = e;
        }
        return false;
    }

    /** Throws the rest away; false if the connection is of no use after it. */
    boolean skip() {
        ByteBuffer trash = null;
        while (!isEnded()) {
            if (!timed.hasMore()) {
                timed.flush();
                if (loop.isStopping()) {
                    return false;
                }
            }
            if (trash == null) {
                trash = ByteBuffer.allocate((int) Math.min(remaining, MAX_TRASH_BYTES));
            }
            try {
                take(trash.clear());
            } catch (StatusException e) {
                return false;
            }
        }
        return true;
    }

    /** Ends the handler's right to read. */
    void close() {
        closed = true;
    }
}
