package dev.heddle.http.client;

import dev.heddle.HeddleException;
import java.io.Serializable;

/**
 * The request that a failure is about: what {@link HeddleException#subject()} gives for the failures of a client that
 * begin with it.
 *
 * <pre>{@code
 * } catch (HeddleException e) {
 *     if (e.subject().orElse(null) instanceof FailedRequest(String method, String url)) {
 *         count(url, e.detail());
 *     }
 * }
 * }</pre>
 *
 * @param method its method, or {@code WebSocket}
 * @param url its URL without the query, where secrets live; behind a redirect that of the last hop
 */
public record FailedRequest(String method, String url) implements Serializable {

    @Override
    public String toString() {
        return method + " " + url;
    }
}
