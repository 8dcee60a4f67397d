package dev.heddle.http.client;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.heddle.io.ByteStream;
import java.nio.ByteBuffer;

/**
 * The output of a request body over HTTP/1.1: in chunks (RFC 9112, section 7.1), or as it is where its length was
 * announced.
 */
final class Http1RequestOutput extends RequestOutput {

    private static final byte[] LINE_END = "\r\n".getBytes(US_ASCII);
    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(US_ASCII);

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
    void send(ByteBuffer piece, boolean last) {
        if (!chunked) {
            stream.write(piece);
            return;
        }
        if (piece.hasRemaining()) {
            byte[] size = (Integer.toHexString(piece.remaining()) + "\r\n").getBytes(US_ASCII);
            stream.write(ByteBuffer.wrap(size), piece, ByteBuffer.wrap(LINE_END));
        }
        if (last) {
            stream.write(ByteBuffer.wrap(LAST_CHUNK));
        }
    }
}
