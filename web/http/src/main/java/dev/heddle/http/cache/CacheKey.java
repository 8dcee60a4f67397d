package dev.heddle.http.cache;

import dev.heddle.http.Headers;
import dev.heddle.http.server.Request;
import java.util.Locale;
import java.util.Optional;

/**
 * The key that a response is found by: scheme, host and port, path and query. The host is in lower case and without
 * the port that its scheme has anyway; the rest stands as it came, since handlers may tell apart what looks the same.
 */
final class CacheKey {

    private CacheKey() {}

    /** That of a request; empty if it names no host, or no path. */
    static Optional<String> of(Request request) {
        String target = request.target();
        return target.startsWith("/")
                ? request.host().map(host -> of(request.scheme(), host, target))
                : Optional.empty();
    }

    /**
     * That of a URL as it is written.
     *
     * @throws IllegalArgumentException if it has no scheme, no host or no path
     */
    static String of(String url) {
        int scheme = url.indexOf("://");
        int path = scheme < 0 ? -1 : url.indexOf('/', scheme + 3);
        if (scheme <= 0 || path <= scheme + 3) {
            throw new IllegalArgumentException("this is no URL with a host and a path");
        }
        return of(url.substring(0, scheme).toLowerCase(Locale.ROOT), url.substring(scheme + 3, path),
                url.substring(path));
    }

    private static String of(String scheme, String host, String target) {
        String usual = scheme.equals("https") ? ":443" : ":80";
        String lower = host.toLowerCase(Locale.ROOT);
        return scheme + "://" + (lower.endsWith(usual) ? lower.substring(0, lower.length() - usual.length()) : lower)
                + target;
    }

    /** Whether a response has a tag. */
    static boolean hasTag(Headers headers, String tag) {
        for (String field : headers.all("Cache-Tag")) {
            for (String each : field.split(",", -1)) {
                if (each.strip().equalsIgnoreCase(tag)) {
                    return true;
                }
            }
        }
        return false;
    }
}
