package dev.heddle.http.internal.codec;

/**
 * The path of a relative reference (RFC 3986, section 5.2). The JDK's own resolution also folds double slashes, which
 * makes another path of them.
 */
final class UrlPath {

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

    private static String withoutDots(String path) {
        var out = new StringBuilder(path.length());
        int at = 0;
        while (at < path.length()) {
            int next = path.indexOf('/', at + 1);
            int end = next < 0 ? path.length() : next;
            String segment = path.substring(at + 1, end);
            boolean up = segment.equals("..");
            if (up) {
                out.setLength(Math.max(0, out.lastIndexOf("/")));
            } else if (!segment.equals(".")) {
                out.append('/').append(segment);
            }
            if (next < 0 && (up || segment.equals("."))) {
                out.append('/');
            }
            at = end;
        }
        return out.isEmpty() ? "/" : out.toString();
    }
}
