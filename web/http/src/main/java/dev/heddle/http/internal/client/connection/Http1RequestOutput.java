package dev.heddle.http.internal.client.connection;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.heddle.http.Headers;
import dev.heddle.io.ByteStream;
import java.nio.ByteBuffer;

/**
 * The output of a request body over HTTP/1.1: in chunks (RFC 9112, section 7.1), or as it is where its length was
 * announced.
 */
final class Http1RequestOutput extends RequestOutput {

    private static final byte[] LINE_END = "\r\n".getBytes(US_ASCII);
    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(US_ASCII);
    private static final String LAST_SIZE = "0\r\n";

    private final ByteStream stream;
    private final boolean chunked;

    /**
     * @param length the announced length, or -1 for chunks
     */
    Http1RequestOutput(ByteStream stream, long length) {
        super(length);
        this.stream = stream;
        this.chunked = length < 0;
    }

    @Override
    void send(ByteBuffer piece) {
        if (!chunked) {
            stream.write(piece);
            return;
        }
        if (piece.hasRemaining()) {
            byte[] size = (Integer.toHexString(piece.remaining()) + "\r\n").getBytes(US_ASCII);
            stream.write(ByteBuffer.wrap(size), piece, ByteBuffer.wrap(LINE_END));
        }
    }

    @Override
    void sendLast(ByteBuffer piece, Headers trailers) {
        send(piece);
        if (chunked) {
            stream.write(ByteBuffer.wrap(trailers.isEmpty() ? LAST_CHUNK : lastChunk(trailers)));
        }
    }

    private static byte[] lastChunk(Headers trailers) {
        var text = new StringBuilder(LAST_SIZE);
        trailers.forEach((name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
        return text.append("\r\n").toString().getBytes(ISO_8859_1);
    }
}
