package dev.heddle.http.internal.server;

import dev.heddle.BrokenException;
import dev.heddle.CancelScope;
import dev.heddle.http.Headers;
import dev.heddle.http.internal.codec.PieceOutput;
import java.nio.ByteBuffer;

/**
 * The response body of either protocol while a program writes it: gathers small pieces, holds the writer to the length
 * that was promised, and holds the head back as long as it can, so that a body that ends in time gets its length, and a
 * failure a 500.
 *
 * <p>Cancellation: a cancelled or failed write may have sent a part, so later ones throw {@link BrokenException}, and
 * the response is cut off.
 */
abstract class ResponseOutput extends PieceOutput {

    private final long length;
    private long written;
    private boolean begun;
    private boolean finished;

    /** Whether a part of what was being sent may have left, so that nobody knows how to go on. */
    private boolean cutOff;

    /**
     * @param length how long the body will be, or {@link ResponseBody#UNKNOWN}
     */
    ResponseOutput(long length) {
        this.length = length;
    }

    // ---- for the writer ----

    @Override
    public final void write(int b) {
        count(1);
        if (room() <= 0) {
            leave(false);
        }
        put((byte) b);
    }

    @Override
    public final void write(byte[] source, int offset, int count) {
        write(ByteBuffer.wrap(source, offset, count));
    }

    @Override
    public final void write(ByteBuffer piece) {
        count(piece.remaining());
        if (piece.remaining() > room() && takesPieces()) {
            leaveWith(piece);
            return;
        }
        int end = piece.limit();
        while (piece.position() < end) {
            if (room() <= 0) {
                leave(false);
            }
            put(piece.limit(Math.min(end, piece.position() + room())));
        }
    }

    /** Sends what is there. */
    @Override
    public final void flush() {
        requireWhole();
        if (!finished && (hasContent() || !begun)) {
            leave(false);
        }
    }

    /** Counts bytes before any of them is taken, so that too many never leave. */
    private void count(int count) {
        if (finished) {
            throw new IllegalStateException("the response is over");
        }
        requireWhole();
        written += count;
        if (length != ResponseBody.UNKNOWN && written > length) {
            throw new IllegalStateException("the body is longer than the " + length + " bytes it was to have");
        }
    }

    /** For who writes, and may go on though nothing can leave any more. */
    private void requireWhole() {
        if (cutOff) {
            CancelScope.throwIfCancelled();
            throwIfCutOff();
        }
    }

    private void throwIfCutOff() {
        if (cutOff) {
            throw new BrokenException("an earlier part of this response was cut off");
        }
    }

    // ---- for the sender ----

    /**
     * Ends the body.
     *
     * @param trailers what follows it if it can be followed; mostly nothing
     */
    final void finish(Headers trailers) {
        throwIfCutOff();
        if (length != ResponseBody.UNKNOWN && written != length) {
            throw new IllegalStateException("the body has " + written + " of the " + length + " bytes it was to have");
        }
        boolean followed = !trailers.isEmpty() && takesTrailers();
        if (followed) {
            flush();
        }
        finished = true;
        if (followed) {
            cutOff = true;
            sendTrailers(trailers);
            cutOff = false;
        } else {
            leave(true);
        }
    }

    /** Takes no more: the writer has failed. */
    final void end() {
        finished = true;
    }

    /** Whether bytes have left, so that the status can no more be changed. */
    final boolean hasBegun() {
        return begun;
    }

    /** Whether a send has failed or was cancelled. */
    final boolean isCutOff() {
        return cutOff;
    }

    /** How much has been written so far. */
    final long written() {
        return written;
    }

    private void leave(boolean last) {
        boolean first = !begun;
        begun = true;
        cutOff = true;
        send(first, last);
        cutOff = false;
    }

    private void leaveWith(ByteBuffer piece) {
        boolean first = !begun;
        begun = true;
        cutOff = true;
        sendWith(first, piece);
        cutOff = false;
    }

    // ---- of the protocol ----

    /** How much more may be put; more than nothing after a send. */
    abstract int room();

    abstract void put(byte b);

    /** Puts all of a piece, for which there is room. */
    abstract void put(ByteBuffer piece);

    /** Whether there is something that has not been sent. */
    abstract boolean hasContent();

    /**
     * Sends what is there.
     *
     * @param first whether the head comes before it
     * @param last whether the body ends with it
     */
    abstract void send(boolean first, boolean last);

    /** Whether what is larger than the room may leave without a stop in the buffer. */
    abstract boolean takesPieces();

    /**
     * Sends what is there, and a piece behind it, which is not the last.
     *
     * @param first whether the head comes before it
     */
    abstract void sendWith(boolean first, ByteBuffer piece);

    abstract boolean takesTrailers();

    abstract void sendTrailers(Headers trailers);
}
