package dev.heddle.http.internal.codec;

import dev.heddle.http.BadReplyException;
import dev.heddle.http.Headers;
import dev.heddle.http.internal.syntax.FieldList;
import dev.heddle.http.internal.syntax.Protocol;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/**
 * The second opinion on replies.
 *
 * <p>The grammar is jetty-http's strict parser. Around it stands what decides where a response ends, since two programs
 * that disagree about that let an attacker answer the next request (RFC 9112, section 11.1): exactly one framing field,
 * of exactly one form, is accepted; whatever else comes is an error, never guessed at.
 *
 * <p>The end of input is judged here and never told to the codec, which forgives a missing last chunk.
 */
final class JettyReplyParser implements HttpParser.ResponseHandler {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final byte[] NO_BYTES = new byte[0];
    private static final byte[] START = "HTTP/1.".getBytes(StandardCharsets.US_ASCII);

    /** Where the reason begins: RFC 9112, section 4. */
    private static final int REASON_AT = "HTTP/1.1 200 ".length();

    private static final char STAND_IN = '?';

    /** Bytes of chunk framing that are free with each chunk, and for a whole body: extensions are worth no more. */
    private static final int FRAMING_PER_CHUNK = 16;

    private static final int MAX_EXCESS_FRAMING = 16 * 1024;

    private final HttpParser codec;
    private final int maxHeadBytes;
    private final int maxFields;

    private boolean toHead;

    private int status;
    private boolean http10;
    private String reason = "";
    private char reasonStart;
    private final FieldList fields = new FieldList(8);
    private int headBytes;
    private boolean headDone;
    private boolean messageDone;
    private @Nullable String failure;

    private boolean chunked;
    private boolean close;
    private boolean keepAlive;
    private long length;

    private final FieldList trailers = new FieldList(0);
    private byte[] sink = NO_BYTES;
    private int sinkAt;
    private long excessFraming;

    JettyReplyParser(HeadLimits limits) {
        codec = new HttpParser(this, limits.maxHeaderBytes(), HttpCompliance.STRICT);
        // The cache of values matches without regard to case, and only fields that come in one piece.
        codec.setHeaderCacheSize(0);
        codec.setHeaderCacheCaseSensitive(true);
        maxHeadBytes = limits.maxHeaderBytes();
        maxFields = limits.maxHeaderCount();
    }

    /** Gets ready for the next response. */
    void start(boolean toHead) {
        this.toHead = toHead;
        status = 0;
        http10 = false;
        headBytes = 0;
        headDone = false;
        messageDone = false;
        chunked = false;
        close = false;
        keepAlive = false;
        length = -1;
    }

    private void startCodec() {
        codec.reset();
        codec.setHeadResponse(toHead);
        reason = "";
        reasonStart = STAND_IN;
        fields.clear();
        excessFraming = 0;
        trailers.clear();
    }

    /**
     * Reads on in a response head.
     *
     * @param bytes what has come; bytes of the head are consumed, none behind it
     * @return whether the head is complete
     * @throws BadReplyException if this is no response to trust
     */
    boolean parseHead(ByteBuffer bytes) {
        if (headBytes == 0) {
            startCodec();
        }
        checkStart(bytes);
        int reasonAt = bytes.position() + REASON_AT - headBytes;
        if (headBytes <= REASON_AT && reasonAt < bytes.limit() && bytes.get(reasonAt) < 0) {
            passReasonStart(bytes, reasonAt);
        }
        parseHeadBytes(bytes);
        // The codec's own count leaves some bytes out, so that the limit would depend on how they were cut.
        if (headBytes > maxHeadBytes) {
            fail("the response head is longer than " + maxHeadBytes + " bytes");
        }
        throwIfBad();
        if (headDone) {
            // A response without a body is complete now; asking with nothing at hand consumes nothing.
            parseUntilWaiting(NOTHING);
        }
        return headDone;
    }

    private void parseHeadBytes(ByteBuffer bytes) {
        while (!headDone && failure == null && bytes.hasRemaining()) {
            int before = bytes.remaining();
            step(bytes);
            headBytes += before - bytes.remaining();
            if (!headDone && failure == null && bytes.remaining() == before) {
                break;
            }
        }
    }

    /** The codec takes bytes above ASCII anywhere in a reason but at its start, where many languages have them. */
    private void passReasonStart(ByteBuffer bytes, int reasonAt) {
        int limit = bytes.limit();
        bytes.limit(reasonAt);
        parseHeadBytes(bytes);
        bytes.limit(limit);
        if (failure == null && bytes.position() == reasonAt) {
            reasonStart = (char) (bytes.get() & 0xff);
            headBytes++;
            step(ByteBuffer.wrap(new byte[]{(byte) STAND_IN}));
        }
    }

    /** The codec forgives lower case and leading line ends. */
    private void checkStart(ByteBuffer bytes) {
        for (int i = 0; headBytes + i < START.length && i < bytes.remaining(); i++) {
            if (bytes.get(bytes.position() + i) != START[headBytes + i]) {
                failure = "not an HTTP/1 response";
            }
        }
    }

    /**
     * Reads on in a body.
     *
     * @param bytes what has come; consumed as far as the target goes, and not behind the response
     * @return the count of body bytes put into the target, 0 if more input is needed or the body is complete
     * @throws BadReplyException if the framing is broken
     */
    int parseBody(ByteBuffer bytes, byte[] target, int offset, int count) {
        sink = target;
        sinkAt = offset;
        int limit = bytes.limit();
        try {
            int before = bytes.remaining();
            while (sinkAt == offset && !messageDone && failure == null) {
                // With no more input in sight than the target takes, the codec never has bytes left over to keep.
                bytes.limit(Math.min(limit, bytes.position() + count));
                int position = bytes.position();
                parseUntilWaiting(bytes);
                if (failure != null) {
                    break;
                }
                bytes.limit(limit);
                if (bytes.position() == position) {
                    break;
                }
            }
            int taken = sinkAt - offset;
            if (chunked && failure == null) {
                countFraming(before - bytes.remaining() - taken, taken);
            }
            throwIfBad();
            return taken;
        } finally {
            sink = NO_BYTES;
            sinkAt = 0;
        }
    }

    private void parseUntilWaiting(ByteBuffer bytes) {
        while (!messageDone && failure == null) {
            int position = bytes.position();
            boolean event = step(bytes);
            if (!event && bytes.position() == position) {
                return;
            }
        }
    }

    private boolean step(ByteBuffer bytes) {
        try {
            return codec.parseNext(bytes);
        } catch (RuntimeException | AssertionError e) {
            // Some bad responses trip an assertion inside the codec, where assertions are enabled.
            fail("bad response");
            return false;
        }
    }

    /** Without this a peer could send chunk extensions for ever, or a byte of body for each KiB of framing. */
    private void countFraming(int framing, int body) {
        excessFraming = Math.max(0, excessFraming + framing - FRAMING_PER_CHUNK - 2L * body);
        if (excessFraming > MAX_EXCESS_FRAMING) {
            failure = "more chunk framing than body";
        }
    }

    private void throwIfBad() {
        if (failure != null) {
            throw new BadReplyException(failure);
        }
    }

    int status() {
        return status;
    }

    /** Status line and fields together. */
    ReplyHead head() {
        return new ReplyHead(status, reason, ReadHeaders.of(fields), http10 ? Protocol.HTTP_1_0 : Protocol.HTTP_1_1);
    }

    /** The fields behind the last chunk (RFC 9112, section 7.1.2). */
    Headers trailers() {
        return TrailerFields.allowed(ReadHeaders.of(trailers));
    }

    boolean isHeadDone() {
        return headDone;
    }

    boolean isComplete() {
        return messageDone;
    }

    /** Whether nothing but the end of the connection ends the body. */
    boolean isEndedByClose() {
        return headDone && !messageDone && !chunked && length < 0;
    }

    /** The Content-Length, or -1 without one. */
    long length() {
        return length;
    }

    /** Whether the peer will keep the connection, by the rules of RFC 9112, section 9.3. */
    boolean isPersistent() {
        return !close && (!http10 || keepAlive);
    }

    // ---- what the codec reports ----

    @Override
    public void startResponse(HttpVersion version, int status, @Nullable String reason) {
        if (version != HttpVersion.HTTP_1_1 && version != HttpVersion.HTTP_1_0) {
            failure = "not HTTP/1.1";
        } else if (status < 100 || status > 999) {
            failure = "status " + status + " is not in 100 to 999";
        }
        this.status = status;
        this.http10 = version == HttpVersion.HTTP_1_0;
        this.reason = reason == null ? "" : reasonStart == STAND_IN ? reason : reasonStart + reason.substring(1);
    }

    @Override
    public void parsedHeader(HttpField field) {
        String value = field.getValue() == null ? "" : field.getValue();
        if (fields.size() == maxFields) {
            failure = "more than " + maxFields + " header fields";
            return;
        }
        fields.add(field.getName(), value);
        HttpHeader known = field.getHeader();
        if (known == HttpHeader.CONTENT_LENGTH) {
            contentLength(value);
        } else if (known == HttpHeader.TRANSFER_ENCODING) {
            if (chunked || !value.equalsIgnoreCase("chunked")) {
                failure = "Transfer-Encoding is not the one word chunked";
            }
            chunked = true;
        } else if (known == HttpHeader.CONNECTION) {
            close |= field.contains("close");
            keepAlive |= field.contains("keep-alive");
        }
    }

    @Override
    public void parsedTrailer(HttpField field) {
        if (trailers.size() == maxFields) {
            failure = "more than " + maxFields + " trailer fields";
            return;
        }
        trailers.add(field.getName(), field.getValue() == null ? "" : field.getValue());
    }

    private void contentLength(String value) {
        if (length >= 0) {
            failure = "two Content-Length fields";
            return;
        }
        if (value.isEmpty() || value.length() > 18) {
            failure = "Content-Length is not a length";
            return;
        }
        long parsed = 0;
        for (int i = 0; i < value.length(); i++) {
            int digit = value.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                failure = "Content-Length is not a length";
                return;
            }
            parsed = parsed * 10 + digit;
        }
        length = parsed;
    }

    @Override
    public boolean headerComplete() {
        if (chunked && length >= 0) {
            failure = "both Content-Length and Transfer-Encoding";
        } else if (chunked && http10) {
            failure = "Transfer-Encoding in an HTTP/1.0 response";
        }
        headDone = true;
        return true;
    }

    @Override
    public boolean content(ByteBuffer chunk) {
        int count = chunk.remaining();
        chunk.get(sink, sinkAt, count);
        sinkAt += count;
        return true;
    }

    @Override
    public boolean contentComplete() {
        return false;
    }

    @Override
    public boolean messageComplete() {
        messageDone = true;
        return true;
    }

    @Override
    public void earlyEOF() {
        fail("broken body framing");
    }

    @Override
    public void badMessage(HttpException problem) {
        fail(problem.getReason() == null ? "bad response head" : problem.getReason());
    }

    private void fail(String why) {
        if (failure == null) {
            failure = why;
        }
    }
}
