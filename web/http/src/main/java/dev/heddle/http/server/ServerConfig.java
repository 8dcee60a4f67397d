package dev.heddle.http.server;

import dev.heddle.http.Http2Limits;
import dev.heddle.http.JsonCodec;
import dev.heddle.http.internal.proxy.TrustedProxies;
import dev.heddle.http.internal.server.ConnectionSettings;
import dev.heddle.http.internal.server.ExchangeLog;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The configuration with which a server was built; the same for all its loops.
 *
 * @param handler answers all requests
 * @param healthPaths the routes that watchers ask
 * @param pages what peers see of errors
 * @param proxies whom to believe about where requests come from
 * @param requestIdField the field with the ids of requests; null if they have none
 * @param accessLog hears of each request; null for none
 * @param drainDelay how long a stopping server goes on accepting
 * @param json reads and writes JSON; null for the codec that is found
 * @param http2 null if it is not spoken
 * @param http3 whether it is spoken too
 */
record ServerConfig(
        Handler handler,
        Set<String> healthPaths,
        ServerLimits limits,
        ErrorPages pages,
        TrustedProxies proxies,
        @Nullable String requestIdField,
        @Nullable Consumer<? super AccessRecord> accessLog,
        Duration drainDelay,
        @Nullable JsonCodec json,
        @Nullable Http2Limits http2,
        boolean http3) {

    /** What connections are to know of it. */
    ConnectionSettings ofConnections() {
        return new ConnectionSettings(limits.ofConnections(), http2 == null ? null : limits.http2(http2), proxies,
                requestIdField, accessLog == null ? null : log(accessLog));
    }

    /** The log of users; when it fails, the server's own log tells. */
    private ExchangeLog log(Consumer<? super AccessRecord> records) {
        return (begun, head, connection, status, bodyBytes, time) -> {
            try {
                records.accept(AccessRecord.of(begun, head, proxies, connection, status, bodyBytes, time));
            } catch (RuntimeException e) {
                ServerLog.accessLogFailed(e);
            }
        };
    }
}
