package dev.heddle.http.internal.client.connection;

import dev.heddle.BrokenException;
import dev.heddle.http.BodyWriter;
import dev.heddle.http.Headers;
import dev.heddle.http.internal.codec.TrailerFields;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The output of a request body, to which a {@link BodyWriter} writes: gathers small pieces, and holds the body to the
 * length that the head announced. How a piece looks on the connection is the subclass's business.
 *
 * <p>Cancellation: a cancelled write may have sent a part, so later ones throw {@link BrokenException} and the body
 * never ends well.
 */
abstract class RequestOutput extends OutputStream {

    private static final int BUFFER_BYTES = 16 * 1024;

    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    private final boolean bounded;
    private long left;
    private @Nullable BrokenException broken;

    /** Whether a part of what was being sent may have left, so that nobody knows how to go on. */
    private boolean cutOff;

    /**
     * @param length the announced length, or -1
     */
    RequestOutput(long length) {
        this.bounded = length >= 0;
        this.left = length;
    }

    /** Sends a piece of the body, waiting until the connection has taken it. */
    abstract void send(ByteBuffer piece);

    /**
     * Sends the last piece, which may be empty, and the end of the body.
     *
     * @param trailers what follows; mostly nothing
     */
    abstract void sendLast(ByteBuffer piece, Headers trailers);

    @Override
    public final void write(int value) {
        write(new byte[]{(byte) value}, 0, 1);
    }

    @Override
    public final void write(byte[] bytes, int offset, int count) {
        Objects.checkFromIndexSize(offset, count, bytes.length);
        if (bounded) {
            if (count > left) {
                throw new IllegalStateException("the request body is longer than its announced length");
            }
            left -= count;
        }
        if (count > buffer.remaining()) {
            flush();
        }
        if (count >= BUFFER_BYTES) {
            sendWhole(ByteBuffer.wrap(bytes, offset, count), null);
        } else {
            buffer.put(bytes, offset, count);
        }
    }

    @Override
    public final void flush() {
        if (buffer.position() > 0 || cutOff) {
            sendBuffer(null);
        }
    }

    /** Only {@link #finish} ends a body: one whose writer fails must not look whole to the server. */
    @Override
    public final void close() {
        flush();
    }

    /**
     * Sends the rest and the end.
     *
     * @param trailers asked once, now that the body is written
     * @throws IllegalArgumentException if one of them has no place behind a body
     */
    final void finish(Supplier<Headers> trailers) {
        if (bounded && left > 0) {
            throw new IllegalStateException("the request body is " + left + " bytes shorter than its announced length");
        }
        sendBuffer(TrailerFields.checked(trailers.get()));
    }

    /** Why the connection takes no more; null while it does. What else a writer fails with is its own. */
    final @Nullable BrokenException broken() {
        return broken;
    }

    private void sendBuffer(@Nullable Headers trailers) {
        sendWhole(buffer.flip(), trailers);
        buffer.clear();
    }

    /**
     * @param trailers null if this is not the last piece
     */
    private void sendWhole(ByteBuffer piece, @Nullable Headers trailers) {
        try {
            if (cutOff) {
                throw new BrokenException("an earlier part of the request body was cut off");
            }
            cutOff = true;
            if (trailers == null) {
                send(piece);
            } else {
                sendLast(piece, trailers);
            }
            cutOff = false;
        } catch (BrokenException e) {
            broken = e;
            throw e;
        }
    }
}
