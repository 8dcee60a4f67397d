package dev.heddle.http.internal.cache;

import dev.heddle.http.Headers;
import java.util.Locale;

/**
 * The rules of what a shared cache may keep and give (RFC 9111, sections 3 and 3.5), and stricter: only what says for
 * how long, of no error but that there is nothing, and to who shows credentials only what is said to be for all.
 */
public final class SharingRules {

    private SharingRules() {}

    /**
     * Whether the answer to a GET without a body may be kept for all.
     *
     * @param credentials whether the request showed who asks
     */
    public static boolean mayStore(int status, Headers headers, boolean credentials) {
        CacheDirectives said = CacheDirectives.of(headers);
        if (!isForAll(status) || said.has("no-store") || said.has("private") || said.has("no-cache")
                || headers.contains("Set-Cookie") || Variant.isNeverTheSame(headers) || isEndless(headers)
                || (credentials && !isPublic(said))) {
            return false;
        }
        return said.has("s-maxage") || said.has("max-age") || headers.contains("Expires");
    }

    /** Whether a reply may be given to one who shows who he is. */
    public static boolean mayGiveToKnown(StoredReply reply) {
        return isPublic(reply.directives());
    }

    private static boolean isPublic(CacheDirectives said) {
        return said.has("public") || said.has("s-maxage");
    }

    /**
     * Whether an answer with this status may be one for all. Errors that a client brings about by how it asks, such as
     * by a field that is too long, would be an attack on all others.
     */
    private static boolean isForAll(int status) {
        return switch (status) {
            case 200, 203, 204, 300, 301, 302, 303, 307, 308, 404, 410 -> true;
            default -> false;
        };
    }

    /** Events have no end to wait for. */
    private static boolean isEndless(Headers headers) {
        String type = headers.first("Content-Type");
        return type != null && type.toLowerCase(Locale.ROOT).startsWith("text/event-stream");
    }
}
