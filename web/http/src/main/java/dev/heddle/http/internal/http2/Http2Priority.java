package dev.heddle.http.internal.http2;

import dev.heddle.http.internal.syntax.FieldDictionary;
import java.util.Map;

/**
 * The priority of a response among those of its connection (RFC 9218, section 4).
 *
 * @param urgency 0 to 7, the most urgent first
 * @param incremental whether a part of the response is of use before the rest has come
 */
public record Http2Priority(int urgency, boolean incremental) {

    /** Of a request that says nothing, by a peer that does so elsewhere. */
    public static final Http2Priority DEFAULT = new Http2Priority(3, false);

    /** Of all requests of a peer that has never said anything: they take turns. */
    static final Http2Priority SHARED = new Http2Priority(3, true);

    /**
     * Reads the value of a field or of a frame, a dictionary of RFC 9651.
     *
     * @param base what holds where the value says nothing, or nothing of use; it holds as a whole if that is malformed
     */
    public static Http2Priority parse(String value, Http2Priority base) {
        Map<String, String> members = FieldDictionary.parse(value);
        if (members == null) {
            return base;
        }
        String u = members.getOrDefault("u", "");
        String i = members.getOrDefault("i", "");
        return new Http2Priority(
                u.length() == 1 && u.charAt(0) >= '0' && u.charAt(0) <= '7' ? u.charAt(0) - '0' : base.urgency,
                i.equals("?1") || (base.incremental && !i.equals("?0")));
    }
}
