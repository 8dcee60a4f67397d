package dev.heddle.http.internal.middleware;

import dev.heddle.http.Headers;
import dev.heddle.http.internal.codec.RequestHead;

/**
 * The Vary field of a response: what it depends on beside the address (RFC 9110, section 12.5.5), so that caches do not
 * give it to the wrong peer.
 */
public final class Vary {

    private Vary() {}

    /** The headers that say so, whether or not they did before. */
    public static Headers on(Headers headers, String field) {
        return RequestHead.listHas(headers, "Vary", field) || RequestHead.listHas(headers, "Vary", "*")
                ? headers
                : headers.withAdded("Vary", field);
    }
}
