package dev.heddle.http.internal.cache;

import dev.heddle.http.Headers;

/** The rules of what a private cache may keep (RFC 9111, section 3). */
public final class StorageRules {

    private StorageRules() {}

    /**
     * Whether the answer to a GET or HEAD request without a body may be kept.
     *
     * @param asked what the request says
     */
    public static boolean mayStore(CacheDirectives asked, int status, Headers headers) {
        CacheDirectives said = CacheDirectives.of(headers);
        // Parts are not put together here, and a 304 is about what is there already.
        if (status == 206 || status == 304 || asked.has("no-store") || Variant.isNeverTheSame(headers)) {
            return false;
        }
        if (said.has("must-understand")) {
            // Written for caches that know it, beside a no-store for the others (section 5.2.2.3).
            if (!isUnderstood(status)) {
                return false;
            }
        } else if (said.has("no-store")) {
            return false;
        }
        return said.has("public") || said.has("private") || said.has("max-age") || headers.contains("Expires")
                || isHeuristic(status);
    }

    /** Whether a response with this status may be kept though nothing says for how long (RFC 9110, section 15.1). */
    static boolean isHeuristic(int status) {
        return switch (status) {
            case 200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501 -> true;
            default -> false;
        };
    }

    /** Whether all is done here that the definition of this status asks of a cache. */
    private static boolean isUnderstood(int status) {
        return switch (status) {
            case 302, 303, 307 -> true;
            default -> isHeuristic(status);
        };
    }

    /** Whether an answer with this status, even one that is not kept, shows that what is kept is of the past. */
    public static boolean isNews(int status) {
        return status < 400 || status == 404 || status == 410;
    }

    /** Whether a server that answers so has failed for now (RFC 5861, section 4). */
    public static boolean isFailure(int status) {
        return switch (status) {
            case 500, 502, 503, 504 -> true;
            default -> false;
        };
    }
}
