package dev.heddle.http.internal.server;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.http.Headers;
import dev.heddle.http.internal.codec.TransferLimit;
import java.nio.ByteBuffer;

/** The response body on a stream of its own while a program writes it. */
final class StreamResponseOutput extends ResponseOutput {

    private static final int BUFFER_BYTES = 16 * 1024;

    private final StreamAnswerer sender;
    private final StreamExchange exchange;
    private final ServerResponse response;
    private final long length;
    private final TransferLimit limit;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);

    /**
     * @param length how long the body will be, or {@link ResponseBody#UNKNOWN}
     */
    StreamResponseOutput(StreamAnswerer sender, StreamExchange exchange, ServerResponse response, long length) {
        super(length);
        this.sender = sender;
        this.exchange = exchange;
        this.response = response;
        this.length = length;
        this.limit = exchange.newLimit();
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
    void put(ByteBuffer piece) {
        buffer.put(piece);
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
        return new BrokenException(exchange.connection().remoteAddress() + ": " + gone.getMessage(), gone);
    }

    private void sendNow(boolean first, boolean last) {
        boolean empty = last && written() == 0;
        if (first) {
            sender.sendHead(exchange, response, last ? written() : length, empty, limit);
        }
        buffer.flip();
        if (!(first && empty) && (last || buffer.hasRemaining())) {
            StreamAnswerer.sendBody(exchange, buffer, last, limit);
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
            StreamAnswerer.sendBody(exchange, piece, false, limit);
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
            exchange.sendTrailers(trailers, limit);
        } catch (ClosedException gone) {
            throw lost(gone);
        }
    }
}
