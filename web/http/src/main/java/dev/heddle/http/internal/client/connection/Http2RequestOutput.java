package dev.heddle.http.internal.client.connection;

import dev.heddle.http.Headers;
import dev.heddle.http.internal.codec.TransferLimit;
import dev.heddle.http.internal.http2.Http2Stream;
import dev.heddle.http.internal.http2.Http2Writer;
import dev.heddle.http.internal.http2.TrailerBlock;
import java.nio.ByteBuffer;

/** The output of a request body on a stream of HTTP/2. */
final class Http2RequestOutput extends RequestOutput {

    private final Http2Writer writer;
    private final Http2Stream stream;
    private final TransferLimit limit = TransferLimit.none();

    /**
     * @param length the announced length, or -1
     */
    Http2RequestOutput(Http2Writer writer, Http2Stream stream, long length) {
        super(length);
        this.writer = writer;
        this.stream = stream;
    }

    @Override
    void send(ByteBuffer piece) {
        writer.data(stream, piece, false, limit);
    }

    @Override
    void sendLast(ByteBuffer piece, Headers trailers) {
        if (trailers.isEmpty()) {
            writer.data(stream, piece, true, limit);
            return;
        }
        if (piece.hasRemaining()) {
            send(piece);
        }
        writer.head(stream, new TrailerBlock(trailers), true, limit);
    }
}
