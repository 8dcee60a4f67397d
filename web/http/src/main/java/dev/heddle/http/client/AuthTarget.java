package dev.heddle.http.client;

import java.net.URI;

/**
 * The request that {@link Auth} answers for.
 *
 * @param method its method
 * @param url its whole URL
 * @param requestTarget path and query as they go on the request line
 * @param refused the Authorization that the server has just answered with 401; empty if none was sent. It tells a
 *     credential that is wrong from one that another request has renewed meanwhile
 */
public record AuthTarget(String method, URI url, String requestTarget, String refused) {

    /** Without what was refused, and without the query: secrets live there. */
    @Override
    public String toString() {
        return method + " " + url.getScheme() + "://" + url.getRawAuthority() + url.getRawPath();
    }
}
