package dev.heddle.http.internal.syntax;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The percent-decoding of a target's parts, and a path cut into its segments (RFC 3986, section 2.1).
 *
 * <p>A path is cut at its slashes first and decoded after, once, so an encoded slash never makes a segment.
 */
public final class PathSegments {

    private PathSegments() {}

    /**
     * The decoded segments of a path.
     *
     * @param path starts with a slash
     * @return for {@code /a/b%20c/} the list {@code a}, {@code b c} and an empty one; null if no resource can have this
     *     path: a malformed escape, invalid UTF-8, a control character, or a segment of one or two dots, which a client
     *     resolves before it asks
     */
    public static @Nullable List<String> of(String path) {
        var segments = new ArrayList<String>(4);
        int start = 1;
        while (true) {
            int slash = path.indexOf('/', start);
            String raw = path.substring(start, slash < 0 ? path.length() : slash);
            String segment = decode(raw, false);
            if (segment == null || segment.equals(".") || segment.equals("..") || hasControl(segment)) {
                return null;
            }
            segments.add(segment);
            if (slash < 0) {
                return segments;
            }
            start = slash + 1;
        }
    }

    /**
     * Decodes a text.
     *
     * @param plusIsSpace as in query strings
     * @return the text, or null if an escape is malformed or the bytes are no UTF-8
     */
    public static @Nullable String decode(String raw, boolean plusIsSpace) {
        if (raw.indexOf('%') < 0) {
            return plusIsSpace ? raw.replace('+', ' ') : raw;
        }
        ByteBuffer bytes = ByteBuffer.allocate(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                boolean whole = i + 2 < raw.length();
                int high = whole ? hex(raw.charAt(i + 1)) : -1;
                int low = whole ? hex(raw.charAt(i + 2)) : -1;
                if (high < 0 || low < 0) {
                    return null;
                }
                bytes.put((byte) (high << 4 | low));
                i += 2;
            } else {
                bytes.put((byte) (plusIsSpace && c == '+' ? ' ' : c));
            }
        }
        try {
            CharBuffer text = StandardCharsets.UTF_8.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(bytes.flip());
            return text.toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static int hex(char c) {
        return c < 128 ? Character.digit(c, 16) : -1;
    }

    private static boolean hasControl(String segment) {
        for (int i = 0; i < segment.length(); i++) {
            if (Character.isISOControl(segment.charAt(i))) {
                return true;
            }
        }
        return false;
    }
}
