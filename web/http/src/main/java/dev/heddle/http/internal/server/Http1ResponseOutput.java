package dev.heddle.http.internal.server;

import dev.heddle.http.Headers;
import dev.heddle.http.internal.codec.OutBuffer;
import dev.heddle.http.internal.codec.TransferLimit;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The response body of HTTP/1 while a program writes it: chooses the framing as late as it can.
 *
 * <p>Of unknown length, the buffer first holds the head, a gap, and the content. A body that ends in time gets its
 * length and the gap closes; otherwise the gap takes the chunked framing (RFC 9112, section 7.1). For HTTP/1.0 the end
 * of the connection is the end of the body.
 */
final class Http1ResponseOutput extends ResponseOutput {

    private static final byte[] CHUNKED = "Transfer-Encoding: chunked\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] LAST_CHUNK = {'0', '\r', '\n', '\r', '\n'};
    private static final int NO_MORE_CHUNKS = 3;

    /** Four digits and a line end. */
    private static final int CHUNK_HEAD = 6;

    /** What four hexadecimal digits can say. */
    private static final int MAX_CHUNK = 0xffff;

    /** Room that is kept for the end of a chunk and the last chunk. */
    private static final int TAIL = 7;

    private final Http1ResponseSender sender;
    private final OutBuffer out;
    private final TransferLimit limit;
    private final boolean chunked;
    private final boolean keep;

    /** Where the framing begins while the head is not sent. */
    private final int gap;

    private int contentStart;
    private long reported;

    Http1ResponseOutput(Http1ResponseSender sender, OutBuffer out, ServerResponse response, boolean http11,
            boolean keep, long length) {
        super(length);
        this.sender = sender;
        this.out = out;
        this.limit = sender.responseLimit();
        chunked = length == ResponseBody.UNKNOWN && http11;
        this.keep = keep && (http11 || length != ResponseBody.UNKNOWN);
        sender.putHead(out, response, http11, this.keep);
        gap = out.size();
        if (length != ResponseBody.UNKNOWN) {
            Http1ResponseSender.putLength(out, length);
            out.put(CRLF);
        } else if (chunked) {
            out.moveEnd(gap + CHUNKED.length + CHUNK_HEAD);
        } else {
            out.put(CRLF);
        }
        contentStart = out.size();
        if (out.room() <= TAIL) {
            out.reserve(out.capacity());
        }
    }

    /** Whether the connection goes on behind the body. */
    boolean keeps() {
        return keep;
    }

    /** What fits into the buffer, and into one chunk. */
    @Override
    int room() {
        return Math.min(out.room() - TAIL, MAX_CHUNK - (out.size() - contentStart));
    }

    @Override
    void put(byte b) {
        out.put(b);
    }

    @Override
    void put(ByteBuffer piece) {
        out.put(piece);
    }

    @Override
    boolean hasContent() {
        return out.size() > contentStart;
    }

    @Override
    void send(boolean first, boolean last) {
        if (chunked && first && last) {
            putLength();
        } else if (chunked) {
            putChunk(first, last);
        }
        sendBuffer();
        if (chunked) {
            out.moveEnd(CHUNK_HEAD);
        }
        contentStart = out.size();
    }

    /** The body has ended in time. */
    private void putLength() {
        int content = out.size() - contentStart;
        var framing = new OutBuffer(48);
        Http1ResponseSender.putLength(framing, content);
        framing.put(CRLF);
        out.cut(gap + framing.size(), contentStart);
        framing.copyTo(out, gap);
    }

    private void putChunk(boolean first, boolean last) {
        int content = out.size() - contentStart;
        if (first) {
            out.set(gap, CHUNKED);
        }
        if (content > 0) {
            out.setHex4(contentStart - CHUNK_HEAD, content);
            out.set(contentStart - 2, CRLF);
            out.put(CRLF);
        } else {
            out.moveEnd(contentStart - CHUNK_HEAD);
        }
        if (last) {
            out.put(LAST_CHUNK);
        }
    }

    @Override
    boolean takesTrailers() {
        return chunked;
    }

    /** RFC 9112, section 7.1.2. */
    @Override
    void sendTrailers(Headers trailers) {
        out.clear();
        out.put(LAST_CHUNK, 0, NO_MORE_CHUNKS);
        trailers.forEach((name, value) -> out.put(name).put(": ").put(value).put(CRLF));
        out.put(CRLF);
        sendBuffer();
    }

    @Override
    boolean takesPieces() {
        return !chunked;
    }

    @Override
    void sendWith(boolean first, ByteBuffer piece) {
        sender.leaves();
        sender.write(limit, out.view(), piece);
        sent();
    }

    private void sendBuffer() {
        sender.leaves();
        if (out.size() > 0) {
            sender.write(limit, out.view());
        }
        sent();
    }

    private void sent() {
        sender.wrote(written() - reported);
        reported = written();
        out.clear();
        contentStart = 0;
    }
}
