package dev.heddle.http.internal.server;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.http.Headers;
import dev.heddle.http.internal.codec.TransferLimit;
import dev.heddle.http.internal.http2.Http2Stream;
import java.nio.ByteBuffer;

/** The response body of HTTP/2 while a program writes it. */
final class Http2ResponseOutput extends ResponseOutput {

    private static final int BUFFER_BYTES = 16 * 1024;

    private final Http2ResponseSender sender;
    private final Http2Stream stream;
    private final ServerResponse response;
    private final long length;
    private final TransferLimit limit;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);

    /**
     * @param length how long the body will be, or {@link ResponseBody#UNKNOWN}
     */
    Http2ResponseOutput(Http2ResponseSender sender, Http2Stream stream, ServerResponse response, long length) {
        super(length);
        this.sender = sender;
        this.stream = stream;
        this.response = response;
        this.length = length;
        this.limit = sender.limit();
    }

    @Override
    int room() {
        return buffer.remaining();
    }

    @Override
    void put(byte b) {
        buffer.put(b);
    }

    @Override
    void put(byte[] source, int offset, int count) {
        buffer.put(source, offset, count);
    }

    @Override
    boolean hasContent() {
        return buffer.position() > 0;
    }

    @Override
    void send(boolean first, boolean last) {
        try {
            sendNow(first, last);
        } catch (ClosedException gone) {
            throw lost(gone);
        }
    }

    private BrokenException lost(ClosedException gone) {
        return new BrokenException(sender.peer() + ": " + gone.getMessage(), gone);
    }

    private void sendNow(boolean first, boolean last) {
        boolean empty = last && written() == 0;
        if (first) {
            sender.sendHead(stream, response, last ? written() : length, empty, limit);
        }
        buffer.flip();
        if (!(first && empty) && (last || buffer.hasRemaining())) {
            sender.sendBody(stream, buffer, last, limit);
        }
        buffer.clear();
    }

    @Override
    boolean takesPieces() {
        return true;
    }

    @Override
    void sendWith(boolean first, ByteBuffer piece) {
        send(first, false);
        try {
            sender.sendBody(stream, piece, false, limit);
        } catch (ClosedException gone) {
            throw lost(gone);
        }
    }

    @Override
    boolean takesTrailers() {
        return true;
    }

    @Override
    void sendTrailers(Headers trailers) {
        try {
            sender.sendTrailers(stream, trailers, limit);
        } catch (ClosedException gone) {
            throw lost(gone);
        }
    }
}
