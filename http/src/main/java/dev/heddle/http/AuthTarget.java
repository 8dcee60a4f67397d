package dev.heddle.http;

import java.net.URI;

/**
 * The request that {@link Auth} answers for.
 *
 * @param method its method
 * @param url its whole URL
 * @param requestTarget path and query as they go on the request line
 */
public record AuthTarget(String method, URI url, String requestTarget) {

    /** Without the query, where secrets live. */
    @Override
    public String toString() {
        return method + " " + url.getScheme() + "://" + url.getRawAuthority() + url.getRawPath();
    }
}
