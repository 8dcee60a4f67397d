package dev.heddle.http.internal.server;

import dev.heddle.http.internal.http2.Http2Options;
import dev.heddle.http.internal.proxy.TrustedProxies;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a server that its connections go by; the same for all its loops.
 *
 * @param http2 null if it is not spoken
 * @param proxies whom to believe about where requests come from
 * @param requestIdField the field with the ids of requests; null if they have none
 * @param log hears of each exchange; null for none
 */
public record ConnectionSettings(
        ConnectionLimits limits,
        @Nullable Http2Options http2,
        TrustedProxies proxies,
        @Nullable String requestIdField,
        @Nullable ExchangeLog log) {}
