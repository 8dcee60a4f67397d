package dev.heddle.http.client;

import dev.heddle.BrokenException;
import dev.heddle.http.BodyWriter;
import dev.heddle.io.ByteStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The output of a request body over HTTP/1.1, to which a {@link BodyWriter} writes: frames what is written as chunks
 * (RFC 9112, section 7.1), or holds it to the length that the head announced.
 */
final class Http1RequestOutput extends OutputStream {

    private static final int BUFFER_BYTES = 16 * 1024;
    private static final byte[] LINE_END = {'\r', '\n'};
    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final ByteStream stream;
    private final boolean chunked;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private long left;
    private int buffered;
    private @Nullable BrokenException broken;

    /** Whether a write was cut off by a cancel of the writer's own: what it held is lost, so nobody knows how to go on. */
    private boolean cutOff;

    /**
     * @param length the announced length, or -1 for chunks
     */
    Http1RequestOutput(ByteStream stream, long length) {
        this.stream = stream;
        this.chunked = length < 0;
        this.left = length;
    }

    @Override
    public void write(int value) {
        write(new byte[]{(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) {
        if (!chunked) {
            if (count > left) {
                throw new IllegalStateException("the request body is longer than its announced length");
            }
            left -= count;
        }
        if (count > BUFFER_BYTES - buffered) {
            flush();
        }
        if (count >= BUFFER_BYTES) {
            send(bytes, offset, count);
            return;
        }
        System.arraycopy(bytes, offset, buffer, buffered, count);
        buffered += count;
    }

    @Override
    public void flush() {
        if (buffered > 0) {
            int count = buffered;
            buffered = 0;
            send(buffer, 0, count);
        }
    }

    /** Only {@link #finish()} ends a body: one whose writer fails must not look whole to the server. */
    @Override
    public void close() {
        flush();
    }

    /** Sends the rest and the end mark. */
    void finish() {
        flush();
        if (chunked) {
            write(ByteBuffer.wrap(LAST_CHUNK));
        } else if (left > 0) {
            throw new IllegalStateException("the request body is " + left + " bytes shorter than its announced length");
        }
    }

    /** Why the connection takes no more; null while it does. What else a writer fails with is its own. */
    @Nullable BrokenException broken() {
        return broken;
    }

    private void send(byte[] bytes, int offset, int count) {
        if (!chunked) {
            write(ByteBuffer.wrap(bytes, offset, count));
            return;
        }
        byte[] size = (Integer.toHexString(count) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        write(ByteBuffer.wrap(size), ByteBuffer.wrap(bytes, offset, count), ByteBuffer.wrap(LINE_END));
    }

    private void write(ByteBuffer... message) {
        try {
            if (cutOff) {
                throw new BrokenException("an earlier part of the request body was cut off");
            }
            cutOff = true;
            stream.write(message);
            cutOff = false;
        } catch (BrokenException e) {
            broken = e;
            throw e;
        }
    }
}
