package dev.heddle.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads request heads as nearly every client sends them: whole, HTTP/1.1, short, and in the plainest words of the grammar. Any other is
 * left to the {@link RequestParser}, which also has the say in what is wrong, so this has no errors.
 *
 * <pre>
 *   method SP target SP "HTTP/1.1" CRLF *( name ":" [SP] value CRLF ) CRLF
 * </pre>
 *
 * <p>What is read here, the parser reads the same; the fuzzer holds one against the other. So this stops at each byte that
 * could be taken in two ways: more than one space, a bare line feed, an empty value, a byte beyond ASCII, a body without a plain length.
 *
 * <p>For the tasks of one loop.
 */
final class PlainHead {

    /** Longer heads are not read here. */
    static final int MAX_BYTES = 4 * 1024;

    /** Positions are never negative. */
    private static final int NOT_PLAIN = -1;

    /** Longest length of a body in digits that is read here: far from an overflow. */
    private static final int MAX_LENGTH_DIGITS = 15;

    /** Heads with more fields are not read here. */
    private static final int MAX_FIELDS = 64;

    private static final byte[] VERSION = "HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final String[] METHODS = {"GET", "POST", "PUT", "HEAD", "DELETE", "OPTIONS", "PATCH"};

    private final HttpLimits limits;

    /** The bytes to read, and a NUL behind them, at which every loop over them ends. */
    private final byte[] bytes = new byte[MAX_BYTES + 1];

    private String method = "";
    private String target = "";
    private long bodyLength;

    /** Names and values in turn, and how many of both there are. */
    private final String[] fields = new String[2 * MAX_FIELDS];

    private int fieldsEnd;

    /** The fields that must not come twice and have come. */
    private long seen;

    PlainHead(HttpLimits limits) {
        this.limits = limits;
    }

    /**
     * Takes a head from the buffer.
     *
     * @return the head; null if it is not a whole and plain one, and then nothing is taken
     */
    @Nullable RequestHead take(ByteBuffer in) {
        int length = Math.min(in.remaining(), MAX_BYTES);
        in.get(in.position(), bytes, 0, length);
        bytes[length] = 0;
        int end = readRequestLine();
        if (end != NOT_PLAIN) {
            end = readFields(end);
        }
        if (end == NOT_PLAIN) {
            return null;
        }
        RequestHead head;
        try {
            head = RequestHead.check(method, target, Protocol.HTTP_1_1, Headers.ofChecked(fields, fieldsEnd),
                    bodyLength);
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
            if (isText(usual, end)) {
                return usual;
            }
        }
        return text(0, end);
    }

    /** Whether the bytes up to a position are a text. */
    private boolean isText(String text, int end) {
        if (text.length() != end) {
            return false;
        }
        for (int i = 0; i < end; i++) {
            if (bytes[i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The position behind the empty line. */
    private int readFields(int start) {
        fieldsEnd = 0;
        bodyLength = -1;
        seen = 0;
        int at = start;
        while (at != NOT_PLAIN && bytes[at] != '\r') {
            at = readField(at);
        }
        if (at == NOT_PLAIN || bytes[at + 1] != '\n') {
            return NOT_PLAIN;
        }
        int end = at + 2;
        return end - start <= limits.maxHeaderBytes() && fieldsEnd <= 2 * limits.maxHeaderCount() ? end : NOT_PLAIN;
    }

    /** The position behind the line of a field. */
    private int readField(int start) {
        int colon = endOfToken(start);
        if (colon == start || bytes[colon] != ':') {
            return NOT_PLAIN;
        }
        int from = bytes[colon + 1] == ' ' ? colon + 2 : colon + 1;
        int at = from;
        while (bytes[at] >= ' ' && bytes[at] != 0x7f) {
            at++;
        }
        boolean plain = at > from && bytes[from] != ' ' && bytes[at - 1] != ' ' && bytes[at] == '\r'
                && bytes[at + 1] == '\n';
        if (!plain) {
            return NOT_PLAIN;
        }
        FieldName known = FieldName.find(bytes, start, colon);
        if ((known != null && !mayCome(known, from, at)) || fieldsEnd == fields.length) {
            return NOT_PLAIN;
        }
        fields[fieldsEnd++] = known != null && known.isWritten(bytes, start) ? known.text() : text(start, colon);
        fields[fieldsEnd++] = text(from, at);
        return at + 2;
    }

    /** Whether a field of a known name is plain here. */
    private boolean mayCome(FieldName name, int from, int to) {
        if ((seen & name.bit()) != 0) {
            return false;
        }
        seen |= name.bit();
        return switch (name.use()) {
            case TEXT -> true;
            case LENGTH -> readLength(from, to);
            case FRAMING -> false;
        };
    }

    private boolean readLength(int from, int to) {
        if (to - from > MAX_LENGTH_DIGITS || (bytes[from] == '0' && to - from > 1)) {
            return false;
        }
        long length = 0;
        for (int i = from; i < to; i++) {
            if (bytes[i] < '0' || bytes[i] > '9') {
                return false;
            }
            length = length * 10 + bytes[i] - '0';
        }
        bodyLength = length;
        return true;
    }

    private int endOfToken(int start) {
        int at = start;
        while (FieldSyntax.isTokenChar(bytes[at])) {
            at++;
        }
        return at;
    }

    private String text(int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }
}
