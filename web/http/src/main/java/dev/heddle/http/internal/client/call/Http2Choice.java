package dev.heddle.http.internal.client.call;

import dev.heddle.http.Http2Limits;
import org.jspecify.annotations.Nullable;

/**
 * The choice of HTTP/2 by a client: whether and where it is spoken.
 *
 * @param limits those of its connections; null to speak HTTP/1.1 only
 * @param priorKnowledge whether http servers are known to speak it (RFC 9113, section 3.3)
 */
public record Http2Choice(@Nullable Http2Limits limits, boolean priorKnowledge) {

    /**
     * Windows that keep a distant server busy. That of the connection is no bound: a reply that nobody reads holds up
     * itself, and not the others. Counts that a server reaches only if it wants to, since it answers as many requests
     * as it is sent.
     */
    public static final Http2Limits DEFAULT_LIMITS = Http2Limits.DEFAULT
            .withMaxStreams(1_000)
            .withStreamWindow(1024 * 1024).withConnectionWindow(1024 * 1024 * 1024)
            .withMaxResets(10_000)
            .withMaxEmptyFrames(1_000).withMaxWindowUpdates(10_000).withMaxIgnoredFrames(10_000);

    public static final Http2Choice DEFAULT = new Http2Choice(DEFAULT_LIMITS, false);

    /** Whether a new connection on this way may turn out to be one of HTTP/2. */
    public boolean mayMeet(ClientRoute route) {
        return limits != null && (route.origin().tls() || (priorKnowledge && route.plainProxy() == null));
    }
}
