package dev.heddle.http.internal.codec;

import dev.heddle.http.StatusException;
import dev.heddle.http.internal.syntax.Protocol;
import dev.heddle.http.server.ServerLimits;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads plain heads of requests.
 *
 * <pre>
 *   method SP target SP "HTTP/1.1" CRLF fields CRLF
 * </pre>
 */
public final class PlainRequest extends PlainHead {

    private static final byte[] VERSION = "HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final String[] METHODS = {"GET", "POST", "PUT", "HEAD", "DELETE", "OPTIONS", "PATCH"};

    private final ServerLimits limits;
    private String method = "";
    private String target = "";

    /** The fields that must not come twice and have come. */
    private long seen;

    public PlainRequest(ServerLimits limits) {
        super(limits.maxHeaderCount());
        this.limits = limits;
    }

    /**
     * Takes a head from the buffer.
     *
     * @return the head; null if it is not a whole and plain one, and then nothing is taken
     */
    public @Nullable RequestHead take(ByteBuffer in) {
        load(in);
        int line = readRequestLine();
        if (line == NOT_PLAIN) {
            return null;
        }
        seen = 0;
        int end = readFields(line);
        if (end == NOT_PLAIN || end - line > limits.maxHeaderBytes()) {
            return null;
        }
        RequestHead head;
        try {
            head = RequestHead.check(method, target, Protocol.HTTP_1_1, headers(), bodyLength());
        } catch (StatusException e) {
            return null;
        }
        in.position(in.position() + end);
        return head;
    }

    /** The position behind the line. */
    private int readRequestLine() {
        int at = endOfToken(0);
        if (at == 0 || at > StartLineCheck.MAX_METHOD || bytes[at] != ' ') {
            return NOT_PLAIN;
        }
        method = method(at);
        int start = ++at;
        while (bytes[at] > ' ' && bytes[at] != 0x7f) {
            at++;
        }
        if (at == start || bytes[at] != ' ') {
            return NOT_PLAIN;
        }
        target = text(start, at);
        at++;
        for (byte expected : VERSION) {
            if (bytes[at] != expected) {
                return NOT_PLAIN;
            }
            at++;
        }
        return at - 2 <= limits.maxStartLine() ? at : NOT_PLAIN;
    }

    private String method(int end) {
        for (String usual : METHODS) {
            if (isText(usual, 0, end)) {
                return usual;
            }
        }
        return text(0, end);
    }

    @Override
    boolean mayCome(FieldName name, int from, int to) {
        if ((seen & name.bit()) != 0) {
            return false;
        }
        seen |= name.bit();
        return switch (name.use()) {
            case TEXT, HOST, CONNECTION -> true;
            case LENGTH -> readLength(from, to);
            case FRAMING -> false;
        };
    }
}
