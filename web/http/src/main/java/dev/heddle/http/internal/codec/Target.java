package dev.heddle.http.internal.codec;

import dev.heddle.http.StatusException;
import dev.heddle.http.internal.syntax.Authority;
import org.jspecify.annotations.Nullable;

/**
 * A request target taken apart (RFC 9112, section 3.2).
 *
 * @param path the path as it came, still percent-encoded; starts with a slash, or is {@code *}
 * @param query what follows the first question mark, as it came; null if there is none
 * @param authority the host and port of an absolute target, null for the usual forms
 */
public record Target(String path, @Nullable String query, @Nullable String authority) {

    private static final Target SLASH = new Target("/", null, null);
    private static final Target ASTERISK = new Target("*", null, null);

    /**
     * Takes a target apart.
     *
     * @param text visible ASCII, as {@link RequestParser} lets it pass
     * @throws StatusException 400 if the form does not fit the method, 501 for CONNECT
     */
    public static Target parse(String method, String text) {
        if (method.equals("CONNECT")) {
            throw new StatusException(501, "this server is no proxy");
        }
        if (text.length() == 1 && text.charAt(0) == '/') {
            return SLASH;
        }
        if (text.charAt(0) == '/') {
            return pathAndQuery(text, 0, null);
        }
        if (text.equals("*") && method.equals("OPTIONS")) {
            return ASTERISK;
        }
        int authority = text.regionMatches(true, 0, "http://", 0, 7)
                ? 7
                : text.regionMatches(true, 0, "https://", 0, 8) ? 8 : -1;
        if (authority < 0) {
            throw new StatusException(400, "request target is neither a path nor an http URL");
        }
        int end = authority;
        while (end < text.length() && text.charAt(end) != '/' && text.charAt(end) != '?') {
            end++;
        }
        String host = text.substring(authority, end);
        if (!Authority.isValid(host)) {
            throw new StatusException(400, "bad host in request target");
        }
        return pathAndQuery(text, end, host);
    }

    private static Target pathAndQuery(String text, int start, @Nullable String authority) {
        if (text.indexOf('#', start) >= 0) {
            throw new StatusException(400, "fragment in request target");
        }
        int question = text.indexOf('?', start);
        int end = question < 0 ? text.length() : question;
        String path = end == start ? "/" : text.substring(start, end);
        return new Target(path, question < 0 ? null : text.substring(question + 1), authority);
    }
}
