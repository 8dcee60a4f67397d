package dev.heddle.http.client;

import dev.heddle.BrokenException;
import dev.heddle.http.BodyWriter;
import dev.heddle.http.internal.codec.TransferLimit;
import dev.heddle.http.internal.http2.Http2Stream;
import dev.heddle.http.internal.http2.Http2Writer;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * The output of a request body over HTTP/2, to which a {@link BodyWriter} writes: gathers small pieces, and holds the
 * body to its announced length.
 *
 * <p>Cancellation: a cancelled write may have sent a part, so later ones throw {@link BrokenException} and the body never ends well.
 */
final class Http2RequestOutput extends OutputStream {

    private static final int BUFFER_BYTES = 16 * 1024;

    private final Http2Writer writer;
    private final Http2Stream stream;
    private final TransferLimit limit = Http2ClientConnection.noLimit();
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    private final boolean bounded;
    private long left;

    /** Whether a part of what was being sent may have left, so that nobody knows how to go on. */
    private boolean cutOff;

    /**
     * @param length the announced length, or -1
     */
    Http2RequestOutput(Http2Writer writer, Http2Stream stream, long length) {
        this.writer = writer;
        this.stream = stream;
        this.bounded = length >= 0;
        this.left = length;
    }

    @Override
    public void write(int value) {
        write(new byte[]{(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) {
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
            send(ByteBuffer.wrap(bytes, offset, count), false);
        } else {
            buffer.put(bytes, offset, count);
        }
    }

    @Override
    public void flush() {
        if (buffer.position() > 0 || cutOff) {
            send(false);
        }
    }

    /** Only {@link #finish()} ends a body: one whose writer fails must not look whole to the server. */
    @Override
    public void close() {
        flush();
    }

    /** Sends the rest and the end. */
    void finish() {
        if (bounded && left > 0) {
            throw new IllegalStateException(
                    "the request body is " + left + " bytes shorter than its announced length");
        }
        send(true);
    }

    private void send(boolean last) {
        send(buffer.flip(), last);
        buffer.clear();
    }

    private void send(ByteBuffer source, boolean last) {
        if (cutOff) {
            throw new BrokenException("an earlier part of the request body was cut off");
        }
        cutOff = true;
        writer.data(stream, source, last, limit);
        cutOff = false;
    }
}
