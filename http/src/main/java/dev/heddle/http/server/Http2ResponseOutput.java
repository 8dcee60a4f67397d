package dev.heddle.http.server;

import dev.heddle.BrokenException;
import dev.heddle.http.Headers;
import dev.heddle.http.internal.codec.TransferLimit;
import dev.heddle.http.internal.http2.Http2Stream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * The response body of HTTP/2 while a program writes it: gathers small pieces, and holds the head back as long as it
 * can, so that a body that ends in time gets its length, and a failure a 500.
 *
 * <p>Cancellation: a cancelled write may have sent a part, so later ones throw {@link BrokenException} and the stream is reset.
 */
final class Http2ResponseOutput extends OutputStream {

    private static final int BUFFER_BYTES = 16 * 1024;

    private final Http2ResponseSender sender;
    private final Http2Stream stream;
    private final Response response;
    private final long length;
    private final TransferLimit limit;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    private long written;
    private boolean begun;
    private boolean finished;

    /** Whether a part of what was being sent may have left, so that nobody knows how to go on. */
    private boolean cutOff;

    /**
     * @param length how long the body will be, or {@link ResponseBody#UNKNOWN}
     */
    Http2ResponseOutput(Http2ResponseSender sender, Http2Stream stream, Response response, long length) {
        this.sender = sender;
        this.stream = stream;
        this.response = response;
        this.length = length;
        this.limit = sender.limit();
    }

    /** Whether the head has left, so that the status can no more be changed. */
    boolean hasBegun() {
        return begun;
    }

    /** Whether a send has failed or was cancelled. */
    boolean isCutOff() {
        return cutOff;
    }

    @Override
    public void write(int b) {
        checkRoomFor(1);
        if (!buffer.hasRemaining()) {
            send(false);
        }
        buffer.put((byte) b);
    }

    @Override
    public void write(byte[] source, int offset, int count) {
        Objects.checkFromIndexSize(offset, count, source.length);
        checkRoomFor(count);
        int at = offset;
        int left = count;
        while (left > 0) {
            if (!buffer.hasRemaining()) {
                send(false);
            }
            int step = Math.min(buffer.remaining(), left);
            buffer.put(source, at, step);
            at += step;
            left -= step;
        }
    }

    /** Counts bytes before any of them is taken, so that too many never leave. */
    private void checkRoomFor(int count) {
        if (finished) {
            throw new IllegalStateException("the response is over");
        }
        throwIfCutOff();
        written += count;
        if (length != ResponseBody.UNKNOWN && written > length) {
            throw new IllegalStateException("the body is longer than the " + length + " bytes it was to have");
        }
    }

    private void throwIfCutOff() {
        if (cutOff) {
            throw new BrokenException("an earlier part of this response was cut off");
        }
    }

    /** Sends what is there. */
    @Override
    public void flush() {
        throwIfCutOff();
        if (!finished && (buffer.position() > 0 || !begun)) {
            send(false);
        }
    }

    /**
     * Ends the body.
     *
     * @param trailers what follows it; mostly nothing
     */
    void finish(Headers trailers) {
        throwIfCutOff();
        if (length != ResponseBody.UNKNOWN && written != length) {
            throw new IllegalStateException("the body has " + written + " of the " + length + " bytes it was to have");
        }
        if (trailers.isEmpty()) {
            finished = true;
            send(true);
        } else {
            flush();
            finished = true;
            sender.sendTrailers(stream, trailers, limit);
        }
    }

    private void send(boolean last) {
        cutOff = true;
        buffer.flip();
        if (!begun) {
            begun = true;
            long announced = last ? written : length;
            sender.sendHead(stream, response, announced, last && written == 0, limit);
            if (last && written == 0) {
                cutOff = false;
                return;
            }
        }
        if (last || buffer.hasRemaining()) {
            sender.sendBody(stream, buffer, last, limit);
        }
        buffer.clear();
        cutOff = false;
    }
}
