package dev.heddle.http.internal.server;

import dev.heddle.Heddle;
import dev.heddle.http.Headers;
import dev.heddle.http.internal.codec.RequestHead;
import dev.heddle.http.internal.proxy.TrustedProxies;
import dev.heddle.internal.RequestScope;
import dev.heddle.internal.TraceScope;
import dev.heddle.io.ByteStream;
import dev.heddle.trace.TraceContext;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The bindings around all that a request causes: the trace that it brings along, and its id. */
final class RequestScopes {

    /** Longer ones are somebody's attempt, and each line of a log would have them. */
    private static final int MAX_ID = 128;

    private RequestScopes() {}

    /** What to bind; null for nothing. */
    static ScopedValue.@Nullable Carrier of(ConnectionSettings settings, RequestHead head, ByteStream connection) {
        ScopedValue.Carrier scopes = null;
        TraceContext trace = trace(head.headers());
        if (trace != null) {
            scopes = ScopedValue.where(TraceScope.CURRENT, trace);
        }
        String field = settings.requestIdField();
        if (field != null) {
            String id = id(settings.proxies(), head.headers(), field, connection);
            scopes = scopes == null
                    ? ScopedValue.where(RequestScope.CURRENT, id)
                    : scopes.where(RequestScope.CURRENT, id);
        }
        return scopes;
    }

    /** The context of a request; null if it has none, or one that means nothing (W3C Trace Context, section 3.2). */
    private static @Nullable TraceContext trace(Headers headers) {
        if (headers.first("traceparent") == null) {
            return null;
        }
        List<String> parents = headers.all("traceparent");
        return parents.size() > 1
                ? null
                : TraceContext.parse(parents.getFirst(), String.join(",", headers.all("tracestate"))).orElse(null);
    }

    /** That of a proxy of ours, if it has given one that may stand in a log; else a new one. */
    private static String id(TrustedProxies proxies, Headers headers, String field, ByteStream connection) {
        String given = headers.first(field);
        return given != null && headers.count(field) == 1 && isId(given) && proxies.trusts(connection)
                ? given
                : random() + random();
    }

    private static boolean isId(String text) {
        if (text.isEmpty() || text.length() > MAX_ID) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
            if (!plain && "-._:/+=@".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    /** Of the loop's engine: a simulation gives the same ids again. */
    private static String random() {
        return HexFormat.of().toHexDigits(Heddle.currentLoop().engine().random());
    }
}
