package dev.heddle.http.internal.codec;

import java.util.Locale;

/**
 * The path of a reference (RFC 3986, section 5.2). The JDK's own resolution also folds double slashes, which makes
 * another path of them.
 *
 * <p>An encoded dot is a dot, as browsers have it: a server that decodes first would see another path than the one that
 * cookies were chosen for.
 */
final class UrlPath {

    private static final String ENCODED_UP = "%2e%2e";

    private UrlPath() {}

    /**
     * Resolves a path against that of a base.
     *
     * @param base begins with a slash
     * @param path not empty
     * @return begins with a slash and has no dot segments
     */
    static String resolve(String base, String path) {
        return withoutDots(path.startsWith("/") ? path : base.substring(0, base.lastIndexOf('/') + 1) + path);
    }

    /** The path that is meant by one that begins with a slash. */
    static String withoutDots(String path) {
        var out = new StringBuilder(path.length());
        int at = 0;
        while (at < path.length()) {
            int next = path.indexOf('/', at + 1);
            int end = next < 0 ? path.length() : next;
            String segment = path.substring(at + 1, end);
            String dots = segment.length() > ENCODED_UP.length()
                    ? segment
                    : segment.toLowerCase(Locale.ROOT).replace("%2e", ".");
            boolean up = dots.equals("..");
            boolean here = dots.equals(".");
            if (up) {
                out.setLength(Math.max(0, out.lastIndexOf("/")));
            } else if (!here) {
                out.append('/').append(segment);
            }
            if (next < 0 && (up || here)) {
                out.append('/');
            }
            at = end;
        }
        return out.isEmpty() ? "/" : out.toString();
    }
}
