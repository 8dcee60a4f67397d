package dev.heddle.http.internal.codec;

import dev.heddle.http.BadReplyException;
import dev.heddle.http.Headers;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The parser of the replies on one connection: of heads by a {@link ReplyHeadParser}, and of bodies up to where they
 * end.
 *
 * <p>Errors: {@link BadReplyException}; the parser is of no use after one.
 */
public final class ReplyParser {

    private static final int MAX_SPARE_PARSERS = 64;

    private final HeadLimits limits;

    /** Shared with the other connections of the loop, since nearly every head is read in one step. */
    private final ArrayDeque<ReplyHeadParser> spares;

    private @Nullable ReplyHeadParser parser;
    private @Nullable ReplyHead head;
    private @Nullable ChunkedBody chunks;
    private boolean toHead;
    private boolean complete;
    private boolean persistent;
    private long length;

    /** Bytes of a body of known length that have not been taken. */
    private long unread;

    public ReplyParser(HeadLimits limits) {
        this(limits, new ArrayDeque<>(1));
    }

    /**
     * @param spares parsers of heads that nobody uses at the moment, made with the same limits
     */
    public ReplyParser(HeadLimits limits, ArrayDeque<ReplyHeadParser> spares) {
        this.limits = limits;
        this.spares = spares;
    }

    /**
     * Gets ready for the next reply.
     *
     * @param toHead whether it answers a HEAD request, so that it has no body
     */
    public void start(boolean toHead) {
        this.toHead = toHead;
        parser = null;
        head = null;
        chunks = null;
        complete = false;
        persistent = false;
        length = -1;
        unread = 0;
    }

    /**
     * Reads on in a head.
     *
     * @param bytes what has come; bytes of the head are consumed, none behind it
     * @return whether the head is complete
     */
    public boolean parseHead(ByteBuffer bytes) {
        ReplyHeadParser reading = parser;
        if (reading == null) {
            reading = spares.pollLast();
            if (reading == null) {
                reading = new ReplyHeadParser(limits);
            }
            parser = reading;
        }
        if (!reading.parse(bytes)) {
            return false;
        }
        headDone(reading);
        parser = null;
        if (spares.size() < MAX_SPARE_PARSERS) {
            reading.reset();
            spares.addLast(reading);
        }
        return true;
    }

    /** RFC 9112, section 6.3. */
    private void headDone(ReplyHeadParser read) {
        ReplyHead done = read.head();
        head = done;
        persistent = read.isPersistent();
        length = read.length();
        int status = done.status();
        if (toHead || status < 200 || status == 204 || status == 304 || length == 0) {
            complete = true;
        } else if (read.isChunked()) {
            chunks = ChunkedBody.ofReply(limits);
        } else {
            unread = length < 0 ? Long.MAX_VALUE : length;
        }
    }

    /**
     * Reads on in a body.
     *
     * @param bytes what has come; consumed as far as the target goes, and not behind the reply
     * @return the count of body bytes put into the target, 0 if more input is needed or the body is complete
     */
    public int parseBody(ByteBuffer bytes, byte[] target, int offset, int count) {
        if (complete) {
            return 0;
        }
        ChunkedBody chunked = chunks;
        if (chunked == null) {
            int taken = (int) Math.min(unread, Math.min(bytes.remaining(), count));
            bytes.get(target, offset, taken);
            tookPlain(taken);
            return taken;
        }
        ByteBuffer content = ByteBuffer.wrap(target, offset, count);
        chunked.read(bytes, content);
        complete = chunked.isDone();
        return content.position() - offset;
    }

    /** How many bytes of the body come next as they are, with nothing between; 0 in chunks, or if it is complete. */
    public long plain() {
        return complete || chunks != null ? 0 : unread;
    }

    /** So many of the {@link #plain} bytes were read past this. */
    public void tookPlain(int count) {
        unread -= length < 0 ? 0 : count;
        complete = unread == 0;
    }

    public boolean isHeadDone() {
        return head != null;
    }

    /** Status line and fields together, once they are done. */
    public ReplyHead head() {
        ReplyHead done = head;
        if (done == null) {
            throw new IllegalStateException("the head is not complete");
        }
        return done;
    }

    /** The status; 0 before the head is done. */
    public int status() {
        return head == null ? 0 : head.status();
    }

    /** The fields behind the last chunk (RFC 9112, section 7.1.2). */
    public Headers trailers() {
        return chunks == null ? Headers.EMPTY : chunks.trailers();
    }

    public boolean isComplete() {
        return complete;
    }

    /** Whether nothing but the end of the connection ends the body. */
    public boolean isEndedByClose() {
        return head != null && !complete && chunks == null && length < 0;
    }

    /** The Content-Length, or -1 without one. */
    public long length() {
        return length;
    }

    /** Whether the peer will keep the connection. */
    public boolean isPersistent() {
        return persistent;
    }
}
