package dev.heddle.http.server;

import dev.heddle.http.Form;
import dev.heddle.http.StatusException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The parser of an {@code application/x-www-form-urlencoded} body (URL standard of WHATWG, section 5), without the
 * standard's forgiveness: a malformed escape or text that is no UTF-8 is refused. Goes over the bytes once.
 */
final class FormParser {

    private final byte[] body;
    private final FormLimits limits;
    private final List<String> pairs = new ArrayList<>();

    private FormParser(byte[] body, FormLimits limits) {
        this.body = body;
        this.limits = limits;
    }

    /**
     * Parses a body.
     *
     * @param body decoded in place
     * @throws StatusException 400 if it is malformed, 413 if it is beyond a limit
     */
    static Form parse(byte[] body, FormLimits limits) {
        var parser = new FormParser(body, limits);
        int start = 0;
        while (start < body.length) {
            int end = find('&', start, body, body.length);
            if (end > start) {
                parser.addPair(start, end);
            }
            start = end + 1;
        }
        return Form.of(parser.pairs.toArray(String[]::new));
    }

    private void addPair(int start, int end) {
        if (pairs.size() / 2 == limits.maxPairs()) {
            throw new StatusException(413, "the form has more than " + limits.maxPairs() + " fields");
        }
        int equals = find('=', start, body, end);
        pairs.add(decode(start, equals, "name", limits.maxNameBytes()));
        pairs.add(decode(Math.min(equals + 1, end), end, "value", limits.maxValueBytes()));
    }

    /** Where the byte is, or else the end. */
    private static int find(char wanted, int start, byte[] bytes, int end) {
        int at = start;
        while (at < end && bytes[at] != wanted) {
            at++;
        }
        return at;
    }

    private String decode(int start, int end, String what, int max) {
        int length = unescape(start, end) - start;
        if (length > max) {
            throw new StatusException(413, "a " + what + " of the form is longer than " + max + " bytes");
        }
        return utf8(start, length);
    }

    /** Puts the plain bytes in the place of the escaped ones, which are more; returns their end. */
    private int unescape(int start, int end) {
        int to = start;
        for (int from = start; from < end; from++) {
            byte b = body[from];
            if (b == '+') {
                b = ' ';
            } else if (b == '%') {
                if (end - from < 3 || !HexFormat.isHexDigit(body[from + 1]) || !HexFormat.isHexDigit(body[from + 2])) {
                    throw malformed();
                }
                b = (byte) (HexFormat.fromHexDigit(body[from + 1]) << 4 | HexFormat.fromHexDigit(body[from + 2]));
                from += 2;
            }
            body[to++] = b;
        }
        return to;
    }

    private String utf8(int start, int length) {
        var text = new String(body, start, length, StandardCharsets.UTF_8);
        if (text.indexOf('\ufffd') >= 0) {
            // Either the peer's own character or a sign of malformed bytes; the strict way tells which.
            try {
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body, start, length));
            } catch (CharacterCodingException e) {
                throw malformed();
            }
        }
        return text;
    }

    private static StatusException malformed() {
        return new StatusException(400, "malformed form");
    }
}
