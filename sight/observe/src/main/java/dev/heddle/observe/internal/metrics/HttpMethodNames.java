package dev.heddle.observe.internal.metrics;

import java.util.Set;

/**
 * The methods of HTTP that metrics and spans tell apart: those of RFC 9110, PATCH (RFC 5789) and QUERY (RFC 10008), as
 * OpenTelemetry's conventions have them (2026-11). Peers may make up others, which have one name for all.
 */
public final class HttpMethodNames {

    /** The name for all others. */
    public static final String OTHER = "_OTHER";

    private static final Set<String> KNOWN = Set.of("CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST",
            "PUT", "QUERY", "TRACE");

    private HttpMethodNames() {}

    /** Whether a method has a name of its own. */
    public static boolean isKnown(String method) {
        return KNOWN.contains(method);
    }

    /** All that have. */
    public static Set<String> known() {
        return KNOWN;
    }
}
