package dev.heddle.http.internal.codec;

import dev.heddle.http.client.ClientLimits;
import dev.heddle.http.internal.syntax.Protocol;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads plain heads of replies with a body of a known length. Not for those to HEAD, which have none whatever they say.
 *
 * <pre>
 *   "HTTP/1.1" SP status SP reason CRLF fields CRLF
 * </pre>
 */
public final class PlainReply extends PlainHead {

    private static final byte[] VERSION = "HTTP/1.1 ".getBytes(StandardCharsets.US_ASCII);
    private static final int STATUS_DIGITS = 3;

    /** A position behind version, status and space. */
    private static final int REASON = VERSION.length + STATUS_DIGITS + 1;

    private final int maxHeadBytes;
    private int status;
    private String reason = "";
    private boolean close;

    public PlainReply(ClientLimits limits) {
        super(limits.maxFields());
        this.maxHeadBytes = limits.maxHeadBytes();
    }

    /**
     * Takes a head from the buffer.
     *
     * @return the head; null if it is not a whole and plain one, and then nothing is taken
     */
    @Nullable ReplyHead take(ByteBuffer in) {
        load(in);
        int line = readStatusLine();
        if (line == NOT_PLAIN) {
            return null;
        }
        close = false;
        int end = readFields(line);
        if (end == NOT_PLAIN || end > maxHeadBytes || bodyLength() < 0) {
            return null;
        }
        in.position(in.position() + end);
        return new ReplyHead(status, reason, headers(), Protocol.HTTP_1_1);
    }

    /** The position behind the line. */
    private int readStatusLine() {
        for (int i = 0; i < VERSION.length; i++) {
            if (bytes[i] != VERSION[i]) {
                return NOT_PLAIN;
            }
        }
        status = 0;
        for (int i = VERSION.length; i < VERSION.length + STATUS_DIGITS; i++) {
            if (bytes[i] < '0' || bytes[i] > '9') {
                return NOT_PLAIN;
            }
            status = status * 10 + bytes[i] - '0';
        }
        if (!hasBody(status) || bytes[REASON - 1] != ' ') {
            return NOT_PLAIN;
        }
        int end = endOfText(REASON);
        if (!isTrimmed(REASON, end) || !isLineEnd(end)) {
            return NOT_PLAIN;
        }
        String usual = StatusLines.phrase(status);
        reason = isText(usual, REASON, end) ? usual : text(REASON, end);
        return end + 2;
    }

    /** Whether a Content-Length says how long the body is (RFC 9112, section 6.3). */
    private static boolean hasBody(int status) {
        return status >= 200 && status <= 599 && status != 204 && status != 304;
    }

    @Override
    boolean mayCome(FieldName name, int from, int to) {
        return switch (name.use()) {
            case TEXT -> true;
            case LENGTH -> readLength(from, to);
            case CONNECTION -> readConnection(from, to);
            case HOST, FRAMING -> false;
        };
    }

    private boolean readConnection(int from, int to) {
        boolean closes = isText("close", from, to);
        close |= closes;
        return closes || isText("keep-alive", from, to);
    }

    /** Whether the peer closes the connection behind the reply that was taken last. */
    boolean isClosing() {
        return close;
    }
}
