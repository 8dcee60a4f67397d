package dev.heddle.http.internal.syntax;

import java.util.Set;
import java.util.TreeSet;

/**
 * A method of HTTP that everybody knows, with what it promises: those of RFC 9110, PATCH (RFC 5789) and QUERY (RFC
 * 10008), as IANA's registry of methods said in 2026-06. Others are taken for neither safe nor idempotent.
 *
 * <p>All that decides by a method asks here, so that a new one is a line of this list.
 */
public enum HttpMethod {
    GET(Effect.NONE, false),
    HEAD(Effect.NONE, false),
    OPTIONS(Effect.NONE, false),
    TRACE(Effect.NONE, false),
    QUERY(Effect.NONE, true),
    PUT(Effect.SAME_AS_ONCE, true),
    DELETE(Effect.SAME_AS_ONCE, false),
    POST(Effect.EACH_TIME, true),
    PATCH(Effect.EACH_TIME, true),
    CONNECT(Effect.EACH_TIME, false);

    /** What a request changes at the server. */
    private enum Effect {
        NONE,
        SAME_AS_ONCE,
        EACH_TIME
    }

    private static final Set<String> NAMES = names();

    private final Effect effect;
    private final boolean body;

    HttpMethod(Effect effect, boolean body) {
        this.effect = effect;
        this.body = body;
    }

    private static Set<String> names() {
        Set<String> names = new TreeSet<>();
        for (HttpMethod method : values()) {
            names.add(method.name());
        }
        return names;
    }

    /** The names of those that a resource may answer: all but CONNECT, which opens a tunnel through a proxy. */
    public static Set<String> ofResources() {
        Set<String> names = names();
        names.remove(CONNECT.name());
        return names;
    }

    /** Whether a request changes nothing at the server (RFC 9110, section 9.2.1). */
    public static boolean isSafe(String method) {
        return NAMES.contains(method) && valueOf(method).effect == Effect.NONE;
    }

    /** Whether to send a request twice has the effect of once (RFC 9110, section 9.2.2). */
    public static boolean isIdempotent(String method) {
        return NAMES.contains(method) && valueOf(method).effect != Effect.EACH_TIME;
    }

    /** Whether the meaning of a request includes a body, so that one without says so (RFC 9110, section 8.6). */
    public static boolean hasBody(String method) {
        return NAMES.contains(method) && valueOf(method).body;
    }
}
