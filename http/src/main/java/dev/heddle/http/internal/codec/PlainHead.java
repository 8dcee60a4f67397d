package dev.heddle.http.internal.codec;

import dev.heddle.http.Headers;
import dev.heddle.http.internal.syntax.FieldList;
import dev.heddle.http.internal.syntax.FieldSyntax;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads heads as nearly every peer sends them: whole, HTTP/1.1, short, and in the plainest words of the grammar. Any other is left to
 * the {@link RequestParser} or {@link ReplyParser}, which also has the say in what is wrong, so this has no errors.
 *
 * <pre>
 *   start line CRLF *( name ":" [SP] value CRLF ) CRLF
 * </pre>
 *
 * <p>What is read here, the parser reads the same; the fuzzer holds one against the other. So this stops at each byte that
 * could be taken in two ways: more than one space, a bare line feed, an empty value, a byte beyond ASCII, a body without a plain length.
 *
 * <p>For the tasks of one loop.
 */
abstract sealed class PlainHead permits PlainRequest, PlainReply {

    /** Longer heads are not read here. */
    static final int MAX_BYTES = 4 * 1024;

    /** In place of a position, which is never negative. */
    static final int NOT_PLAIN = -1;

    /** Longest length of a body in digits that is read here: far from an overflow. */
    private static final int MAX_LENGTH_DIGITS = 15;

    /** Heads with more fields are not read here. */
    private static final int MAX_FIELDS = 64;

    /** The bytes to read, and a NUL behind them, at which every loop over them ends. */
    final byte[] bytes = new byte[MAX_BYTES + 1];

    private final int maxFields;

    private final FieldList fields = new FieldList(16);
    private long bodyLength;

    PlainHead(int maxFields) {
        this.maxFields = Math.min(maxFields, MAX_FIELDS);
    }

    /** Copies the next bytes, of which none are taken. */
    final void load(ByteBuffer in) {
        int length = Math.min(in.remaining(), MAX_BYTES);
        in.get(in.position(), bytes, 0, length);
        bytes[length] = 0;
    }

    /** Reads the fields from the position behind the start line on, and gives that behind the empty line. */
    final int readFields(int start) {
        fields.clear();
        bodyLength = -1;
        int at = start;
        while (at != NOT_PLAIN && bytes[at] != '\r') {
            at = readField(at);
        }
        return at != NOT_PLAIN && bytes[at + 1] == '\n' ? at + 2 : NOT_PLAIN;
    }

    /** The position behind the line of a field. */
    private int readField(int start) {
        int colon = endOfToken(start);
        if (colon == start || bytes[colon] != ':') {
            return NOT_PLAIN;
        }
        int from = bytes[colon + 1] == ' ' ? colon + 2 : colon + 1;
        int at = endOfText(from);
        if (!isTrimmed(from, at) || !isLineEnd(at)) {
            return NOT_PLAIN;
        }
        FieldName known = FieldName.find(bytes, start, colon);
        if ((known != null && !mayCome(known, from, at)) || fields.size() == maxFields) {
            return NOT_PLAIN;
        }
        fields.add(known == null ? text(start, colon) : known.text(), text(from, at));
        return at + 2;
    }

    /** Whether a field of a known name is plain here; its value stands between the positions. */
    abstract boolean mayCome(FieldName name, int from, int to);

    /** Takes the value of the one field that says how long the body is. */
    final boolean readLength(int from, int to) {
        if (bodyLength >= 0 || to - from > MAX_LENGTH_DIGITS || (bytes[from] == '0' && to - from > 1)) {
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

    /** How long the body is; -1 if nothing has said so. */
    final long bodyLength() {
        return bodyLength;
    }

    final Headers headers() {
        return Headers.of(fields);
    }

    final int endOfToken(int start) {
        int at = start;
        while (FieldSyntax.isTokenChar(bytes[at])) {
            at++;
        }
        return at;
    }

    /** Where visible characters and spaces end. */
    final int endOfText(int start) {
        int at = start;
        while (bytes[at] >= ' ' && bytes[at] != 0x7f) {
            at++;
        }
        return at;
    }

    /** Whether there is something between two positions that neither begins nor ends with a space. */
    final boolean isTrimmed(int from, int to) {
        return to > from && bytes[from] != ' ' && bytes[to - 1] != ' ';
    }

    final boolean isLineEnd(int at) {
        return bytes[at] == '\r' && bytes[at + 1] == '\n';
    }

    /** Whether a text stands between two positions. */
    final boolean isText(String text, int from, int to) {
        if (text.length() != to - from) {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (bytes[i] != text.charAt(i - from)) {
                return false;
            }
        }
        return true;
    }

    final String text(int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }
}
