package dev.heddle.http.internal.client.connection;

import dev.heddle.http.Headers;
import java.nio.ByteBuffer;

/** The output of a request body on a stream of its own. */
final class StreamRequestOutput extends RequestOutput {

    private final ClientStream stream;

    /**
     * @param length the announced length, or -1
     */
    StreamRequestOutput(ClientStream stream, long length) {
        super(length);
        this.stream = stream;
    }

    @Override
    void send(ByteBuffer piece) {
        stream.send(piece, false);
    }

    @Override
    void sendLast(ByteBuffer piece, Headers trailers) {
        if (trailers.isEmpty()) {
            stream.send(piece, true);
            return;
        }
        if (piece.hasRemaining()) {
            send(piece);
        }
        stream.sendTrailers(trailers);
    }
}
