package dev.heddle.http.server;

import dev.heddle.BrokenException;
import dev.heddle.http.Headers;
import dev.heddle.http.internal.codec.OutBuffer;
import dev.heddle.http.internal.codec.TransferLimit;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * The response body of HTTP/1 while a program writes it: gathers small pieces, and chooses the framing as late as it
 * can.
 *
 * <p>Of unknown length, the buffer first holds the head, a gap, and the content. A body that ends in time gets its
 * length and the gap closes; otherwise the gap takes the chunked framing (RFC 9112, section 7.1). For HTTP/1.0 the end of
 * the connection is the end of the body.
 *
 * <p>A write that is cut off, by a cancel of the writer's own too, leaves nobody knows what in the buffer: it ends the body, and badly.
 */
final class Http1ResponseOutput extends OutputStream {

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
    private final long length;

    /** Where the framing begins while the head is not sent. */
    private final int gap;

    private int contentStart;
    private long written;
    private long reported;
    private boolean begun;
    private boolean finished;

    /** Whether a write has not come to its end. */
    private boolean cutOff;

    Http1ResponseOutput(Http1ResponseSender sender, OutBuffer out, Response response, boolean http11, boolean keep,
            long length) {
        this.sender = sender;
        this.out = out;
        this.length = length;
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

    /** Whether bytes have left, so that the status can no more be changed. */
    boolean hasBegun() {
        return begun;
    }

    /** Whether a write to the peer was cut off or has failed. */
    boolean isCutOff() {
        return cutOff;
    }

    /** Takes no more: the buffer goes to somebody else. */
    void end() {
        finished = true;
    }

    @Override
    public void write(int b) {
        checkRoomFor(1);
        if (room() <= 0) {
            send(false);
        }
        out.put((byte) b);
    }

    @Override
    public void write(byte[] source, int offset, int count) {
        Objects.checkFromIndexSize(offset, count, source.length);
        checkRoomFor(count);
        int at = offset;
        int left = count;
        while (left > 0) {
            int room = room();
            if (room <= 0) {
                send(false);
                continue;
            }
            int step = Math.min(room, left);
            out.put(source, at, step);
            at += step;
            left -= step;
        }
    }

    /** How much more fits into the buffer, and into one chunk. */
    private int room() {
        return Math.min(out.room() - TAIL, MAX_CHUNK - (out.size() - contentStart));
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
        if (!finished && (out.size() > contentStart || !begun)) {
            send(false);
        }
    }

    /**
     * Ends the body.
     *
     * @param trailers what follows it if it goes in chunks; mostly nothing
     * @return whether the connection goes on
     */
    boolean finish(Headers trailers) {
        throwIfCutOff();
        if (length != ResponseBody.UNKNOWN && written != length) {
            throw new IllegalStateException("the body has " + written + " of the " + length + " bytes it was to have");
        }
        if (chunked && !trailers.isEmpty()) {
            flush();
            finished = true;
            sendTrailers(trailers);
            return keep;
        }
        finished = true;
        if (chunked && !begun) {
            int content = out.size() - contentStart;
            var framing = new OutBuffer(48);
            Http1ResponseSender.putLength(framing, content);
            framing.put(CRLF);
            out.cut(gap + framing.size(), contentStart);
            framing.copyTo(out, gap);
            sendBuffer();
        } else {
            send(true);
        }
        return keep;
    }

    /** RFC 9112, section 7.1.2. */
    private void sendTrailers(Headers trailers) {
        out.clear();
        out.put(LAST_CHUNK, 0, NO_MORE_CHUNKS);
        trailers.forEach((name, value) -> out.put(name).put(": ").put(value).put(CRLF));
        out.put(CRLF);
        sendBuffer();
    }

    private void send(boolean last) {
        if (chunked) {
            int content = out.size() - contentStart;
            if (!begun) {
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
        sendBuffer();
        if (chunked) {
            out.moveEnd(CHUNK_HEAD);
        }
        contentStart = out.size();
    }

    private void sendBuffer() {
        begun = true;
        sender.leaves();
        cutOff = true;
        if (out.size() > 0) {
            sender.write(out.view(), limit);
        }
        cutOff = false;
        sender.wrote(written - reported);
        reported = written;
        out.clear();
    }
}
