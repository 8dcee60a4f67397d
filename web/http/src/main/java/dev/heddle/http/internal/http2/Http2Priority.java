package dev.heddle.http.internal.http2;

import dev.heddle.http.internal.syntax.FieldScanner;
import org.jspecify.annotations.Nullable;

/**
 * The priority of a response among those of its connection (RFC 9218, section 4).
 *
 * @param urgency 0 to 7, the most urgent first
 * @param incremental whether a part of the response is of use before the rest has come
 */
public record Http2Priority(int urgency, boolean incremental) {

    /** Of a request that says nothing, by a peer that does so elsewhere. */
    static final Http2Priority DEFAULT = new Http2Priority(3, false);

    /** Of all requests of a peer that has never said anything: they take turns. */
    static final Http2Priority SHARED = new Http2Priority(3, true);

    /**
     * Reads the value of a field or of a frame, a dictionary of RFC 9651.
     *
     * @param base what holds where the value says nothing, or nothing of use; it holds as a whole if that is malformed
     */
    static Http2Priority parse(String value, Http2Priority base) {
        int urgency = base.urgency;
        boolean incremental = base.incremental;
        var text = new FieldScanner(value);
        text.skip(" ");
        for (boolean more = !text.isAtEnd(); more;) {
            String key = key(text);
            String member = text.take('=') ? item(text, value) : "?1";
            if (key.isEmpty() || member == null || !skipParameters(text, value)) {
                return base;
            }
            if (key.equals("u")) {
                urgency = member.length() == 1 && member.charAt(0) >= '0' && member.charAt(0) <= '7'
                        ? member.charAt(0) - '0'
                        : base.urgency;
            } else if (key.equals("i")) {
                incremental = member.equals("?1") || (base.incremental && !member.equals("?0"));
            }
            text.skipBlanks();
            more = text.take(',');
            text.skipBlanks();
            if (more == text.isAtEnd()) {
                return base;
            }
        }
        return new Http2Priority(urgency, incremental);
    }

    /** RFC 9651, section 3.1.2; empty if none begins here. */
    private static String key(FieldScanner text) {
        String key = text.token();
        boolean isKey = key.chars().allMatch(c -> c != '!' && "#$%&'+^`|~".indexOf(c) < 0 && (c < 'A' || c > 'Z'));
        boolean begins = !key.isEmpty() && (key.charAt(0) == '*' || Character.isLetter(key.charAt(0)));
        return isKey && begins ? key : "";
    }

    private static boolean skipParameters(FieldScanner text, String value) {
        while (text.take(';')) {
            text.skip(" ");
            if (key(text).isEmpty() || (text.take('=') && item(text, value) == null)) {
                return false;
            }
        }
        return true;
    }

    /** The item or inner list that stands here, as it is written; null if it is none. */
    private static @Nullable String item(FieldScanner text, String value) {
        int start = text.position();
        if (text.take('(')) {
            text.skip(" ");
            while (!text.take(')')) {
                if (item(text, value) == null || !skipParameters(text, value) || !(text.isAt(' ') || text.isAt(')'))) {
                    return null;
                }
                text.skip(" ");
            }
        } else if (text.isAt('"')) {
            if (text.quoted() == null) {
                return null;
            }
        } else {
            // Numbers, tokens, bytes between colons, booleans, dates.
            text.until(" \t,;()\"");
        }
        return text.position() == start ? null : value.substring(start, text.position());
    }
}
