package dev.heddle.http.internal.codec;

import dev.heddle.http.Headers;
import dev.heddle.http.internal.syntax.FieldList;
import dev.heddle.http.internal.syntax.FieldSyntax;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A parser of a start line and the fields behind it, whole or byte by byte (RFC 9112, sections 2 to 5).
 *
 * <pre>
 *   start line  *( name ":" OWS value OWS CRLF )  CRLF
 *     at first      line  colon          at
 * </pre>
 *
 * <p>What two programs read apart is what request smuggling is made of, so nothing is forgiven but one empty line in
 * front of a request. The bytes come into an array with a NUL behind them, at which every loop over them ends; so a
 * head that came whole is read in one pass, and one that did not goes on where the bytes ended. A verdict falls on the
 * same byte however they were cut.
 *
 * <p>A parser serves one head at a time and, after {@link #reset()}, another, maybe of another connection, so an idle
 * connection needs none. It is of no use after an exception.
 */
abstract sealed class HeadParser permits RequestParser, ReplyHeadParser, TrailerParser {

    /** Makes what is thrown at a fault. */
    interface Fault {

        /**
         * The exception for a fault.
         *
         * @param status for the one who has sent it, if that is a client
         * @param why for people
         */
        RuntimeException of(int status, String why);
    }

    /** Room for nearly all heads; what has more is not kept from one to the next. */
    private static final int MAX_KEPT_BYTES = 4 * 1024;

    private final int maxFields;
    private final String kind;
    private final Fault fault;

    byte[] bytes;

    /** How many bytes have come. */
    int end;

    /** The byte to look at next. */
    int at;

    /** Where begins what is read now: a part of the start line or the line of a field. */
    int line;

    /** Behind the name in the line of a field; 0 before it is found. */
    private int colon;

    private boolean started;

    /** Where the fields must have ended. */
    private int limit;

    private final FieldList fields;
    private final SeenLines seenLines = new SeenLines();

    /**
     * @param bytes room for most heads, and for their fields
     * @param kind what the fields are, for people
     */
    HeadParser(int bytes, int fields, int maxFields, String kind, Fault fault) {
        this.bytes = new byte[bytes];
        this.fields = new FieldList(fields);
        this.maxFields = maxFields;
        this.kind = kind;
        this.fault = fault;
        this.limit = Integer.MAX_VALUE - 1;
    }

    /** Makes the parser ready for the next head. */
    void reset() {
        if (bytes.length > MAX_KEPT_BYTES) {
            bytes = new byte[MAX_KEPT_BYTES];
        }
        end = 0;
        at = 0;
        line = 0;
        colon = 0;
        started = false;
        limit = Integer.MAX_VALUE - 1;
        fields.clear();
        seenLines.begin();
    }

    /**
     * Reads on, taking the bytes of the head from the buffer and none behind it.
     *
     * @return whether the head is complete
     */
    final boolean parse(ByteBuffer in) {
        while (in.hasRemaining()) {
            int before = end;
            load(in);
            if (!started && readStart()) {
                started = true;
                line = at;
            }
            boolean complete = started && readFields();
            if ((complete ? at : end) > limit) {
                throw fault(431, kind + " section is too large");
            }
            in.position(in.position() + (complete ? at : end) - before);
            if (complete) {
                return true;
            }
        }
        return false;
    }

    /** Copies the next bytes, of which none are taken yet; only one that is too many of those beyond the limit. */
    private void load(ByteBuffer in) {
        int room = bytes.length - 1 - end;
        if (room == 0 || (room < in.remaining() && bytes.length < MAX_KEPT_BYTES)) {
            bytes = Arrays.copyOf(bytes, Math.max(MAX_KEPT_BYTES, 2 * bytes.length));
            room = bytes.length - 1 - end;
        }
        int count = Math.min(Math.min(in.remaining(), room), limit + 1 - end);
        in.get(in.position(), bytes, end, count);
        end += count;
        bytes[end] = 0;
    }

    /** Sets how many bytes there may be from here on. */
    final void limitFields(int most) {
        limit = (int) Math.min((long) at + most, Integer.MAX_VALUE - 1);
        if (end > limit + 1) {
            end = limit + 1;
            bytes[end] = 0;
        }
    }

    /** Reads on in the start line; true when it is complete. */
    abstract boolean readStart();

    /** Takes a field as it is complete, to look at its value or to refuse it. */
    abstract void take(@Nullable FieldName known, String value);

    private boolean readFields() {
        while (true) {
            if (colon == 0 && takeSeen()) {
                continue;
            }
            if (colon == 0 && !readName()) {
                return isAtEnd();
            }
            if (!readText()) {
                return false;
            }
            readField();
            line = at;
            colon = 0;
        }
    }

    /** Takes a whole line that is the same as one that was read before; false if it is another, or not yet whole. */
    private boolean takeSeen() {
        SeenLines.Line same = seenLines.find(bytes, line, end);
        if (same == null) {
            return false;
        }
        FieldName name = same.name();
        takeField(name, name.text(), same.value());
        at = line + same.length();
        line = at;
        return true;
    }

    /** Reads on up to the colon behind a name; false if there is none yet. */
    private boolean readName() {
        at = endOfToken(at);
        if (bytes[at] == ':' && at > line) {
            colon = at++;
            return true;
        }
        if (at < end && !(bytes[at] == '\r' && at == line)) {
            throw fault(400, "bad name of a " + kind + " field");
        }
        return false;
    }

    /** Passes the line end that stands alone behind the last field; false if it is not there yet. */
    private boolean isAtEnd() {
        if (bytes[at] != '\r' || !isLineEnd()) {
            return false;
        }
        at += 2;
        return true;
    }

    /** Reads on up to the end of a line with any text in it; false if it is not there yet. */
    final boolean readText() {
        byte[] read = bytes;
        int to = at;
        while (FieldSyntax.isValueByte(read[to])) {
            to++;
        }
        at = to;
        if (read[to] == '\r') {
            return isLineEnd();
        }
        if (to < end) {
            throw fault(400, "a forbidden byte in the head");
        }
        return false;
    }

    /** Whether a line feed follows the carriage return here; false if nothing does yet. */
    private boolean isLineEnd() {
        if (bytes[at + 1] == '\n') {
            return true;
        }
        if (at + 1 < end) {
            throw fault(400, "bad line end");
        }
        return false;
    }

    /** Takes the field that ends here, and passes the end of its line. */
    private void readField() {
        FieldName known = FieldName.find(bytes, line, colon);
        int first = firstOfText(colon + 1, at);
        String value = text(first, endOfText(first, at));
        takeField(known, known == null ? text(line, colon) : known.text(), value);
        at += 2;
        seenLines.keep(known, value, bytes, line, at);
    }

    private void takeField(@Nullable FieldName known, String name, String value) {
        if (fields.size() == maxFields) {
            throw fault(431, "more than " + maxFields + " " + kind + " fields");
        }
        fields.add(name, value);
        take(known, value);
    }

    /** The fields, once they are complete. */
    final Headers headers() {
        return ReadHeaders.of(fields);
    }

    final int endOfToken(int from) {
        byte[] read = bytes;
        int to = from;
        while (FieldSyntax.isTokenByte(read[to])) {
            to++;
        }
        return to;
    }

    /** The text between two positions, without blanks at its ends. */
    final String trimmed(int from, int to) {
        int first = firstOfText(from, to);
        return text(first, endOfText(first, to));
    }

    private int firstOfText(int from, int to) {
        int first = from;
        while (first < to && FieldSyntax.isBlank(bytes[first])) {
            first++;
        }
        return first;
    }

    private int endOfText(int from, int to) {
        int last = to;
        while (last > from && FieldSyntax.isBlank(bytes[last - 1])) {
            last--;
        }
        return last;
    }

    final String text(int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    /** Whether an ASCII text stands between two positions. */
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

    final RuntimeException fault(int status, String why) {
        return fault.of(status, why);
    }
}
