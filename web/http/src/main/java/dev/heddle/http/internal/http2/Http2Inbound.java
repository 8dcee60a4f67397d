package dev.heddle.http.internal.http2;

import dev.heddle.BusyException;
import dev.heddle.CancelScope;
import dev.heddle.ClosedException;
import dev.heddle.Waiter;
import dev.heddle.http.Headers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The receive buffer of a stream: the bytes of a body that have come and that nobody has read, at most a window full.
 * Gathered in one piece, so that a body in crumbs costs what its bytes cost, and not what its frames would.
 */
public final class Http2Inbound {

    private static final byte[] NONE = {};
    private static final int MIN_BYTES = 256;

    private final int stream;
    private byte[] bytes = NONE;
    private int start;
    private int end;
    private boolean ended;
    private boolean unwanted;
    private boolean keepsWhole;
    private Headers trailers = Headers.EMPTY;
    private @Nullable String lost;
    private @Nullable Waiter reader;

    /**
     * @param stream the number that names it in reports
     */
    Http2Inbound(int stream) {
        this.stream = stream;
    }

    /** Takes all of a piece; false, and drops it, if nobody wants it. */
    boolean append(ByteBuffer piece) {
        if (unwanted) {
            return false;
        }
        int count = piece.remaining();
        if (count > bytes.length - end) {
            makeRoom(count);
        }
        piece.get(bytes, end, count);
        end += count;
        wake();
        return true;
    }

    private void makeRoom(int count) {
        int size = end - start;
        byte[] target = bytes;
        if (size + count > bytes.length) {
            target = new byte[Math.max(Math.max(MIN_BYTES, size + count), Math.min(2 * bytes.length, 1 << 30))];
        }
        System.arraycopy(bytes, start, target, 0, size);
        bytes = target;
        start = 0;
        end = size;
    }

    /** The peer has ended the body. */
    void end(Headers trailers) {
        this.trailers = trailers;
        ended = true;
        wake();
    }

    /** Lets a whole body be read also after its stream is gone. */
    void keepWhole() {
        keepsWhole = true;
    }

    /** The stream is gone; what was not read is dropped. */
    void lose(String why) {
        if (lost == null && !(keepsWhole && ended)) {
            lost = why;
        }
        wake();
    }

    /**
     * Drops what is unread and whatever still comes.
     *
     * @return how many bytes were unread
     */
    int discard() {
        int size = end - start;
        unwanted = true;
        bytes = NONE;
        start = 0;
        end = 0;
        return size;
    }

    /** Whether all of it has come and has been read. */
    public boolean isDone() {
        return ended && start == end;
    }

    public boolean hasEnded() {
        return ended;
    }

    /** Why it is gone before all of it was read; null if it is not. */
    @Nullable String whyLost() {
        return lost;
    }

    /** Whether a task waits for more. */
    public boolean isAwaited() {
        return reader != null;
    }

    /** How many bytes are there to be read. */
    public int arrived() {
        return end - start;
    }

    /** The fields after the body; none before its end was read. */
    public Headers trailers() {
        return isDone() ? trailers : Headers.EMPTY;
    }

    /**
     * Takes bytes, waiting while there are none.
     *
     * <p>Cancellation: a cancelled call has taken nothing.
     *
     * @return how many, -1 at the end, or 0 if none came within the time
     * @throws ClosedException if the stream is gone
     * @throws BusyException if another task reads
     */
    public int readWithin(Duration time, ByteBuffer target) {
        CancelScope.throwIfCancelled();
        while (start == end || lost != null) {
            if (lost != null) {
                throw new ClosedException(lost);
            }
            if (ended) {
                return -1;
            }
            if (reader != null) {
                throw new BusyException("another task is " + this);
            }
            var waiter = new Waiter(this);
            reader = waiter;
            try {
                if (!waiter.awaitWithin(time)) {
                    return 0;
                }
            } finally {
                reader = null;
            }
        }
        return take(target);
    }

    /**
     * Takes all that is there, in an array of its own: without a copy where a whole body came in one piece.
     *
     * <p>Cancellation: a cancelled call has taken nothing.
     *
     * @throws ClosedException if the stream is gone
     */
    public byte[] takeAll() {
        CancelScope.throwIfCancelled();
        if (lost != null) {
            throw new ClosedException(lost);
        }
        byte[] all = start == 0 && end == bytes.length ? bytes : Arrays.copyOfRange(bytes, start, end);
        bytes = NONE;
        start = 0;
        end = 0;
        return all;
    }

    /** Takes what is there, at most what there is room for. */
    int take(ByteBuffer target) {
        int count = Math.min(end - start, target.remaining());
        target.put(bytes, start, count);
        start += count;
        if (start == end) {
            start = 0;
            end = 0;
        }
        return count;
    }

    /**
     * Waits until there is something to read, the end or the loss too; may return early. Holds no buffer meanwhile,
     * since such a wait may last for days.
     *
     * @throws BusyException if another task reads
     */
    void awaitNews() {
        CancelScope.throwIfCancelled();
        if (start == end && lost == null && !ended) {
            if (reader != null) {
                throw new BusyException("another task is " + this);
            }
            bytes = NONE;
            var waiter = new Waiter(this);
            reader = waiter;
            try {
                waiter.await();
            } finally {
                reader = null;
            }
        }
    }

    /** Lets whoever waits look again. */
    void wake() {
        if (reader != null) {
            reader.complete();
        }
    }

    @Override
    public String toString() {
        return "reading the body of stream " + stream;
    }
}
